"""An array of 1T-1MTJ cells: a row is a word on a word line, a column has a bit line, a source line, its periphery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.mram.column import add_bias, add_sense_amplifier, add_word_driver, add_write_driver
from spinspice.cells.mram.parts import MeteredCircuit
from spinspice.cells.mram.sizing import MemorySizing, memory_supply, size_memory
from spinspice.cmos import Technology, get_technology
from spinspice.devices import Macrospin
from spinspice.devices.noise import seed_text
from spinspice.errors import CircuitError, check_range

#: Blocks of an array, in the order of reports.
BLOCKS = ("cells", "lines", "word", "write", "sense", "bias")


class MemoryArray(MeteredCircuit):
    """ST-MRAM of R words by C bits with word drivers, write drivers and sense amplifiers, as a PySpice subcircuit.

        word<r> --|>o--|>o-- wl<r>_0 -----------------+--- wl<r>_1 ...
                                                      |
        setp<c>, read --[write driver]-- bl<c>_<r> --[mtj]--|[--- sl<c>_<r> --[write driver]-- setap<c>
                                           |
                            sense --[sense amplifier: bias, reference]-- out<c>, outn<c>

    Ports: vdd, vbit, read, bias, sense, word<r>, setp<c>, setap<c>, out<c>, outn<c>; ground is node 0. What they do is
    said in :mod:`spinspice.cells.mram.column`. Inside: ``bl<c>_<r>``, ``sl<c>_<r>`` (lines at row r, counted from the
    drivers), ``wl<r>_<c>``, and of the junction ``j<r>_<c>`` the state nodes ``j<r>_<c>_mz`` and the ammeter of the
    current free to ref, :meth:`junction_current`.

    Parameters
    ----------
    device : Macrospin
        Junction of every cell.
    technology : Technology or str
    rows, columns : int
        1 to 64 each.
    vdd : float, optional
        Supply [V]; by default 1.2 V where the models allow it, else the technology's own.
    sizing : MemorySizing, optional
        By default :func:`~spinspice.cells.mram.size_memory`.
    state : array of 0 and 1, shape (rows, columns), optional
        Bits at the start, 1 = antiparallel; default all parallel.
    tilt : (polar, azimuth), arrays of shape (rows, columns), optional
        Angle [rad] of each magnet from the pole of its state, and azimuth. Default: those of the device.
    readable : bool
        Whether there are sense amplifiers and their bias; leave them out to study writes alone, at a third of the cost.
    metered : bool
        Ammeters at every pin, for an energy audit.

    Raises
    ------
    CircuitError
        For a state that is not 0 or 1, or shapes that do not fit.
    ParameterError
        For a size out of range.
    """

    def __init__(
        self,
        device: Macrospin,
        technology: Technology | str = "generic",
        *,
        rows: int = 8,
        columns: int = 8,
        vdd: float | None = None,
        sizing: MemorySizing | None = None,
        state: ArrayLike | None = None,
        tilt: tuple[ArrayLike, ArrayLike] | None = None,
        readable: bool = True,
        metered: bool = False,
    ) -> None:
        for name, value in (("rows", rows), ("columns", columns)):
            check_range(name, value, 1, 64, where="MemoryArray")
        technology = get_technology(technology) if isinstance(technology, str) else technology
        self.rows, self.columns = int(rows), int(columns)
        self.device = device
        self.vdd = memory_supply(technology, vdd)
        self.sizing = sizing or size_memory(device, technology, self.vdd)
        self.readable = readable
        self.state = self._checked_state(state)
        self.tilt = self._checked_tilt(tilt)
        super().__init__("mram", self._ports(), technology, metered=metered)
        self._build()
        self.close()

    def rebuilt(self, **changes: Any) -> Self:
        """Return the same array with other arguments."""
        same: dict[str, Any] = {
            "device": self.device,
            "technology": self.technology,
            "rows": self.rows,
            "columns": self.columns,
            "vdd": self.vdd,
            "sizing": self.sizing,
            "state": self.state,
            "tilt": self.tilt,
            "readable": self.readable,
            "metered": self.metered,
        }
        return type(self)(**(same | changes))

    def junction_current(self, row: int, column: int, instance: str = "x1") -> str:
        """Return the signal of the current of a junction, free to ref: positive favours P."""
        return self.current_signal(f"vi_j{row}_{column}", instance)

    def mz(self, row: int, column: int, instance: str = "x1") -> str:
        """Return the signal of mz of a cell, +1 parallel, -1 antiparallel."""
        return self.node_signal(f"j{row}_{column}_mz", instance)

    def _ports(self) -> tuple[str, ...]:
        words = [f"word{r}" for r in range(self.rows)]
        names = ("setp", "setap", "out", "outn") if self.readable else ("setp", "setap")
        per_column = [f"{name}{c}" for name in names for c in range(self.columns)]
        reading = ("bias", "sense") if self.readable else ()
        return ("vdd", "vbit", "read", *reading, *words, *per_column)

    def _checked_state(self, state: ArrayLike | None) -> NDArray[np.int64]:
        bits = np.zeros((self.rows, self.columns), dtype=int) if state is None else np.asarray(state)
        if bits.shape != (self.rows, self.columns) or not np.isin(bits, (0, 1)).all():
            raise CircuitError(
                f"state of a {self.rows} x {self.columns} MemoryArray must be that many bits 0 (P) or 1 (AP), "
                f"got shape {bits.shape} with values {np.unique(bits)[:4].tolist()}."
            )
        return bits.astype(int)

    def _checked_tilt(self, tilt: tuple[ArrayLike, ArrayLike] | None) -> tuple[NDArray, NDArray]:
        shape = (self.rows, self.columns)
        angles: Sequence[ArrayLike] = (self.device.theta0, self.device.phi0) if tilt is None else tilt
        polar, azimuth = (np.asarray(angle, dtype=float) for angle in angles)
        if any(a.shape not in ((), shape) or not np.isfinite(a).all() for a in (polar, azimuth)):
            raise CircuitError(
                f"tilt of a {self.rows} x {self.columns} MemoryArray: polar angle and azimuth [rad] of that shape, "
                f"got {polar.shape} and {azimuth.shape}."
            )
        return np.broadcast_to(polar, shape), np.broadcast_to(azimuth, shape)

    def _build(self) -> None:
        size = self.sizing
        for row in range(self.rows):
            add_word_driver(self, size, row, f"wl{row}_0")
            self._line(f"wl{row}", self.columns)
        for column in range(self.columns):
            add_write_driver(self, size, column, f"bl{column}_0", f"sl{column}_0")
            if self.readable:
                add_sense_amplifier(self, size, column, f"bl{column}_0")
            self._line(f"bl{column}", self.rows)
            self._line(f"sl{column}", self.rows)
            for row in range(self.rows):
                self._cell(row, column)
        if self.readable:
            add_bias(self, size)

    def _line(self, name: str, cells: int) -> None:
        """Place a line as one resistor and one capacitor a cell; its driver is at node <name>_0."""
        for k in range(cells):
            self.capacitor("lines", f"c{name}_{k}", f"{name}_{k}", self.sizing.C_cell)
            if k:
                self.resistor("lines", f"r{name}_{k}", f"{name}_{k - 1}", f"{name}_{k}", self.sizing.R_cell)

    def _cell(self, row: int, column: int) -> None:
        """Place a junction from the bit line to its access transistor, free layer on the bit line."""
        name, inner = f"j{row}_{column}", f"x{row}_{column}"
        polar = float(self.tilt[0][row, column])
        theta = np.pi - polar if self.state[row, column] else polar
        device = self.device.replace(theta0=theta, phi0=float(self.tilt[1][row, column]))
        self.junction("cells", name, device, f"bl{column}_{row}", inner, seed_text(name))
        width = self.sizing.w_access
        self.transistor("n", "cells", f"a{row}_{column}", inner, f"wl{row}_{column}", f"sl{column}_{row}", width)
