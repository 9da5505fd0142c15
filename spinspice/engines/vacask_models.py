"""What elements and ``.model`` cards are called in VACASK, and where their modules are loaded from."""

from __future__ import annotations

import re

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
MODELS = {
    ("d", 1): ("spice/diode.osdi", "sp_diode", ""),
    ("npn", 1): ("spice/bjt.osdi", "sp_bjt", "type=1"),
    ("pnp", 1): ("spice/bjt.osdi", "sp_bjt", "type=-1"),
    ("njf", 1): ("spice/jfet1.osdi", "sp_jfet1", "type=1"),
    ("pjf", 1): ("spice/jfet1.osdi", "sp_jfet1", "type=-1"),
}
_MOSFETS = {
    1: ("spice/mos1.osdi", "sp_mos1"),
    2: ("spice/mos2.osdi", "sp_mos2"),
    3: ("spice/mos3.osdi", "sp_mos3"),
    8: ("spice/bsim3v3.osdi", "sp_bsim3v3"),
    14: ("spice/bsim4v8.osdi", "sp_bsim4v8"),
    49: ("spice/bsim3v3.osdi", "sp_bsim3v3"),
    54: ("spice/bsim4v8.osdi", "sp_bsim4v8"),
}
for _level, (_file, _module) in _MOSFETS.items():
    for _type, _sign in (("nmos", "type=1"), ("pmos", "type=-1")):
        MODELS[_type, _level] = (_file, _module, _sign)
#: Types that are no Verilog-A module of somebody else.
TYPES = frozenset(kind for kind, _ in MODELS)
#: Versions of BSIM4 that VACASK's module takes as they are, and the one that stands for every older one.
_KNOWN, _NEWEST = "4.8", Text("4.8")
#: The versions agree to 0.5 mV in all that was tried (50 parameters and flags of a card), but for the gate current.
#: Version that needs no note: ngspice, which has both, gives cards of SKY130 the same waveforms with either to 0.2 uV
#: (measured; tests/systems/test_technologies.py).
_MEASURED = "4.5"


def built_in(model: Model) -> tuple[str, str, str, dict[str, Expression], str]:
    """Return file, module, parameters that stand for the type, the parameters of a model that VACASK brings, and a note
    where another version of the model stands for the one of the card.

    Raises
    ------
    CircuitError
        If it brings none for this type, level and version.
    """
    parameters = dict(model.parameters)
    level = parameters.pop("level", Number(1.0))
    key = (model.type, int(level.value) if isinstance(level, Number) else -1)
    if key not in MODELS:
        names = ", ".join(sorted(f"{kind} level {number}" for kind, number in MODELS))
        raise CircuitError(f"{model.type} level {key[1]} has no translation to VACASK (known: {names}).")
    file, module, sign = MODELS[key]
    if module == "sp_mos2" and "vmax" in parameters:
        raise CircuitError(
            "vmax of a level 2 card: VACASK finds other currents than ngspice (5 % of a voltage, measured). Use "
            "engine='ngspice', or leave vmax out."
        )
    note = ""
    version = parameters.get("version")
    if module == "sp_bsim4v8" and isinstance(version, Text):
        parameters["version"], note = _bsim4(model.name, version)
        if version.text < "4.7" and _is_on(parameters.get("igcmod")) and "pigcd" not in parameters:
            raise CircuitError(
                f"version = {version.text} with igcmod and no pigcd: since BSIM4 4.7 the gate current that it stands "
                "for is another one (volts of difference, measured), and VACASK has 4.8 only. Give pigcd, or use "
                "engine='ngspice'."
            )
    elif module == "sp_bsim3v3" and isinstance(version, Text):
        note = _bsim3(model.name, version)
        del parameters["version"]  # the module has one version only
    return file, module, sign, parameters, note


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
