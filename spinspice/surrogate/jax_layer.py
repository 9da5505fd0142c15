"""A surrogate neuron as functions of jax: mean with gradients, and samples with reparametrised noise."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from spinspice.errors import UsageError
from spinspice.surrogate import formulas
from spinspice.surrogate.surrogate import Surrogate

Function = Callable[..., Any]


def jax_functions(surrogate: Surrogate, points: int = formulas.POINTS) -> tuple[Function, Function]:
    """Return ``mean(v)`` and ``sample(v, key, looks=1)`` of volts, which jax differentiates, maps and compiles.

    ``sample`` draws ``looks`` independent looks at every neuron from a key of ``jax.random`` and returns their mean.

    Raises
    ------
    UsageError
        Without jax.
    """
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        raise UsageError("jax is not installed. Run: pip install 'spinspice[jax]'") from None
    core = formulas.Core.of(surrogate, points)
    held = SimpleNamespace(
        start=core.start, step=core.step, mean=jnp.asarray(core.mean), deviation=jnp.asarray(core.deviation)
    )

    def whole(x: Any) -> Any:
        return x.astype(jnp.int32)

    def floor(x: Any) -> Any:
        return jax.lax.stop_gradient(jnp.floor(x))

    def mean(v: Any) -> Any:
        return formulas.mean_of(jnp, held, jnp.asarray(v), floor, whole)

    def sample(v: Any, key: Any, looks: int = 1) -> Any:
        v = jnp.asarray(v)
        xi = jax.random.uniform(key, (looks, *v.shape), dtype=v.dtype)
        wide = jnp.broadcast_to(v, xi.shape)
        return formulas.sample_of(jnp, held, wide, xi, floor, whole).mean(axis=0)

    return mean, sample
