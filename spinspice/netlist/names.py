"""What a name in a netlist refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from spinspice.netlist.cards import Element, Model, Scope
from spinspice.netlist.expressions import Expression, Number, Operation, names_in

#: Relative accuracy to which sizes of transistors are compared with the limits of bins.
SIZE = 1e-9
#: Kinds of elements that have a model card.
MODELLED = "dmnqj"
_LIMITS = ("lmin", "lmax", "wmin", "wmax")


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


def models_of(element: Element, chain: Sequence[Scope]) -> tuple[list[Model], int]:
    """Return the model cards of an element and the number of scopes of the chain from which they are seen.

    One card of the name that the element gives, or the bins of it: cards ``name.1``, ``name.2`` and so on, of which
    the size of the transistor chooses one (:func:`sizes_of_bin`). None if there are neither.
    """
    for depth in range(len(chain), 0, -1):
        models = chain[depth - 1].models
        if element.master in models:
            return [models[element.master]], depth
        bins = [model for name, model in models.items() if is_bin(name, element.master)]
        if bins:
            return bins, depth
    return [], 0


def is_bin(name: str, master: str) -> bool:
    """Return whether a model is a bin of another name."""
    return name.rpartition(".")[0] == master and name.rpartition(".")[2].isdecimal()


def has_bins(scope: Scope) -> bool:
    """Return whether a scope, or one inside it, has a model that is a bin."""
    bins = (name for name in scope.models if is_bin(name, name.rpartition(".")[0]))
    return any(bins) or any(map(has_bins, scope.subcircuits.values()))


def sizes_of_bin(model: Model, parameters: Mapping[str, Expression]) -> list[tuple[Expression, float, float]]:
    """Return what decides whether a transistor with these parameters belongs to a bin: size, lower and upper limit [m].

    As in ngspice sizes are compared to 1e-9 and both limits belong to the bin; of two, the later card counts.

    Raises
    ------
    CircuitError
        If the bin lacks a limit that is a number, or the transistor a size.
    """
    missing = [name for name in ("l", "w") if name not in parameters]
    missing += [name for name in _LIMITS if not isinstance(model.parameters.get(name), Number)]
    if missing:
        raise model.card.error(f"{model.name} is one of several sizes, but there is no number {missing[0]}.")
    lmin, lmax, wmin, wmax = (cast(Number, model.parameters[name]).value for name in _LIMITS)
    width = Operation("/", (parameters["w"], parameters["nf"])) if "nf" in parameters else parameters["w"]
    return [
        (parameters["l"], lmin * (1.0 - SIZE), lmax * (1.0 + SIZE)),
        (width, wmin * (1.0 - SIZE), wmax * (1.0 + SIZE)),
    ]


def borrowed_models(scope: Scope, chain: Sequence[Scope]) -> list[tuple[Model, Sequence[Scope]]]:
    """Return models of the subcircuits around a scope that its elements use, each with the scopes that it is seen from.

    ngspice sees them from inside; VACASK looks in the subcircuit of the element and in the whole circuit only.
    """
    found: dict[str, tuple[Model, Sequence[Scope]]] = {}
    for element in scope.elements.values():
        models, depth = models_of(element, chain) if element.kind in MODELLED else ([], 0)
        if 1 < depth < len(chain):
            found |= {model.name: (model, chain[:depth]) for model in models}
    return list(found.values())


def expressions_of(scope: Scope) -> Iterator[Expression]:
    """Yield the expressions of a scope, without those of the subcircuits in it."""
    yield from scope.defaults.values()
    yield from scope.parameters.values()
    for model in scope.models.values():
        yield from model.parameters.values()
    for element in scope.elements.values():
        yield from element.values()


def borrowed_parameters(scope: Scope, chain: Sequence[Scope]) -> dict[str, Expression]:
    """Return parameters of the subcircuits around a scope, the last of ``chain``, that it uses directly or not.

    ngspice sees them from inside; other simulators see those of the scope and of the whole circuit, none in between.

    Raises
    ------
    CircuitError
        For one that an instance may change, or that has the name of another parameter where it would be written.
    """
    local = scope.defaults.keys() | scope.parameters.keys()
    own = set().union(*map(names_in, expressions_of(scope))) - local
    found: dict[str, tuple[int, Expression]] = {}
    waiting = [(name, len(chain) - 2) for name in sorted(own)]
    while waiting:
        name, start = waiting.pop()
        place = next((i for i in range(start, 0, -1) if _has(chain[i], name)), 0)
        if name not in local and (not place or found.get(name, (0,))[0] == place):
            continue
        if name in local or name in found or name in chain[place].defaults:
            raise scope.card.error(
                f"it uses the parameter {name} of the subcircuit {chain[place].name} around it, which has no "
                "translation. Give it to the instance as a parameter."
            )
        found[name] = place, chain[place].parameters[name]
        waiting += [(other, place) for other in sorted(names_in(found[name][1]))]
    return {name: value for name, (_, value) in found.items()}


def _has(scope: Scope, name: str) -> bool:
    return name in scope.defaults or name in scope.parameters
