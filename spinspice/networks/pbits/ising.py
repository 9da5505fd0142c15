r"""An Ising energy over p-bits: couplings J, fields h, and the names of its variables.

.. math::
    E(m) = -\sum_{i<j} J_{ij} m_i m_j - \sum_i h_i m_i, \qquad m_i = \pm 1, \qquad P(m) \propto e^{-I_0 E(m)}

so a p-bit whose input is :math:`I_i = I_0 (\sum_j J_{ij} m_j + h_i)` has the mean :math:`\tanh I_i` while others stand
still (Camsari et al., Phys. Rev. X 7, 031014 (2017)). A bit x is 1 where m = +1.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, UsageError, did_you_mean

Array = NDArray[np.float64]
#: Difference between J and its transpose that is taken for rounding, over the largest coupling.
ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True, eq=False)
class Ising:
    """Couplings and fields of named p-bits.

    Parameters
    ----------
    names : sequence of str
        p-bits, in the order of J and h.
    J : array, shape (n, n)
        Couplings [1], symmetric, zero on the diagonal.
    h : array, shape (n,)
        Fields [1].

    Raises
    ------
    ParameterError
        For shapes that do not match, a coupling that is not finite, a diagonal that is not zero, or J that is not
        symmetric: no energy exists then, and what such a network samples depends on how it is updated.
    """

    names: tuple[str, ...]
    J: Array
    h: Array

    def __init__(self, names: Sequence[str], J: ArrayLike, h: ArrayLike | None = None) -> None:
        n = len(names)
        couplings = _numbers("J", J, (n, n))
        fields = np.zeros(n) if h is None else _numbers("h", h, (n,))
        if len(set(names)) < n:
            twice = next(name for name in names if list(names).count(name) > 1)
            raise ParameterError(f"two p-bits are called {twice!r}. Rename one.")
        if np.any(np.diag(couplings)):
            i = int(np.flatnonzero(np.diag(couplings))[0])
            raise ParameterError(
                f"J[{names[i]}, {names[i]}] = {couplings[i, i]:g}: a p-bit does not couple to itself. Set it to 0."
            )
        gap = np.abs(couplings - couplings.T)
        if gap.max(initial=0.0) > ROUNDING * np.abs(couplings).max(initial=1.0):
            i, j = divmod(int(np.argmax(gap)), n)
            raise ParameterError(
                f"J[{names[i]}, {names[j]}] = {couplings[i, j]:g} but J[{names[j]}, {names[i]}] = {couplings[j, i]:g}: "
                "an energy needs J symmetric. Pass (J + J.T) / 2 if that is what is meant."
            )
        for array in (couplings, fields):
            array.setflags(write=False)
        object.__setattr__(self, "names", tuple(names))
        object.__setattr__(self, "J", couplings)
        object.__setattr__(self, "h", fields)

    @classmethod
    def of(cls, couplings: Mapping[tuple[str, str], float], fields: Mapping[str, float] | None = None) -> Self:
        """Make one of couplings between names, each pair once, and fields of names.

        >>> Ising.of({("a", "b"): 1.0}).energy([1, 1])
        array(-1.)
        """
        fields = dict(fields or {})
        names = list(dict.fromkeys([*itertools.chain.from_iterable(couplings), *fields]))
        place = {name: i for i, name in enumerate(names)}
        J = np.zeros((len(names), len(names)))
        for (a, b), value in couplings.items():
            if (b, a) in couplings and a != b:
                raise ParameterError(f"the coupling of {a} and {b} is given twice. Give each pair once.")
            J[place[a], place[b]] = J[place[b], place[a]] = value
        return cls(names, J, [fields.get(name, 0.0) for name in names])

    @classmethod
    def from_constraints(cls, constraints: Iterable[Mapping[str, float]]) -> Self:
        r"""Make the energy whose ground states keep linear constraints.

        Each constraint is :math:`\sum_i w_i x_i + w_0 = 0` over bits x in {0, 1}; ``w_0`` stands under ``"1"``.
        The energy is the sum of the squares: with x = (1 + m)/2 every square adds :math:`-w_i w_j/2` to J_ij and
        :math:`-w_i (\sum_j w_j/2 + w_0)` to h_i, up to a constant (derived here).

        >>> full = Ising.from_constraints([{"a": 1, "b": 1, "ci": 1, "co": -2, "s": -1}])
        >>> full.coupling("a", "co"), full.coupling("a", "b"), full.field("a")
        (1.0, -0.5, 0.0)
        """
        couplings: dict[tuple[str, str], float] = {}
        fields: dict[str, float] = {}
        for constraint in constraints:
            weights = {name: float(w) for name, w in constraint.items() if name != "1"}
            half = sum(weights.values()) / 2 + float(constraint.get("1", 0.0))
            for name, w in weights.items():
                fields[name] = fields.get(name, 0.0) - w * half
            for a, b in itertools.combinations(sorted(weights), 2):
                couplings[a, b] = couplings.get((a, b), 0.0) - weights[a] * weights[b] / 2
        return cls.of(couplings, fields)

    def python(self) -> tuple[str, tuple[str, ...]]:
        """Return the Python that makes this energy, and its imports."""
        text = f"Ising({list(self.names)!r}, {self.J.tolist()!r}, {self.h.tolist()!r})"
        return text, ("from spinspice.networks.pbits.ising import Ising",)

    def __len__(self) -> int:
        return len(self.names)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ising):
            return NotImplemented
        return self.names == other.names and np.array_equal(self.J, other.J) and np.array_equal(self.h, other.h)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Ising({len(self)} p-bits, {np.count_nonzero(np.triu(self.J))} couplings)"

    def place(self, name: str) -> int:
        """Return the place of a p-bit.

        Raises
        ------
        UsageError
        """
        if name not in self.names:
            raise UsageError(f"no p-bit {name!r}. {did_you_mean(name, self.names)}")
        return self.names.index(name)

    def coupling(self, a: str, b: str) -> float:
        """Return the coupling of two p-bits [1]."""
        return float(self.J[self.place(a), self.place(b)])

    def field(self, name: str) -> float:
        """Return the field of a p-bit [1]."""
        return float(self.h[self.place(name)])

    def energy(self, m: ArrayLike) -> Array:
        """Return the energy [1] of states m = -1 or +1, shape (..., n)."""
        m = np.asarray(m, dtype=float)
        return np.asarray(-0.5 * np.einsum("...i,ij,...j->...", m, self.J, m) - m @ self.h)

    def inputs(self, m: ArrayLike) -> Array:
        """Return sum_j J_ij m_j + h_i [1] for states of shape (..., n)."""
        return np.asarray(np.asarray(m, dtype=float) @ self.J + self.h)

    @property
    def reach(self) -> Array:
        """Largest possible input of each p-bit, sum_j |J_ij| + |h_i| [1]."""
        return np.asarray(np.abs(self.J).sum(axis=1) + np.abs(self.h))

    def scaled(self, factor: float) -> Ising:
        """Return the energy times a factor."""
        return Ising(self.names, factor * self.J, factor * self.h)

    def renamed(self, names: Mapping[str, str]) -> Ising:
        """Return it with other names of some p-bits."""
        for name in names:
            self.place(name)
        return Ising([names.get(name, name) for name in self.names], self.J, self.h)

    def __add__(self, other: Ising) -> Ising:
        """Return the sum of two energies; p-bits of the same name are one."""
        names = list(dict.fromkeys((*self.names, *other.names)))
        place = {name: i for i, name in enumerate(names)}
        J, h = np.zeros((len(names), len(names))), np.zeros(len(names))
        for part in (self, other):
            at = [place[name] for name in part.names]
            J[np.ix_(at, at)] += part.J
            h[at] += part.h
        return Ising(names, J, h)

    def clamped(self, bits: Mapping[str, int]) -> Ising:
        """Return the energy of the others where some p-bits are held at 0 or 1, up to a constant."""
        for name, bit in bits.items():
            if bit not in (0, 1):
                raise ParameterError(f"{name} = {bit!r} is no bit. Hold it at 0 or 1.")
        held = [self.place(name) for name in bits]
        free = [i for i in range(len(self)) if i not in held]
        if not free:
            raise ParameterError("all p-bits are held: nothing is left to sample.")
        m = 2.0 * np.array([float(bit) for bit in bits.values()]) - 1.0
        h = self.h[free] + (self.J[np.ix_(free, held)] @ m if held else 0.0)
        return Ising([self.names[i] for i in free], self.J[np.ix_(free, free)], h)

    @property
    def components(self) -> list[tuple[str, ...]]:
        """Groups of p-bits that are coupled to one another."""
        from scipy.sparse.csgraph import connected_components

        count, labels = connected_components(self.J != 0, directed=False)
        return [tuple(np.array(self.names)[labels == k].tolist()) for k in range(count)]

    def colours(self) -> list[tuple[str, ...]]:
        """Return groups of p-bits of which no two are coupled, which may be updated at once.

        Greedy, largest degree first (Welsh and Powell, Comput. J. 10, 85 (1967)).
        """
        adjacent = self.J != 0
        colour = np.full(len(self), -1)
        for i in np.argsort(-adjacent.sum(axis=1), kind="stable"):
            taken = set(colour[adjacent[i]].tolist())
            colour[i] = next(c for c in range(len(self)) if c not in taken)
        return [tuple(np.array(self.names)[colour == c].tolist()) for c in range(int(colour.max(initial=-1)) + 1)]


def _numbers(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} is no array of numbers.") from None
    if array.shape != shape:
        raise ParameterError(f"{name} has the shape {array.shape}, not {shape} as {shape[0]} p-bits need.")
    if not np.isfinite(array).all():
        raise ParameterError(f"{name} holds a number that is not finite.")
    return array
