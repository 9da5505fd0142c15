"""Transistor technologies: small objects that place transistors in a circuit and carry their models."""

from spinspice.cmos.base import HalfSupply, Technology, Transistor
from spinspice.cmos.generic import generic, generic_lvt
from spinspice.errors import UsageError, did_you_mean

__all__ = ["TECHNOLOGIES", "HalfSupply", "Technology", "Transistor", "generic", "generic_lvt", "get_technology"]

#: Constructors by name; each takes the corner.
TECHNOLOGIES = {"generic": generic, "generic-lvt": generic_lvt}


def get_technology(name: str, corner: str = "tt") -> Technology:
    """Return a transistor technology by name.

    Raises
    ------
    UsageError
        For an unknown technology or corner, with the closest known name.

    Examples
    --------
    >>> get_technology("generic").vdd
    0.8
    """
    if name.lower() not in TECHNOLOGIES:
        raise UsageError(f"unknown transistor technology {name!r}. {did_you_mean(name.lower(), TECHNOLOGIES)}")
    return TECHNOLOGIES[name.lower()](corner)
