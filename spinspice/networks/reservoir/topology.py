r"""The mathematical reservoir: weights between nodes, from inputs, and biases; dimensionless.

.. math:: z_i = \sum_j W_{ij} x_j + \sum_k W^{in}_{ik} u_k + b_i, \qquad x_i = \tanh z_i

(Ganguly et al. 2018, eqs. 4 and 6). Random biases are needed: a tanh without them is odd and cannot undo an even
nonlinearity of a channel.

In steps the past fades where the spectral radius is below 1. Nodes of a circuit move all the time,
:math:`\tau \dot z = W x + W^{in} u + b - z`; there (``continuous``) every real part must be below 1, and what is heard
turns by the imaginary part: over a symbol T a mode is multiplied by
:math:`e^{(\lambda - 1) T / \tau}`. Real parts alike and imaginary parts spread make states that differ and fade
together; :meth:`Topology.rotating` has such weights, k I + K with K antisymmetric.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, check_range

Array = NDArray[np.float64]
#: Draws of a random graph until one is connected; more than enough where the degree is 2 or more. Our choice.
DRAWS = 100


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Topology:
    """Weights of a reservoir.

    Parameters
    ----------
    W : array, shape (n, n)
        Row i holds what node i hears of each other [1].
    W_in : array, shape (n, k)
        From each of k inputs [1].
    bias : array, shape (n,)
    allow_unstable : bool
        Take weights with which the past need not fade.
    continuous : bool
        The nodes move all the time, as a circuit's do, not in steps: real parts of the eigenvalues are held below 1 in
        place of the spectral radius.

    Raises
    ------
    ParameterError
        For shapes that do not fit, numbers that are not finite, a spectral radius (``continuous``: a real part) of 1 or
        more, or nodes that no path of weights joins to the rest.
    """

    W: Array
    W_in: Array
    bias: Array
    allow_unstable: bool = False
    continuous: bool = False

    def __post_init__(self) -> None:
        for name in ("W", "W_in", "bias"):
            value = np.array(getattr(self, name), dtype=float)
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        n = self.W.shape[0] if self.W.ndim == 2 else -1
        if self.W.shape != (n, n) or n < 1 or self.W_in.ndim != 2 or self.W_in.shape[0] != n or self.bias.shape != (n,):
            raise ParameterError(
                f"W {self.W.shape}, W_in {self.W_in.shape}, bias {self.bias.shape}: a reservoir of n nodes and k "
                "inputs has W (n, n), W_in (n, k), bias (n,)."
            )
        if not all(np.isfinite(a).all() for a in (self.W, self.W_in, self.bias)):
            raise ParameterError("W, W_in or bias holds a number that is not finite. Check what made it.")
        self._check_connected()
        size, what = (self.growth, "largest real part") if self.continuous else (self.radius, "spectral radius")
        if size >= 1.0 and not self.allow_unstable:
            raise ParameterError(
                f"{what} {size:.3g}; below 1 the past fades (Topology.W). Scale W by less, or give allow_unstable=True."
            )

    @classmethod
    def random(
        cls,
        nodes: int,
        *,
        degree: int = 4,
        radius: float = 0.8,
        input_scale: float = 1.0,
        bias_scale: float = 0.3,
        inputs: int = 1,
        signs: Literal["both", "inhibit"] = "both",
        seed: int = 1,
        allow_unstable: bool = False,
    ) -> Self:
        """Return a sparse random reservoir: ``degree`` synapses a node, all weights uniform.

        Parameters
        ----------
        nodes, degree : int
        radius : float
            Spectral radius of W [1].
        input_scale, bias_scale : float
            Inputs and biases are uniform within plus and minus these [1].
        inputs : int
        signs : {"both", "inhibit"}
            ``"inhibit"``: all weights between nodes negative, what plain resistors between inverting cells make.
        seed : int
            Each of graph, weights, inputs and biases has a stream of its own.

        Raises
        ------
        ParameterError
        """
        check_range("nodes", nodes, 2, 10_000, where="Topology.random")
        check_range("degree", degree, 1, nodes - 1, where="Topology.random: synapses of a node, of others than itself")
        check_range("radius", radius, 0.0, 1e3, where="Topology.random")
        if signs not in ("both", "inhibit"):
            raise ParameterError(f"signs = {signs!r}; 'both' or 'inhibit'.")
        settings = _ends(nodes, inputs, input_scale, bias_scale, seed)
        for draw in range(DRAWS):
            rng = np.random.default_rng(instance_seed(seed, f"graph/{draw}"))
            W = np.zeros((nodes, nodes))
            for i in range(nodes):
                others = np.delete(np.arange(nodes), i)
                heard = rng.choice(others, degree, replace=False)
                W[i, heard] = rng.uniform(-1.0, 1.0, degree)
            if signs == "inhibit":
                W = -np.abs(W)
            size = _radius(W)
            if size > 1e-6 and _parts(W) == 1:
                return cls(W=W * (radius / size), allow_unstable=allow_unstable, **settings)
        raise ParameterError(
            f"{DRAWS} random graphs of {nodes} nodes with {degree} synapses each were not connected. Take a degree "
            "of 2 or more."
        )

    @classmethod
    def rotating(
        cls,
        nodes: int,
        *,
        degree: int = 4,
        keep: float = 0.5,
        turn: float = 1.6,
        input_scale: float = 0.3,
        bias_scale: float = 0.3,
        inputs: int = 1,
        seed: int = 1,
    ) -> Self:
        """Return a sparse continuous reservoir whose modes turn: ``keep`` I + K, K antisymmetric with random weights.

        Parameters
        ----------
        nodes : int
        degree : int
            Synapses of a node from others, even: neighbours on degree / 2 random rings through all nodes, joined both
            ways with opposite weights.
        keep : float
            Weight of each node to itself, the real part of all eigenvalues; below 1 [1].
        turn : float
            Largest imaginary part [1].
        input_scale, bias_scale, inputs, seed
            As of :meth:`random`.

        Raises
        ------
        ParameterError
        """
        check_range("nodes", nodes, 2, 10_000, where="Topology.rotating")
        check_range("degree", degree, 2, 2 * (nodes - 1), where="Topology.rotating: synapses of a node")
        if degree % 2:
            raise ParameterError(f"degree = {degree}: rotating weights join pairs both ways. Take an even number.")
        check_range("keep", keep, -1e3, 1.0, where="Topology.rotating")
        check_range("turn", turn, 0.0, 1e3, open_low=True, where="Topology.rotating")
        settings = _ends(nodes, inputs, input_scale, bias_scale, seed)
        rng = np.random.default_rng(instance_seed(seed, "graph/0"))
        K = np.zeros((nodes, nodes))
        for _ in range(degree // 2):
            ring = rng.permutation(nodes)
            for i, j in zip(ring, np.roll(ring, 1), strict=True):
                weight = rng.uniform(-1.0, 1.0)
                K[i, j] += weight
                K[j, i] -= weight
        return cls(W=K * (turn / _radius(K)) + keep * np.eye(nodes), continuous=True, **settings)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(self.W.shape[0])

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return int(self.W_in.shape[1])

    @property
    def radius(self) -> float:
        """Spectral radius of W [1]."""
        return _radius(self.W)

    @property
    def growth(self) -> float:
        """Largest real part of the eigenvalues of W [1]."""
        return float(np.linalg.eigvals(self.W).real.max())

    def drive(self, inputs: ArrayLike) -> Array:
        """Return W_in u + b for inputs of shape (t,) or (t, k), as (t, n).

        Raises
        ------
        ParameterError
            For another number of inputs, or ones that are not finite.
        """
        u = np.asarray(inputs, dtype=float)
        u = u[:, None] if u.ndim == 1 else u
        if u.ndim != 2 or u.shape[1] != self.inputs:
            raise ParameterError(f"inputs of shape {u.shape}; this reservoir takes (t, {self.inputs}).")
        if not np.isfinite(u).all():
            raise ParameterError("the inputs hold numbers that are not finite.")
        return np.ascontiguousarray(u @ self.W_in.T + self.bias)

    def _check_connected(self) -> None:
        parts, part = connected_components(self.W != 0.0, directed=False)
        if parts > 1:
            alone = np.flatnonzero(part != np.bincount(part).argmax())
            raise ParameterError(
                f"{parts} parts of this reservoir are not connected: nodes {', '.join(map(str, alone[:8]))} have no "
                "path of weights to the rest. Couple them, or make reservoirs of their own of them."
            )


def _radius(W: Array) -> float:
    return float(np.abs(np.linalg.eigvals(W)).max())


def _parts(W: Array) -> int:
    return int(connected_components(W != 0.0, directed=False)[0])


def _ends(nodes: int, inputs: int, input_scale: float, bias_scale: float, seed: int) -> dict[str, Any]:
    """Return weights from inputs, and biases, each from a stream of its own."""
    for name, value in (("input_scale", input_scale), ("bias_scale", bias_scale)):
        check_range(name, value, 0.0, 1e3, where="Topology")
    W_in = np.random.default_rng(instance_seed(seed, "inputs")).uniform(-input_scale, input_scale, (nodes, inputs))
    bias = np.random.default_rng(instance_seed(seed, "bias")).uniform(-bias_scale, bias_scale, nodes)
    return {"W_in": W_in, "bias": bias}
