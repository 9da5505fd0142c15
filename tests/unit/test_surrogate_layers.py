"""The differentiable surrogate: one core in numpy, jax and torch; gradients against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import ParameterError, UsageError
from spinspice.surrogate.formulas import Layer
from spinspice.surrogate.jax_layer import jax_functions
from spinspice.surrogate.torch_layer import torch_layer
from tests.surrogates import made_up

ASN = made_up()
LAYER = Layer(ASN)
V = np.linspace(-0.12, 0.12, 61)


def test_the_layer_has_mean_and_spread_of_the_surrogate():
    xi = (np.arange(4000) + 0.5) / 4000
    samples = LAYER.sample(V[:, None], xi)
    assert LAYER.mean(V) == pytest.approx(ASN.mean(V), abs=2e-4)
    assert samples.mean(axis=1) == pytest.approx(ASN.mean(V), abs=2e-3)
    assert samples.std(axis=1) == pytest.approx(ASN.sigma(V), rel=0.03, abs=3e-4)


def test_values_and_slopes_are_continuous_across_the_grid():
    core = LAYER.core
    edges = core.start + core.step * np.arange(20, 380)
    e = 1e-9
    assert LAYER.mean(edges + e) == pytest.approx(LAYER.mean(edges - e), abs=1e-7)
    assert LAYER.slope(edges - 1e-2 * core.step) == pytest.approx(
        LAYER.slope(edges + 1e-2 * core.step), rel=0.1, abs=0.05
    )


def test_beyond_its_grid_the_neuron_is_saturated():
    assert LAYER.mean(9.0) == pytest.approx(ASN.tables.output.min(), abs=0.02)
    assert LAYER.slope(9.0) == 0.0


def test_too_few_points_are_refused():
    with pytest.raises(ParameterError, match="points"):
        Layer(ASN, points=3)


@pytest.mark.parametrize("make", [jax_functions, torch_layer])
def test_without_its_package_a_layer_says_what_to_install(make, monkeypatch):
    import sys

    for name in ("jax", "torch"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match="pip install 'spinspice"):
        make(ASN)


def test_jax_computes_the_same_and_its_gradients_are_right():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    mean, sample = jax_functions(ASN)
    assert np.asarray(mean(V)) == pytest.approx(LAYER.mean(V), abs=1e-9)
    slope = np.asarray(jax.vmap(jax.grad(mean))(V))
    assert slope == pytest.approx(LAYER.slope(V), rel=1e-4, abs=1e-5)
    key = jax.random.PRNGKey(3)
    looks = np.asarray(jax.jit(lambda v: sample(v, key, 500))(V))
    assert np.abs(looks - LAYER.mean(V)).max() < 6 * ASN.sigma(V).max() / np.sqrt(500)
    h = 1e-6
    one = jax.grad(lambda v: sample(v, key))
    for v in (-0.05, 0.011, 0.06):
        assert float(one(v)) == pytest.approx(float(sample(v + h, key) - sample(v - h, key)) / (2 * h), rel=1e-4)


def test_torch_computes_the_same_and_its_gradients_are_right():
    torch = pytest.importorskip("torch")
    torch.set_default_dtype(torch.float64)
    try:
        layer = torch_layer(ASN, looks=2)
        v = torch.tensor(V, requires_grad=True)
        layer.eval()
        out = layer(v)
        assert out.detach().numpy() == pytest.approx(LAYER.mean(V), abs=1e-9)
        out.sum().backward()
        assert v.grad.numpy() == pytest.approx(LAYER.slope(V), rel=1e-4, abs=1e-5)
        layer.train()
        xi = torch.rand((2, V.size), generator=torch.Generator().manual_seed(1))
        given = layer(v, xi).detach().numpy()
        assert given == pytest.approx(LAYER.sample(V, xi.numpy()).mean(axis=0), abs=1e-9)
        assert torch.autograd.gradcheck(lambda x: layer(x, xi), v, eps=1e-7, atol=1e-4)
        assert not torch.equal(layer(v), layer(v))
        assert "table" in layer.state_dict() and not list(layer.parameters())
    finally:
        torch.set_default_dtype(torch.float32)
