"""Transistor technologies: small objects that place transistors in a circuit and carry their models."""

from spinspice.cmos.base import HalfSupply, Technology, Transistor
from spinspice.cmos.generic import generic, generic_lvt
from spinspice.cmos.own import technology_from_file
from spinspice.cmos.sg13g2 import sg13g2
from spinspice.cmos.sky130 import sky130
from spinspice.errors import UsageError, did_you_mean

__all__ = [
    "TECHNOLOGIES",
    "HalfSupply",
    "Technology",
    "Transistor",
    "generic",
    "generic_lvt",
    "get_technology",
    "sg13g2",
    "sky130",
]

#: Constructors by name; each takes the corner.
TECHNOLOGIES = {"generic": generic, "generic-lvt": generic_lvt, "sky130": sky130, "sg13g2": sg13g2}


def get_technology(name: str, corner: str | None = None) -> Technology:
    """Return a transistor technology by name, or by name and corner as in ``generic:ff``; or by its own TOML file.

    Parameters
    ----------
    name : str
        One of :data:`TECHNOLOGIES`, or a path that ends in ``.toml``, with or without ``:corner``.
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
    plain = ":" not in name or name.lower().endswith(".toml")
    stem, colon, named = (name, "", "") if plain else name.rpartition(":")
    own = stem.lower().endswith(".toml")
    if not own and stem.lower() not in TECHNOLOGIES:
        raise UsageError(f"unknown transistor technology {stem!r}. {did_you_mean(stem.lower(), TECHNOLOGIES)}")
    if colon and corner is not None and named.lower() != corner.lower():
        raise UsageError(f"two corners of {stem}: {named!r} in the name and {corner!r} beside it. Give one.")
    chosen = named if colon else corner or "tt"
    return technology_from_file(stem, chosen) if own else TECHNOLOGIES[stem.lower()](chosen)
