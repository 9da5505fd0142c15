"""Parameters that several studies take, each with its meaning, unit and range in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from spinspice.cells.comparator import TOPOLOGIES
from spinspice.devices.accuracy import ACCURACIES, Accuracy
from spinspice.devices.noise import SEED_LIMIT
from spinspice.studies.base import Point
from spinspice.studies.inputs import check_temperature
from spinspice.studies.parameter import Parameter
from spinspice.testbench import Testbench


def _technologies() -> Iterable[str]:
    """Return the names of all technologies."""
    from spinspice.cmos import technologies

    return (*technologies(), "or a TOML file of your own")


PRESET = Parameter(
    name="preset", meaning="junction; `spinspice presets` lists them", chosen="the cell's own", kind="object", form="P"
)
TECHNOLOGY = Parameter(
    name="technology",
    meaning="transistors",
    known=_technologies,
    chosen="that of the cell file, else generic",
    kind="text",
    form="T[:CORNER]",
    aliases=("cmos", "cmos_file"),
)
VDD = Parameter(name="vdd", meaning="supply", chosen="the preset's or the technology's", unit="V")
TEMPERATURE = Parameter(
    name="temperature",
    meaning="of transistors and junctions",
    chosen="300, and the junction's own",
    unit="K",
    low=1.0,
    high=1000.0,
    read=check_temperature,
)
MISMATCH = Parameter(
    name="mismatch",
    meaning="seed of the transistors, which then differ",
    chosen="all as drawn",
    kind="whole",
    low=0,
    high=SEED_LIMIT - 1,
    varied=False,
)
TRUST = Parameter(
    name="trust",
    meaning="of the netlist of a cell file: read includes outside its folder, leave out control blocks and commands",
    default=False,
    kind="flag",
    varied=False,
)
NETLIST = Parameter(
    name="parameters",
    meaning="a parameter of the netlist of a cell file, such as a size; may be given several times",
    default={},
    kind="table",
    aliases=("param",),
)


def accuracy(default: Accuracy) -> Parameter:
    """Return the parameter that says what runs must get right, with the default that fits what a study reports."""
    return Parameter(
        name="accuracy",
        meaning="what the time step must get right: the path of a macrospin, or its statistics, in half the time",
        default=default,
        kind="text",
        choices=ACCURACIES,
        varied=False,
    )


CELL_FILE = Parameter(
    name="cell",
    meaning="comparator of your own (ports with the roles inp, inn, clk), in place of a topology",
    kind="object",
    form="FILE.toml",
    varied=False,
)
TOPOLOGY = Parameter(
    name="topology",
    meaning="circuit of the comparator",
    chosen=TOPOLOGIES[0],
    kind="text",
    choices=tuple(TOPOLOGIES),
)


def repeats(meaning: str, default: int, low: int, high: int = 10_000) -> Parameter:
    """Return the parameter that says how often something is done with fresh noise or mismatch."""
    return Parameter(
        name="repeats",
        meaning=meaning,
        default=default,
        kind="whole",
        low=low,
        high=high,
        aliases=("trials",),
        varied=False,
    )


def other(parameter: Parameter, **changes: Any) -> Parameter:
    """Return a parameter with another default, range or text."""
    return dataclasses.replace(parameter, **changes)


def at_temperature(testbenches: Iterable[Testbench], point: Point) -> list[Testbench]:
    """Return runs at the temperature of a point, where it has one [K]."""
    kelvin = point["temperature"]
    return [bench if kelvin is None else bench.replace(temperature=kelvin) for bench in testbenches]


def changes_of(point: Point, *names: str) -> dict[str, Any]:
    """Return the values of parameters that were given, and the entries of tables, for the settings of a result."""
    kept = {name: point[name] for name in names if point[name] is not None}
    tables = {
        f"{name}.{key}": value
        for name, table in point.values.items()
        if isinstance(table, Mapping)
        for key, value in table.items()
    }
    return kept | tables
