"""What every compact model has in common: a frozen set of SI parameters and a name that all realisations share.

A device knows no circuit and no engine. In a circuit it is an instance of the subcircuit named :attr:`Device.model`;
which library that subcircuit comes from (Verilog-A or B-sources) is decided when the circuit is run.

Sign, stated once: voltage and current of a junction count positive from ``free`` to ``ref`` and then favour the
parallel state (conventional current from ``free`` to ``ref`` is electrons from the reference into the free layer).
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, ClassVar, Self

from spinspice.errors import CircuitError, ParameterError, check_range, did_you_mean
from spinspice.units import format_number, parse_number


def parameter(
    default: float,
    unit: str,
    meaning: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    hint: str = "",
) -> Any:
    """Declare a numeric parameter of a device: default [SI], unit, meaning and allowed range."""
    return dataclasses.field(
        default=default,
        metadata={"unit": unit, "meaning": meaning, "low": low, "high": high, "open_low": open_low, "hint": hint},
    )


def positive(default: float, unit: str, meaning: str, **more: Any) -> Any:
    """Declare a parameter that must be greater than zero (and finite)."""
    return parameter(default, unit, meaning, low=0.0, high=more.pop("high", 1e300), open_low=True, **more)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Device:
    """Base of the compact models. Fields are the parameters of the Verilog-A module, SI; see the subclasses."""

    #: Name of the subcircuit and of the Verilog-A module.
    model: ClassVar[str]
    #: Ports, in order: the terminals of the junction, then its state nodes.
    ports: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            where = f"{type(self).__name__}.{field.name}: {field.metadata['meaning']}"
            number = check_range(
                field.name,
                parse_number(value, field.name) if isinstance(value, str) else value,
                field.metadata["low"],
                field.metadata["high"],
                unit=field.metadata["unit"],
                where=where,
                hint=field.metadata["hint"],
                open_low=field.metadata["open_low"],
            )
            object.__setattr__(self, field.name, number)

    def replace(self, **changes: float | str) -> Self:
        """Return a copy with some parameters changed.

        Raises
        ------
        ParameterError
            For an unknown name (with the closest known one) or a value outside its range.
        """
        known = [field.name for field in dataclasses.fields(self)]
        for name in changes:
            if name not in known:
                raise ParameterError(f"{type(self).__name__} has no parameter {name!r}. {did_you_mean(name, known)}")
        return dataclasses.replace(self, **changes)

    def parameters(self) -> dict[str, float]:
        """Return all parameters, SI, by name."""
        return dataclasses.asdict(self)

    def instance_parameters(self, seed: int | str = 1) -> dict[str, str]:
        """Return what an instance of the subcircuit is given, as text.

        Parameters
        ----------
        seed : int or str
            Seed of the instance (0 to 2**31 - 1), or a SPICE expression such as ``"{seed}"``.
        """
        if not isinstance(seed, str):
            seed = format_number(check_range("seed", seed, 0, 2**31 - 1, where="seed of a junction"))
        return {name: format_number(value) for name, value in self.parameters().items()} | {"seed": seed}

    def add_to(self, circuit: Any, name: str, *nodes: str, seed: int | str = 1) -> Any:
        """Add an instance to a PySpice ``Circuit`` or ``SubCircuit`` and return its element.

        Parameters
        ----------
        circuit : PySpice.Spice.Netlist.Netlist
        name : str
            Name of the element, without its letter X.
        *nodes : str
            Nodes for :attr:`ports`, in order. State nodes may be left out: they get names from ``name``.
        seed : int or str
            As for :meth:`instance_parameters`.
        """
        ports = self.ports
        if len(nodes) > len(ports) or len(nodes) < 2:
            raise CircuitError(
                f"{type(self).__name__} {name!r} got {len(nodes)} nodes {nodes}; it has the ports {', '.join(ports)} "
                "(state nodes may be left out from the right)."
            )
        nodes += tuple(f"{name}_{port}" for port in ports[len(nodes) :])
        return circuit.X(name, self.model, *nodes, **self.instance_parameters(seed))
