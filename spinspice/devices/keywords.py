"""What to say to a parameter that a device does not have."""

from __future__ import annotations

from collections.abc import Iterable

from spinspice.errors import did_you_mean

_MADE = "Macrospin.perpendicular(), .disk() and .ellipse() take it"
#: Names that users try first -> what to write.
_HINTS = {
    "ra": f"{_MADE}; the plain class takes R_P = RA / area",
    "hk": f"{_MADE} [A/m]; the plain class takes B_k = mu_0 Hk [T]",
    "delta": f"{_MADE} and find the B_k for it",
    "diameter": f"{_MADE}; the plain class takes the area",
    "length": "Macrospin.ellipse() takes it; the plain class takes the area",
    "width": "Macrospin.ellipse() takes it; the plain class takes the area",
    "temperature": "Write T [K]",
    "damping": "Write alpha",
    "thickness": "Write t_free [m]",
    "polarization": "Write pol",
    "polarisation": "Write pol",
    "dwell": "Telegraph.measured() takes mean dwell times",
    "tau_p": "Telegraph.measured() takes mean dwell times",
    "tau_ap": "Telegraph.measured() takes mean dwell times",
}


def unknown_parameter(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the message for a parameter that ``kind`` does not have: the way to give it, or the closest name."""
    known = list(known)
    hint = _HINTS.get(name.lower())
    if kind == "Telegraph" and name.lower() in ("ra", "diameter"):
        hint = "Telegraph.measured() takes it; the plain class takes R_P"
    elif kind == "Telegraph" and hint and hint.startswith(("Macrospin", "Write t_free", "Write pol", "Write alpha")):
        hint = None
    # did_you_mean knows no underscores that were left out: Vc is V_c.
    bare = {word.replace("_", "").lower(): word for word in known}
    plain = name.replace("_", "").lower()
    if hint is None and plain in bare:
        hint = f"Did you mean {bare[plain]}? Known: {', '.join(sorted(known))}"
    said = f"{hint}." if hint else did_you_mean(name, known)
    return f"{kind} has no parameter {name!r}. {said}"
