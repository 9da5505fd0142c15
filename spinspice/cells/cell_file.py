"""Cell files: a TOML file that says what the ports and junctions of a designer's own SPICE subcircuit are.

``docs/import.md`` lists the keys. File and netlist are data: they are read and checked, nothing in them is run.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from spinspice.cells.cell import Probes
from spinspice.cells.description import (
    SEE,
    check_clocks,
    check_keys,
    read_blocks,
    read_idle,
    read_junctions,
    read_name,
    read_ports,
    read_sources,
    read_table,
    read_text,
    read_volts,
)
from spinspice.cells.design import Design
from spinspice.cells.foundry import check_foundry_parts, chosen_technology, multiplied_resistors, placed_with
from spinspice.cells.imported import ImportedCell
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cells.parameters import with_parameters
from spinspice.cmos import Technology, get_technology
from spinspice.devices import Device, models, two_terminal_models
from spinspice.errors import NetlistError, UsageError, check_range, did_you_mean
from spinspice.netlist.subcircuit import check_masters, read_library
from spinspice.toml import read_toml

_TOP = (
    "netlist",
    "subckt",
    "name",
    "vdd",
    "supply",
    "cmos",
    "preset",
    "ports",
    "bias",
    "sources",
    "idle",
    "common_mode",
    "junctions",
    "blocks",
    "parameters",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CellFile:
    """A cell as a file describes it; calling it with a junction gives the cell, like the class of a built-in one.

    Parameters
    ----------
    design : Design
        The circuit.
    vdd : float, optional
        Supply [V]; without one the technology's.
    cmos, preset : str
        Technology and junction that are used unless others are asked for; empty for none.
    corner : str
        Corner of the technology that the netlist asks for, by the foundry's library that it reads; empty for none.
    """

    design: Design
    vdd: float | None = None
    cmos: str = ""
    preset: str = ""
    corner: str = ""
    #: The file, in full; empty for one that was made of a mapping.
    path: str = ""

    @property
    def kind(self) -> str:
        """Name of the cell."""
        return self.design.name

    @property
    def technology(self) -> str:
        """Technology with its corner where the netlist names one; empty for none."""
        return f"{self.cmos}:{self.corner}" if self.corner else self.cmos

    @property
    def needs_junction(self) -> bool:
        """Whether a junction has no device of its own."""
        return any(junction.device is None for junction in self.design.junctions)

    def with_parameters(self, values: Mapping[str, Any]) -> Self:
        """Return it with parameters of the netlist set to numbers.

        Raises
        ------
        UsageError
            For a name that is no parameter, or a value that is no number.
        """
        return dataclasses.replace(self, design=with_parameters(self.design, values, self.kind)) if values else self

    def __call__(
        self,
        device: Device | None = None,
        technology: Technology | str | None = None,
        *,
        vdd: float | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> ImportedCell:
        """Return the cell.

        Parameters
        ----------
        device : Device, optional
            Junction of every element for which neither file nor netlist describes one.
        technology : Technology or str, optional
            Transistors, if not those of the file.
        vdd : float, optional
            Supply [V].
        probes, name
            As for :class:`~spinspice.cells.ImportedCell`.

        Raises
        ------
        UsageError
            If there is no junction or no supply.
        CircuitError
            If an element has no model.
        """
        technology = technology or self.technology or None
        made = get_technology(technology) if isinstance(technology, str) else technology
        devices = {junction.name: junction.device or device for junction in self.design.junctions}
        missing = [junction for junction, chosen in devices.items() if chosen is None]
        if missing:
            raise UsageError(f"{self.kind}: no device for the junction {missing[0]}. Give a preset or a device.")
        supply = vdd if vdd is not None else self.vdd if self.vdd is not None else made.vdd if made else None
        if supply is None:
            raise UsageError(f"{self.kind} has no supply voltage. Write vdd = 0.8 into its file, or give --vdd.")
        check_range("vdd", supply, 0.0, 100.0, unit="V", where=f"supply of {self.kind}", open_low=True)
        _check_models(self.design, made)
        chosen = {junction: value for junction, value in devices.items() if value is not None}
        kind = OwnComparator if self.design.is_comparator else ImportedCell
        return kind(self.design, chosen, made, vdd=supply, probes=probes, name=name)

    @classmethod
    def load(cls, path: str | os.PathLike[str], trust: bool = False) -> Self:
        """Read a cell file and its netlist.

        Parameters
        ----------
        path : path
            A TOML file; the netlist is named relative to it.
        trust : bool
            As for :func:`spinspice.netlist.subcircuit.read_library`; a file cannot ask for it itself.

        Raises
        ------
        UsageError
            For a file that cannot be read, an unknown or missing key, a port, element or name that is not there.
        CircuitError
            For a line of the netlist that is not taken.
        """
        path = Path(path).expanduser()
        data = read_toml(path, "cell file", "docs/import.md")
        made = cls.from_dict(data, path.parent, where=path.name, trust=trust)
        return dataclasses.replace(made, path=str(path.absolute()))

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], folder: str | Path = ".", *, where: str = "cell", trust: bool = False
    ) -> Self:
        """Make one of nested mappings with the keys of the file; ``folder`` is where the netlist is looked for."""
        check_keys(data, _TOP, where)
        for key in ("netlist", "ports"):
            if key not in data:
                raise UsageError(f"{where} lacks {key}. {SEE}.")
        top = read_text(data.get("subckt", ""), f"{where}: subckt")
        library = read_library(Path(folder) / read_text(data["netlist"], f"{where}: netlist"), trust, top)
        subcircuit = library.subcircuit(top)
        bias = {
            node.lower(): read_volts(value, f"{where}: [bias] {node}")
            for node, value in read_table(data, "bias", where).items()
        }
        sources = read_sources(read_table(data, "sources", where), where)
        both = bias.keys() & sources.keys()
        if both:
            raise UsageError(f"{where}: {min(both)} stands in [bias] and in [sources]. Remove one.")
        held = dict.fromkeys(bias, "[bias]") | dict.fromkeys(sources, "[sources]")
        ports, comparator = read_ports(read_table(data, "ports", where), held, subcircuit, where)
        check_clocks(ports, sources, comparator, where)
        junctions = read_junctions(read_table(data, "junctions", where), subcircuit, where, needed=not comparator)
        roles = {node: role for role, node in ports.items()}
        name = read_name(data.get("name", subcircuit.name), f"{where}: name")
        if name in models():
            raise UsageError(f"{where}: name = {name!r} is a junction of spinspice. Choose another.")
        design = Design(
            name=name,
            subcircuit=subcircuit,
            outside=library.whole,
            ports=ports,
            bias={roles[node]: voltage for node, voltage in bias.items()},
            sources={port if port in ports else roles[port]: waveform for port, waveform in sources.items()},
            idle=read_idle(data, ports, where),
            common_mode=read_volts(data["common_mode"], f"{where}: common_mode") if "common_mode" in data else None,
            junctions=junctions,
            blocks=read_blocks(read_table(data, "blocks", where), subcircuit, junctions, where),
            single_ended=_is_single(data, ports, where),
            notes=(
                *library.notes,
                *placed_with(library.outside, subcircuit),
                *multiplied_resistors(subcircuit, library.whole),
            ),
        )
        design = with_parameters(design, read_table(data, "parameters", where), f"{where}: [parameters]")
        vdd = read_volts(data["vdd"], f"{where}: vdd") if "vdd" in data else None
        if vdd is not None:
            check_range("vdd", vdd, 0.0, 100.0, unit="V", where=where, open_low=True)
        texts = {key: read_text(data.get(key, ""), f"{where}: {key}") for key in ("cmos", "preset")}
        if ".toml" in texts["cmos"].lower():
            if not trust:
                raise UsageError(
                    f"{where}: cmos = {texts['cmos']!r} is a library that the simulator would obey as it is. Choose it "
                    "yourself (--cmos), or give --trust (trust=True)."
                )
            texts["cmos"] = str(Path(folder) / texts["cmos"])
        texts["cmos"], corner = chosen_technology(texts["cmos"], library.foundry, where)
        return cls(design=design, vdd=vdd, corner=corner, **texts)


def _is_single(data: Mapping[str, Any], ports: Mapping[str, str], where: str) -> bool:
    """Return whether the supply is from ground to vdd; without a port for vss it is."""
    supply = read_text(data.get("supply", "split" if "vss" in ports else "single"), f"{where}: supply")
    if supply not in ("split", "single"):
        raise UsageError(f"{where}: supply = {supply!r}. {did_you_mean(supply, ('split', 'single'))}")
    if supply == "split" and "vss" not in ports:
        raise UsageError(
            f'{where}: supply = "split" needs a port for vss, since the netlist uses ground itself. Write "single".'
        )
    return supply == "single"


def _check_names(design: Design, technology: Technology | None) -> None:
    """Refuse names of the netlist that spinspice has given to something else."""
    scopes, source = (design.outside, *design.outside.all_subcircuits()), design.outside.card.source
    ours = {technology.n.name.lower(), technology.p.name.lower()} if technology else set()
    ours |= set(technology.library.names) if technology and technology.library else set()
    for scope in scopes:
        if scope.name in models():
            raise scope.card.error(f"{scope.name} is a junction of spinspice. Give the subcircuit another name.")
        both = ours & {*scope.models, *scope.inner}
        if technology and both:
            raise NetlistError(f"{min(both)} stands in {source} and in the technology {technology.name}. Remove one.")
    if "seed" in {**design.outside.values, **design.subcircuit.values}:
        raise NetlistError(f"{source} sets the parameter seed, which is that of the junctions. Rename it.")


def _check_models(design: Design, technology: Technology | None) -> None:
    """Check that everything placed has its model or subcircuit."""
    native = two_terminal_models()
    known: dict[str, tuple[str, ...] | None] = {name: device.ports for name, device in native.items()}
    if technology is not None:
        known |= {technology.n.name.lower(): None, technology.p.name.lower(): None}
        if technology.library is not None:
            known |= {name: technology.library.ports(name) for name in technology.library.names}
    _check_names(design, technology)
    check_foundry_parts(design, technology)
    check_masters(design.subcircuit, (design.outside,), known)
    instances = {junction.element for junction in design.junctions}
    for part in (*design.subcircuit.all_parts(), *design.outside.all_parts()):
        if part.master in models() and design.subcircuit.parts.get(part.name) is not part:
            raise part.card.error(
                "a junction inside a subcircuit of the cell has no seed of its own. Place it in the cell itself."
            )
        assert part.master not in native or part.name in instances
