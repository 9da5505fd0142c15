"""Transistor technologies: small objects that place transistors in a circuit and carry their models."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from spinspice.cmos.base import HalfSupply, Technology, Transistor
from spinspice.cmos.generic import TRAITS as _GENERIC
from spinspice.cmos.generic import TRAITS_LOW as _GENERIC_LVT
from spinspice.cmos.generic import generic, generic_lvt
from spinspice.cmos.own import technology_from_file
from spinspice.cmos.sg13g2 import TRAITS as _SG13G2
from spinspice.cmos.sg13g2 import sg13g2
from spinspice.cmos.sky130 import TRAITS as _SKY130
from spinspice.cmos.sky130 import sky130
from spinspice.cmos.traits import DEFAULT, Traits
from spinspice.errors import SpinspiceError, UsageError, check_is, did_you_mean
from spinspice.plugins import package_of, taken

__all__ = [
    "TECHNOLOGIES",
    "HalfSupply",
    "Technology",
    "Traits",
    "Transistor",
    "generic",
    "generic_lvt",
    "get_technology",
    "get_traits",
    "sg13g2",
    "sky130",
    "technologies",
]

#: Constructors of spinspice's own technologies by name; each takes the corner. All: :func:`technologies`.
TECHNOLOGIES = {"generic": generic, "generic-lvt": generic_lvt, "sky130": sky130, "sg13g2": sg13g2}
_TRAITS = {"generic": _GENERIC, "generic-lvt": _GENERIC_LVT, "sky130": _SKY130, "sg13g2": _SG13G2}


def technologies() -> dict[str, Callable[[str], Technology]]:
    """Return the constructors of all technologies by name: those of spinspice, then those of installed packages."""
    return {**TECHNOLOGIES, **taken("spinspice.technologies", TECHNOLOGIES, _checked)}


def _checked(name: str, loaded: Any) -> Callable[[str], Technology]:
    if not callable(loaded) or name != name.lower() or ":" in name:
        raise TypeError("a technology is a function of the corner, and its name is in lower case and without a colon")

    @functools.wraps(loaded, updated=())
    def make(corner: str) -> Technology:
        try:
            made = loaded(corner)
        except SpinspiceError:
            raise
        except Exception as reason:
            package = package_of("spinspice.technologies", name)
            raise UsageError(
                f"the technology {name} of the package {package} fails: {type(reason).__name__}: {reason}. Update or "
                f"uninstall {package}."
            ) from reason
        if not isinstance(made, Technology):
            raise UsageError(f"the technology {name} is a {type(made).__name__}, not a spinspice.cmos.Technology.")
        return made

    return make


def get_traits(name: str) -> Traits:
    """Return the constants of a technology by name; its models need not be installed.

    A constructor from another package says them by an attribute ``traits``, else they are the defaults.
    """
    if name in _TRAITS:
        return _TRAITS[name]
    constructor = technologies().get(name)
    traits: Traits = getattr(getattr(constructor, "__wrapped__", None), "traits", DEFAULT)
    return traits


def get_technology(name: str, corner: str | None = None) -> Technology:
    """Return a transistor technology by name, or by name and corner as in ``generic:ff``; or by its own TOML file.

    Parameters
    ----------
    name : str
        One of :func:`technologies`, or a path that ends in ``.toml``, with or without ``:corner``.
    corner : str, optional
        Corner, where the name does not hold one; ``"tt"`` by default.

    Raises
    ------
    UsageError
        For an unknown technology or corner, with the closest known name; for two corners at once; and where the
        technology's Python package is not installed, with the command that installs it.

    Examples
    --------
    >>> get_technology("generic").vdd
    0.8
    >>> get_technology("generic:ss").corner
    'ss'
    """
    check_is(name, str, "technology", "a name ('generic', 'sky130:ss') or the path of a TOML file")
    plain = ":" not in name or name.lower().endswith(".toml")
    stem, colon, named = (name, "", "") if plain else name.rpartition(":")
    own = stem.lower().endswith(".toml")
    known = TECHNOLOGIES if stem.lower() in TECHNOLOGIES else technologies()
    if not own and stem.lower() not in known:
        raise UsageError(f"unknown transistor technology {stem!r}. {did_you_mean(stem.lower(), known)}")
    if colon and corner is not None and named.lower() != corner.lower():
        raise UsageError(f"two corners of {stem}: {named!r} in the name and {corner!r} beside it. Give one.")
    chosen = named if colon else corner or "tt"
    return technology_from_file(stem, chosen) if own else known[stem.lower()](chosen)
