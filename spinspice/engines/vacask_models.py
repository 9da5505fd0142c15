"""What elements and ``.model`` cards are called in VACASK, and where their modules are loaded from."""

from __future__ import annotations

from spinspice.errors import CircuitError
from spinspice.netlist.cards import Model
from spinspice.netlist.expressions import Expression, Number, Text

#: Kind of element -> (file that defines the master or "" for a built-in one, master, parameter of the value).
MASTERS = {
    "r": ("resistor.osdi", "resistor", "r"),
    "c": ("capacitor.osdi", "capacitor", "c"),
    "l": ("inductor.osdi", "inductor", "l"),
    "v": ("", "vsource", "dc"),
    "i": ("", "isource", "dc"),
    "e": ("", "vcvs", "gain"),
    "g": ("", "vccs", "gain"),
    "f": ("", "cccs", "gain"),
    "h": ("", "ccvs", "gain"),
}
#: (type of a .model card, level) -> (file, module, parameters that stand for the type).
MODELS = {("d", 1): ("spice/diode.osdi", "sp_diode", "")}
for _type, _sign in (("nmos", "type=1"), ("pmos", "type=-1")):
    MODELS[_type, 1] = ("spice/mos1.osdi", "sp_mos1", _sign)
    for _level in (14, 54):
        MODELS[_type, _level] = ("spice/bsim4v8.osdi", "sp_bsim4v8", _sign)
#: Types that are no Verilog-A module of somebody else.
TYPES = frozenset(kind for kind, _ in MODELS)
#: Version of a BSIM4 card -> the one of VACASK's BSIM4, which knows 4.8 only, that stands for it. ngspice, which has
#: both, gives cards of SKY130 the same waveforms with either to 0.2 uV (measured; tests/systems/test_technologies.py).
_VERSIONS = {Text("4.5"): Text("4.8")}


def built_in(model: Model) -> tuple[str, str, str, dict[str, Expression]]:
    """Return file, module, parameters that stand for the type, and the parameters of a model that VACASK brings.

    Raises
    ------
    CircuitError
        If it brings none for this type and level.
    """
    parameters = dict(model.parameters)
    level = parameters.pop("level", Number(1.0))
    key = (model.type, int(level.value) if isinstance(level, Number) else -1)
    if key not in MODELS:
        names = ", ".join(sorted(f"{kind} level {number}" for kind, number in MODELS))
        raise CircuitError(f"{model.type} level {key[1]} has no translation to VACASK (known: {names}).")
    file, module, sign = MODELS[key]
    version = parameters.get("version")
    if module == "sp_bsim4v8" and isinstance(version, Text):
        parameters["version"] = _VERSIONS.get(version, version)
    return file, module, sign, parameters
