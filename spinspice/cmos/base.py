"""What a transistor technology is to a cell: model cards, a supply, and two functions that place transistors.

A cell knows transistors only through :class:`Technology`, so a process whose devices are plain ``M`` elements with
metres and one whose devices are subcircuits with micrometres look alike to it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

import numpy as np

from spinspice.cmos.bins import Binned, Size
from spinspice.cmos.mismatch import Pelgrom
from spinspice.cmos.placed import DeviceLibrary
from spinspice.cmos.traits import DEFAULT, Traits
from spinspice.devices.noise import SEED_LIMIT, instance_seed, normal
from spinspice.errors import UsageError, check_range, did_you_mean
from spinspice.results import Grid, Summarised

#: Widths are drawn on this grid [m].
GRID = 1e-9


def tidy(value: float) -> float:
    """Return a size without the rounding noise of its last digits, so that decks read well.

    >>> tidy(771 * 1e-9)
    7.71e-07
    """
    return float(f"{value:.6g}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Transistor:
    """How one polarity of a technology is written.

    Parameters
    ----------
    name : str
        Model or subcircuit name.
    element : {"M", "X"}
        SPICE element: a model card is placed with M, a subcircuit with X.
    unit : float
        Length unit of the w and l parameters [m]: 1.0, or 1e-6 for a process that counts in micrometres.
    diffusion : float
        Length of the source and drain regions [m], from which junction areas and perimeters follow; 0 leaves them
        to the model.
    spread : tuple of str
        Parameters that take standard normal numbers, by which one device differs from the next.
    pelgrom : Pelgrom, optional
        Law by which BSIM4 transistors placed with M differ, where ``spread`` is empty.
    count : str
        Further parameter of a subcircuit that takes the number of devices in parallel, or empty.
    """

    name: str
    element: Literal["M", "X"] = "M"
    unit: float = 1.0
    diffusion: float = 0.0
    spread: tuple[str, ...] = ()
    pelgrom: Pelgrom | None = None
    count: str = ""

    def add_to(
        self,
        circuit: Any,
        name: str,
        nodes: tuple[str, str, str, str],
        *,
        w: float,
        l: float,  # noqa: E741
        m: int,
        mismatch: int | None = None,
    ) -> Any:
        """Place a transistor in a PySpice netlist; nodes are drain, gate, source, bulk, sizes in metres.

        ``mismatch`` is the seed of this device's deviation from the next, None for none.
        """
        w_text, l_text = tidy(w / self.unit), tidy(l / self.unit)
        if self.element == "X":
            given: dict[str, Any] = {"w": w_text, "l": l_text}
            if self.diffusion:
                area = tidy(w * self.diffusion / self.unit**2)
                perimeter = tidy(2.0 * (w + self.diffusion) / self.unit)
                given |= {"ad": area, "as": area, "pd": perimeter, "ps": perimeter}
            if self.count:
                given[self.count] = m
            if mismatch is not None:
                given |= {key: tidy(float(normal(mismatch, 0, k))) for k, key in enumerate(self.spread)}
            if m != 1:
                given["m"] = m
            return circuit.X(name, self.name, *nodes, **given)
        sizes: dict[str, Any] = {"model": self.name, "width": w_text, "length": l_text}
        if self.diffusion:
            area, perimeter = tidy(w * self.diffusion), tidy(2.0 * (w + self.diffusion))
            sizes |= {"drain_area": area, "source_area": area}
            sizes |= {"drain_perimeter": perimeter, "source_perimeter": perimeter}
        if m != 1:
            sizes["multiplier"] = m
        if mismatch is not None and self.pelgrom is not None:
            shifts = self.pelgrom.parameters((float(normal(mismatch, 0, 0)), float(normal(mismatch, 0, 1))), w, l, m)
            sizes["raw_spice"] = " ".join(f"{key}={tidy(value)!r}" for key, value in shifts.items())
        return circuit.M(name, *nodes, **sizes)


@dataclasses.dataclass(frozen=True, kw_only=True)
class HalfSupply:
    """Drain current with gate and drain both at half the supply: what a divider in its middle carries.

    A table, measured once at the typical corner and 300 K and kept with the technology, so that a cell can be sized
    without a simulator; ``tests/systems/test_cells_sizing.py`` measures it again.

    Parameters
    ----------
    vdd : tuple of float
        Supplies [V].
    lengths : tuple of float
        Drawn channel lengths [m], rising.
    n, p : tuple of tuple of float
        Current over drawn width [A/m], one row a length, one column a supply.
    """

    vdd: tuple[float, ...]
    lengths: tuple[float, ...]
    n: tuple[tuple[float, ...], ...]
    p: tuple[tuple[float, ...], ...]

    def current(self, polarity: Literal["n", "p"], length: float, vdd: float) -> float:
        """Return the current over width [A/m] at a length of the table and any supply between its ends.

        The logarithm is interpolated by the polynomial through all supplies of the table.
        """
        index = int(np.argmin(np.abs(np.asarray(self.lengths) - length)))
        check_range(
            "length",
            length,
            self.lengths[index] - GRID / 2,
            self.lengths[index] + GRID / 2,
            unit="m",
            where=f"half-supply current; the table holds {', '.join(f'{x:g}' for x in self.lengths)} m",
        )
        row = (self.n if polarity == "n" else self.p)[index]
        mean = float(np.mean(self.vdd))
        fit = np.polyfit(np.asarray(self.vdd) - mean, np.log(row), len(self.vdd) - 1)
        return float(np.exp(np.polyval(fit, vdd - mean)))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Technology(Summarised):
    """A transistor technology at one corner.

    Parameters
    ----------
    name, corner : str
    vdd : float
        Supply a cell uses unless told otherwise [V].
    vdd_range : (float, float)
        Supplies for which the models are meant [V].
    cards : str
        SPICE text of the models. A cell carries it inside its own subcircuit, so that the cell is complete by itself
        and two technologies can meet in one circuit.
    n, p : Transistor
    l_min, w_min : float
        Smallest drawn channel length and width [m].
    half_supply : HalfSupply
        Currents from which cells are sized.
    corners : tuple of str
        Names that :func:`spinspice.cmos.get_technology` takes.
    licence, note : str
        Terms of the models, and what they are.
    grid : float
        Widths are drawn on this grid [m].
    l_inverter, l_buffer : float, optional
        Channel lengths [m] of a cell's inverters and analog buffer, where the usual choice of
        :meth:`spinspice.cells.Sizing.for_junction` does not suit the technology.
    binned : Binned, optional
        The same cards by size of transistor, so that a cell carries those that it uses.
    library : DeviceLibrary, optional
        Devices of the foundry that a netlist places by name, with the parameters of the foundry's subcircuits.
    verilog_a : tuple of str
        Verilog-A files that the cards need; a testbench made of a cell hands them to the engine.
    licence_files : tuple of str
        Files with the terms of models that others wrote, which go along where their Verilog-A is copied to. Without
        one it is not copied.
    traits : Traits
        Constants of circuits drawn in the technology.
    mismatch : int, optional
        Seed by which transistors that are drawn alike differ; None for none. See :meth:`with_mismatch`.
    """

    name: str
    corner: str
    vdd: float
    vdd_range: tuple[float, float]
    cards: str
    n: Transistor
    p: Transistor
    l_min: float
    w_min: float
    half_supply: HalfSupply
    corners: tuple[str, ...]
    licence: str
    note: str
    grid: float = GRID
    l_inverter: float | None = None
    l_buffer: float | None = None
    binned: Binned | None = None
    library: DeviceLibrary | None = None
    verilog_a: tuple[str, ...] = ()
    licence_files: tuple[str, ...] = ()
    traits: Traits = DEFAULT
    mismatch: int | None = None

    def _summary(self) -> str:
        drawn = "" if self.mismatch is None else f", mismatch {self.mismatch}"
        return f"{self.name}:{self.corner}, {self.vdd:g} V{drawn}; {self.note}"

    def _grids(self) -> tuple[Grid, ...]:
        low, high = self.vdd_range
        rows = (
            ("corner", f"{self.corner} of {', '.join(self.corners)}"),
            ("supply", f"{self.vdd:g} V, meant for {low:g} to {high:g} V"),
            ("smallest channel", f"{1e9 * self.l_min:.4g} nm long, {1e9 * self.w_min:.4g} nm wide"),
            ("models", self.note),
            ("licence", self.licence),
        )
        return (Grid(self.name, ("", ""), rows),)

    def with_mismatch(self, seed: int) -> Self:
        """Return the technology with transistors that differ as its mismatch model says, drawn from ``seed``.

        What a transistor gets depends on the seed, the name of the circuit it is placed in and its own name, on
        nothing else. All instances of one subcircuit are alike: give cells different names, or one technology each.
        In an imported netlist every instance differs.

        Raises
        ------
        UsageError
            If the technology has no model of mismatch.
        """
        check_range("mismatch", seed, 0, SEED_LIMIT - 1, where="seed of the transistors")
        if not self.n.spread and self.n.pelgrom is None:
            raise UsageError(f"{self.name} has no model of transistor mismatch. Use generic, sky130 or sg13g2.")
        return dataclasses.replace(self, mismatch=seed)

    def cards_for(self, sizes: Iterable[Size]) -> str:
        """Return the cards that transistors of these sizes use; all of them where they do not depend on the size.

        Raises
        ------
        ParameterError
            For a size that the models do not cover.
        """
        if self.binned is None:
            return self.cards
        return self.binned.for_sizes((polarity, *self.drawn(w, length)) for polarity, w, length in sizes)

    def drawn(self, w: float, length: float) -> tuple[float, float]:
        """Return width and length [m] as they are written in a deck, on the grid."""
        unit = self.n.unit
        return tidy(self.grid * round(w / self.grid) / unit) * unit, tidy(length / unit) * unit

    def nmos(
        self,
        circuit: Any,
        name: str,
        d: str,
        g: str,
        s: str,
        b: str,
        *,
        w: float,
        l: float | None = None,  # noqa: E741
        m: int = 1,
    ) -> Any:
        """Place an n-channel transistor in a PySpice netlist and return its element.

        Parameters
        ----------
        circuit : PySpice.Spice.Netlist.Netlist
        name : str
            Element name without its letter.
        d, g, s, b : str
            Nodes of drain, gate, source and bulk.
        w, l : float
            Drawn channel width and length [m]; ``l`` defaults to :attr:`l_min`.
        m : int
            Number of devices in parallel.

        Raises
        ------
        ParameterError
            For a size below the smallest that can be drawn.
        """
        return self._place(self.n, circuit, name, (d, g, s, b), w, l, m)

    def pmos(
        self,
        circuit: Any,
        name: str,
        d: str,
        g: str,
        s: str,
        b: str,
        *,
        w: float,
        l: float | None = None,  # noqa: E741
        m: int = 1,
    ) -> Any:
        """Place a p-channel transistor; arguments as for :meth:`nmos`."""
        return self._place(self.p, circuit, name, (d, g, s, b), w, l, m)

    def _place(
        self,
        kind: Transistor,
        circuit: Any,
        name: str,
        nodes: tuple[str, str, str, str],
        w: float,
        length: float | None,
        m: int,
    ) -> Any:
        length = self.l_min if length is None else length
        where = f"transistor {name!r} in {self.name}"
        check_range("w", w, self.w_min, 1e-3, unit="m", where=where, hint="Sizes are in metres")
        check_range("l", length, self.l_min, 1e-4, unit="m", where=where, hint="Sizes are in metres")
        check_range("m", m, 1, 1000, where=where)
        seed = None
        if self.mismatch is not None:
            seed = instance_seed(self.mismatch, f"{getattr(circuit, 'name', '')}/{name}")
        w, length = self.drawn(w, length)
        return kind.add_to(circuit, name, nodes, w=w, l=length, m=int(m), mismatch=seed)

    def supply(self, preferred: float | None = None) -> float:
        """Return ``preferred`` [V] if the models are meant for it, else the technology's own supply."""
        low, high = self.vdd_range
        return preferred if preferred is not None and low <= preferred <= high else self.vdd

    def check_vdd(self, vdd: float) -> float:
        """Return a supply voltage [V] that the models are meant for.

        Raises
        ------
        ParameterError
            Outside :attr:`vdd_range`.
        """
        hint = f"The models of {self.name} are meant for this range"
        return check_range("vdd", vdd, *self.vdd_range, unit="V", where=f"supply of a {self.name} cell", hint=hint)


def check_corner(corner: str, corners: Mapping[str, Any], technology: str) -> str:
    """Return ``corner`` in lower case if the technology has it.

    Raises
    ------
    UsageError
        With the closest known name.
    """
    if corner.lower() not in corners:
        raise UsageError(f"{technology} has no corner {corner!r}. {did_you_mean(corner.lower(), corners)}")
    return corner.lower()
