"""What elements and ``.model`` cards are called in VACASK, and where their modules are loaded from."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.netlist.expressions import Expression, Text

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
#: (type of a .model card, level) -> module and parameters that stand for the type.
MODELS = {("d", 1): "sp_diode"}
for _type, _sign in (("nmos", "type=1"), ("pmos", "type=-1")):
    MODELS[_type, 1] = f"sp_mos1 {_sign}"
    for _level in (14, 54):
        MODELS[_type, _level] = f"sp_bsim4v8 {_sign}"
#: Module -> the file that it is loaded from.
FILES = {"sp_diode": "spice/diode.osdi", "sp_mos1": "spice/mos1.osdi", "sp_bsim4v8": "spice/bsim4v8.osdi"}
#: Types that are no Verilog-A module of somebody else.
TYPES = frozenset(kind for kind, _ in MODELS)
#: Version of a BSIM4 card -> the one of VACASK's BSIM4, which knows 4.8 only, that stands for it. ngspice, which has
#: both, gives cards of SKY130 the same waveforms with either to 0.2 uV (measured; tests/systems/test_technologies.py).
_VERSIONS = {Text("4.5"): Text("4.8")}


def of_its_version(module: str, parameters: Mapping[str, Expression]) -> dict[str, Expression]:
    """Return the parameters of a model of one of VACASK's modules, the version changed where that is the same."""
    version = parameters.get("version")
    if module != "sp_bsim4v8" or not isinstance(version, Text):
        return dict(parameters)
    return {**parameters, "version": _VERSIONS.get(version, version)}
