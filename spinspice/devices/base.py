"""What every compact model has in common: a frozen set of SI parameters and a name that all realisations share.

A device knows no circuit and no engine. In a circuit it is an instance of the subcircuit named :attr:`Device.model`;
which library that subcircuit comes from (Verilog-A or B-sources) is decided when the circuit is run. What a run must
know of a junction (steps, durations, what can be resolved, what shows its state) the device says itself: nothing
outside this package asks which class it is. A subclass with a ``model`` of its own registers itself
(:mod:`spinspice.devices.registry`).

Sign, stated once: voltage and current of a junction count positive from ``free`` to ``ref`` and then favour the
parallel state (conventional current from ``free`` to ``ref`` is electrons from the reference into the free layer).
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from spinspice.devices.accuracy import check_accuracy
from spinspice.devices.files import Derived, Durations, ModelFiles, Trial
from spinspice.devices.keywords import unknown_parameter
from spinspice.devices.own import MODULES, load_own_models
from spinspice.errors import (
    CircuitError,
    ParameterError,
    PlausibilityWarning,
    UsageError,
    check_range,
    did_you_mean,
)
from spinspice.results import Grid, Summarised
from spinspice.units import engineering, format_number, parse_number

#: Parameters that the repr of a device shows.
MAX_SHOWN = 5


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
class Device(Summarised):
    """Base of the compact models. Fields are the parameters of the Verilog-A module, SI; see the subclasses.

    A subclass states its class attributes below and implements what runs ask for: :meth:`sample_step`,
    :meth:`durations` and :attr:`state_weights`. The other methods have defaults.
    """

    #: The models that have registered, by name; with those of installed packages: :func:`spinspice.devices.models`.
    known: ClassVar[dict[str, type[Device]]] = {}
    #: Name of the subcircuit and of the Verilog-A module.
    model: ClassVar[str]
    #: Ports, in order: the terminals of the junction, then its state nodes.
    ports: ClassVar[tuple[str, ...]]
    #: The first of the ports: those that a circuit must connect. Cells take junctions with ``free`` and ``ref`` alone.
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref")
    #: Folder with ``MODEL.va`` and ``MODEL.lib`` of a model from another package; None: spinspice's own folders.
    folder: ClassVar[Path | None] = None
    #: Realisations in libraries beside Verilog-A: those that the model has been written in.
    realisations: ClassVar[tuple[str, ...]] = ("verilog-a", "b-source")
    #: Options that a simulator needs for circuits with this model, as it spells them: simulator -> option -> value.
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = {}
    #: Parameters that follow from others and can be set in their place.
    derived: ClassVar[Mapping[str, Derived]] = {}
    #: Run that shows that the model works.
    trial: ClassVar[Trial | None] = None
    #: Limits of the law: what a reader of results must know.
    validity: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "model" in vars(cls):
            _register(cls)

    def __new__(cls, *positional: Any, **given: Any) -> Self:
        if positional:
            raise ParameterError(f"{cls.__name__} takes its parameters by name: {cls.__name__}(R_P=12.7e3, ...).")
        known = [field.name for field in dataclasses.fields(cls)]
        for name in given:
            if name not in known:
                raise ParameterError(unknown_parameter(cls.__name__, name, known))
        return super().__new__(cls)

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

    def doubts(self) -> tuple[str, ...]:
        """Return what is implausible about the parameters, one sentence each; results carry them as notes."""
        return ()

    def _warn(self) -> None:
        """Warn of :meth:`doubts`; the last thing that a subclass does when it is made."""
        for doubt in self.doubts():
            warnings.warn(f"{type(self).__name__}: {doubt}", PlausibilityWarning, stacklevel=4)

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
                raise ParameterError(unknown_parameter(type(self).__name__, name, known))
        return dataclasses.replace(self, **changes)

    def _summary(self) -> str:
        # Those that differ from their defaults first.
        fields = sorted(dataclasses.fields(self), key=lambda field: getattr(self, field.name) == field.default)
        first = [f"{field.name} = {_with_unit(self, field)}" for field in fields[:MAX_SHOWN]]
        return ", ".join([*first, f"{len(fields) - MAX_SHOWN} more"] if len(fields) > MAX_SHOWN else first)

    def _grids(self) -> tuple[Grid, ...]:
        rows = [(f.name, _with_unit(self, f), f.metadata["meaning"]) for f in dataclasses.fields(self)]
        return (Grid(self.model, ("parameter", "value", "meaning"), rows),)

    def parameters(self) -> dict[str, float]:
        """Return all parameters, SI, by name."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

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
        if len(nodes) > len(ports) or len(nodes) < len(self.terminals):
            raise CircuitError(
                f"{type(self).__name__} {name!r} got {len(nodes)} nodes {nodes}; it has the ports {', '.join(ports)} "
                "(state nodes may be left out from the right)."
            )
        nodes += tuple(f"{name}_{port}" for port in ports[len(nodes) :])
        return circuit.X(name, self.model, *nodes, **self.instance_parameters(seed))

    # What a run must know

    @classmethod
    def placed(cls, given: Mapping[str, float]) -> Self:
        """Return the device of an instance in a netlist, from the numbers ``given`` there; others have their default.

        Nothing is checked: a netlist may leave a parameter to an expression, which is a number only when it runs and
        NaN here.
        """
        device = object.__new__(cls)
        for field in dataclasses.fields(cls):
            object.__setattr__(device, field.name, given.get(field.name.lower(), field.default))
        return device

    @classmethod
    def model_files(cls) -> ModelFiles:
        """Where the realisations of the model stand."""
        return ModelFiles(cls.model, cls.folder)

    @classmethod
    def osdi_card(cls) -> str:
        """Return a subcircuit around the compiled Verilog-A module, for simulators with OSDI."""
        values = {field.name: cast(float, field.default) for field in dataclasses.fields(cls)}
        defaults = " ".join(f"{name}={format_number(value)}" for name, value in values.items())
        passed = " ".join(f"{name}={{{name}}}" for name in [*values, "seed"])
        ports = " ".join(cls.ports)
        return (
            f".subckt {cls.model} {ports} {defaults} seed=1\nN1 {ports} {cls.model}_osdi {passed}\n"
            f".model {cls.model}_osdi {cls.model}\n.ends {cls.model}\n"
        )

    @classmethod
    def state_ports(cls) -> tuple[str, ...]:
        """Ports that show the state: those after the terminals."""
        return cls.ports[len(cls.terminals) :]

    #: The two states between which :attr:`state_weights` take a junction: by default 0 and 1.
    state_limits: ClassVar[tuple[float, float]] = (0.0, 1.0)

    @property
    def state_weights(self) -> Mapping[str, float]:
        """State nodes and their weights: the sum of weight times voltage is the state of the junction.

        The state is a number that the resistance falls or rises with: m . p of a macrospin, 0 or 1 of two states.
        """
        raise self._silent("state_weights")

    def time_step(self, duration: float) -> float:
        """Suggested time step [s] of a run: by default a 5000th of it; the model asks for shorter steps by itself."""
        return duration / 5000.0

    def max_time_step(self, duration: float) -> float:
        """Longest time step [s] that a run of ``duration`` [s] may be given; by default any."""
        return math.inf

    def at_accuracy(self, accuracy: str) -> Self:
        """Return the junction with the time step for ``accuracy`` (:mod:`spinspice.devices.accuracy`); by default its
        own whatever is asked for: the steps of events follow from the junction."""
        check_accuracy(accuracy)
        return self

    def event_points(self, duration: float) -> float:
        """Return about how many time points events of the junction cost in a run of ``duration`` [s]; by default 0."""
        return 0.0

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """Step of the noise and longest time step [s], where time points must fall on that grid; None: anywhere.

        For realisations that cannot ask for time points themselves.
        """
        return None

    def sample_step(self, duration: float) -> float:
        """Step [s] of the grid on which outputs of a run of ``duration`` [s] are analysed."""
        raise self._silent("sample_step")

    def durations(self) -> Durations:
        """Return the default duration of a run, the shortest that says anything, and why.

        Raises
        ------
        UsageError
            For a junction whose statistics no run can show.
        """
        raise self._silent("durations")

    def resolvable(self, duration: float) -> Self:
        """Return the junction with what an engine cannot resolve in a run of ``duration`` [s] lengthened until it can.

        What changed is the difference to the original, which it equals where nothing had to.
        """
        return self

    def resolution_note(self, duration: float) -> str:
        """Return what :meth:`resolvable` changes for a run of ``duration`` [s]; empty for nothing."""
        return ""

    def check_resolvable(self, duration: float) -> None:
        """Refuse a junction with which a run of ``duration`` [s] would break off.

        Raises
        ------
        CircuitError
        """

    @classmethod
    def _silent(cls, name: str) -> UsageError:
        return UsageError(
            f"cannot characterise a {cls.__name__}: its class does not say {name}. Give it that method (docs/howto.md)."
        )

    # Derived parameters

    @classmethod
    def settable(cls) -> dict[str, str]:
        """Units [SI] of all parameters that can be set, derived ones included, by name."""
        units = {field.name: str(field.metadata["unit"]) for field in dataclasses.fields(cls)}
        return units | {name: entry.unit for name, entry in cls.derived.items()}

    def value_of(self, name: str) -> float:
        """Return a parameter or derived parameter [SI] by its name.

        Raises
        ------
        ParameterError
            If there is none of this name.
        """
        if name in self.derived:
            return float(self.derived[name].value(self))
        if name not in self.settable():
            raise ParameterError(
                f"{type(self).__name__} has no parameter {name!r}. {did_you_mean(name, self.settable())}"
            )
        return float(getattr(self, name))

    def changed(self, values: Mapping[str, float], where: str = "") -> Self:
        """Return a copy with some parameters changed, derived ones (:attr:`derived`) included.

        Raises
        ------
        UsageError
            For a parameter that this junction does not have, or one beside that which it follows from.
        """
        given = [name for name in self.derived if name in values]
        if not given:
            self._check_settable(values, where)
            return self.replace(**values)
        clash = sorted({follower for name in given for follower in self.derived[name].sets} & set(values))
        if clash:
            raise UsageError(f"{where}: {clash[0]} follows from {', '.join(given)}; vary it or them, not both.")
        plain = {name: value for name, value in values.items() if name not in given}
        return self._with_derived(plain, {name: values[name] for name in given}, where)

    def _with_derived(self, values: Mapping[str, float], derived: Mapping[str, float], where: str) -> Self:
        """Return a copy with parameters ``values``, and those that the ``derived`` ones set."""
        raise self._silent("_with_derived")

    @classmethod
    def _check_settable(cls, values: Mapping[str, float], where: str) -> None:
        """Say why a derived parameter of other junctions is none of this one."""
        for name in values.keys() - cls.settable().keys():
            load_own_models()
            others = {kind.__name__: kind.derived[name] for kind in cls.known.values() if name in kind.derived}
            if not others:
                continue
            needed = [one for one in next(iter(others.values())).sets if one not in cls.settable()]
            raise UsageError(
                f"{where}: {cls.__name__} has no {' and no '.join(needed)}, so no {name}, which {', '.join(others)} "
                f"have. {did_you_mean(name, cls.settable())}"
            )


def _register(kind: type[Device]) -> None:
    """Make a compact model known under its name.

    Raises
    ------
    UsageError
        If another class has that name, or its ports do not begin with its terminals.
    """
    name = kind.model
    there = Device.known.get(name)
    owner = f"{__package__}.{MODULES[name]}" if name in MODULES else there.__module__ if there else kind.__module__
    if owner != kind.__module__ or (there is not None and there.__qualname__ != kind.__qualname__):
        raise UsageError(
            f"the compact model {name!r} of {kind.__module__} is that of {owner} already. Choose a name "
            "that begins with that of your package."
        )
    if name != name.lower() or not name.isidentifier():
        raise UsageError(f"the compact model {name!r}: a name is made of lower-case letters, digits and underscores.")
    if kind.ports[: len(kind.terminals)] != kind.terminals or len(kind.ports) == len(kind.terminals):
        raise UsageError(
            f"the compact model {name!r} has the ports {', '.join(kind.ports)}: they must be its terminals "
            f"{', '.join(kind.terminals)}, then one state node or more."
        )
    Device.known[name] = kind


def _with_unit(device: Device, field: dataclasses.Field[Any]) -> str:
    """Return a parameter for people; pure numbers and angles have no prefix."""
    value, unit = float(getattr(device, field.name)), field.metadata["unit"]
    return (
        f"{value:.6g} {unit}".removesuffix(" 1") if unit in ("", "1", "rad", "K", "m^2") else engineering(value, unit)
    )
