"""What elements and ``.model`` cards are called in VACASK, and where their modules are loaded from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from spinspice.errors import CircuitError
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
#: (type of a .model card, level) -> module and parameters that stand for the type.
MODELS = {
    ("d", 1): "sp_diode",
    ("npn", 1): "sp_bjt type=1",
    ("pnp", 1): "sp_bjt type=-1",
    ("njf", 1): "sp_jfet1 type=1",
    ("pjf", 1): "sp_jfet1 type=-1",
}
_MOSFETS = {
    1: "sp_mos1",
    2: "sp_mos2",
    3: "sp_mos3",
    8: "sp_bsim3v3",
    14: "sp_bsim4v8",
    49: "sp_bsim3v3",
    54: "sp_bsim4v8",
}
for _level, _module in _MOSFETS.items():
    for _type, _sign in (("nmos", "type=1"), ("pmos", "type=-1")):
        MODELS[_type, _level] = f"{_module} {_sign}"
#: Module -> the file that it is loaded from.
FILES = {"sp_diode": "spice/diode.osdi"} | {
    module: f"spice/{module.removeprefix('sp_')}.osdi" for module in ("sp_bjt", "sp_jfet1", *_MOSFETS.values())
}
#: Types that are no Verilog-A module of somebody else.
TYPES = frozenset(kind for kind, _ in MODELS)
#: Versions of BSIM4 that VACASK's module takes as they are, and the one that stands for every older one.
_KNOWN, _NEWEST = "4.8", Text("4.8")
#: The versions agree to 0.5 mV in all that was tried (50 parameters and flags of a card), but for the gate current.
#: Version that needs no note: ngspice, which has both, gives cards of SKY130 the same waveforms with either to 0.2 uV
#: (measured; tests/systems/test_technologies.py).
_MEASURED = "4.5"


def of_its_version(name: str, module: str, given: Mapping[str, Expression]) -> tuple[dict[str, Expression], str]:
    """Return the parameters of a model of one of VACASK's modules, and a note where another version of it stands for
    the one of the card.

    Raises
    ------
    CircuitError
        If it has none that does.
    """
    parameters = dict(given)
    if module == "sp_mos2" and "vmax" in parameters:
        raise CircuitError(
            "vmax of a level 2 card: VACASK finds other currents than ngspice (5 % of a voltage, measured). Use "
            "engine='ngspice', or leave vmax out."
        )
    note = ""
    version = parameters.get("version")
    if module == "sp_bsim4v8" and isinstance(version, Text):
        parameters["version"], note = _bsim4(name, version)
        if version.text < "4.7" and _is_on(parameters.get("igcmod")) and "pigcd" not in parameters:
            raise CircuitError(
                f"version = {version.text} with igcmod and no pigcd: since BSIM4 4.7 the gate current that it stands "
                "for is another one (volts of difference, measured), and VACASK has 4.8 only. Give pigcd, or use "
                "engine='ngspice'."
            )
    elif module == "sp_bsim3v3" and isinstance(version, Text):
        note = _bsim3(name, version)
        del parameters["version"]  # the module has one version only
    return parameters, note


def _is_on(flag: Expression | None) -> bool:
    """Whether a flag of a card is given and not 0."""
    return flag is not None and flag != Number(0.0)


def _bsim4(name: str, version: Text) -> tuple[Text, str]:
    """Return the version that stands for one of BSIM4, and a note."""
    if version.text.startswith(_KNOWN):
        return version, ""
    if not re.fullmatch(r"4\.[0-7](\.\d+)*", version.text):
        raise CircuitError(f"version = {version.text} of BSIM4 has no translation to VACASK (known: 4.0 to 4.8).")
    if version.text.startswith(_MEASURED):
        return _NEWEST, ""
    return _NEWEST, (
        f"the model {name} is a card of BSIM4 {version.text}, which VACASK solves as BSIM4 4.8, the only one it has "
        "(ngspice takes 4.5.0 for 4.0 to 4.5)"
    )


def _bsim3(name: str, version: Text) -> str:
    """Return a note where BSIM3 3.3 stands for an older version of it."""
    if version.text.startswith("3.3"):
        return ""
    if not re.fullmatch(r"3\.[0-2](\.\d+)*", version.text):
        raise CircuitError(f"version = {version.text} of BSIM3 has no translation to VACASK (known: 3.0 to 3.3).")
    return f"the model {name} is a card of BSIM3 {version.text}, which VACASK solves as BSIM3 3.3, the only one it has"
