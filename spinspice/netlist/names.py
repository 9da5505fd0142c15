"""What a name in a netlist refers to."""

from __future__ import annotations

from collections.abc import Sequence

from spinspice.netlist.cards import Element, Scope


def find_subcircuit(name: str, chain: Sequence[Scope]) -> Scope | None:
    """Return the subcircuit of this name that is seen from the innermost scope of a chain, or None."""
    return next((scope.subcircuits[name] for scope in reversed(chain) if name in scope.subcircuits), None)


def controlling_source(element: Element, scope: Scope) -> str:
    """Return the voltage source whose current controls an element.

    Raises
    ------
    CircuitError
        If the scope has none of this name.
    """
    if element.control not in scope.elements or element.control[0] != "v":
        raise element.card.error(f"its control {element.control!r} is no voltage source of the same circuit.")
    return element.control
