"""Does a net that was trained through the noise of its neurons work in SPICE?

A surrogate of the cell stands in the net: three analog neurons between two inputs and one output, which learns XOR.
Training sees samples, each the mean of four looks at the fluctuating junction; gradients pass through the cell. Every
neuron of the trained net then runs in ngspice at the voltages that the net puts on its gate.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from spinspice.benches.cell import cell_testbench
from spinspice.cells import choose_cell
from spinspice.jobs import run_jobs
from spinspice.panels import Curve, Panel
from spinspice.plotting import plot_panels
from spinspice.surrogate import extract
from spinspice.surrogate.formulas import Layer

X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
WANTED = np.array([-1.0, 1.0, 1.0, -1.0])
#: Neurons, looks at each, volts of an input of 1, and seed.
HIDDEN, LOOKS, VOLTS, SEED = 3, 4, 0.1, 1


def gates(q: np.ndarray) -> np.ndarray:
    """Return the voltages on the gates of the neurons for all inputs, shape (4, HIDDEN)."""
    return VOLTS * (X @ q[: 2 * HIDDEN].reshape(2, HIDDEN) + q[2 * HIDDEN : 3 * HIDDEN])


def answer(q: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Return the answers of the net for outputs of its neurons [V]."""
    return outputs / 0.35 @ q[3 * HIDDEN : 4 * HIDDEN] + q[-1]


def loss(q: np.ndarray, layer: Layer, xi: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the squared error over noisy passes, shape of xi (passes, LOOKS, 4, HIDDEN), and its gradient."""
    v = gates(q)
    z = np.mean(layer.sample(v, xi), axis=1)
    h = 1e-3 * layer.core.step
    slope = np.mean(layer.sample(v + h, xi) - layer.sample(v - h, xi), axis=1) / (2 * h)
    error = answer(q, z) - WANTED
    each = 2.0 * error[..., None] / error.size
    back = each * q[3 * HIDDEN : 4 * HIDDEN] / 0.35 * slope * VOLTS
    total = back.sum(axis=0)
    gradient = np.concatenate(
        [(X.T @ total).ravel(), total.sum(axis=0), (each * z / 0.35).sum(axis=(0, 1)), [each.sum()]]
    )
    return float(np.mean(error**2)) + 1e-3 * float(q @ q), gradient + 2e-3 * q


def main(short: bool = False, out: str = ".") -> dict[str, object]:
    """Train, check in SPICE; returns answers and voltages of both."""
    cell, _, _ = choose_cell("asn", None, "generic")
    surrogate = extract(cell, engine="ngspice", duration=40e-9 if short else 80e-9)
    layer = Layer(surrogate)
    draw = np.random.default_rng(SEED)
    xi = draw.random((20 if short else 100, LOOKS, 4, HIDDEN))  # the same noise at every step: a smooth loss
    tries = [minimize(loss, draw.normal(0.0, 0.7, 4 * HIDDEN + 1), (layer, xi), jac=True) for _ in range(6)]
    q = min(tries, key=lambda found: found.fun).x
    stop, runs = (20e-9, 1) if short else (60e-9, 4)
    v = np.clip(gates(q), *cell.rails)
    benches = [
        cell_testbench(cell, stop=stop, vin=float(one), seed=k + 100 * r).replace(step=5e-12)
        for r in range(runs) for k, one in enumerate(v.ravel())
    ]  # fmt: skip
    means = run_jobs(benches, engine="ngspice", reduce=lambda w: float(w.resample(5e-12)["v(out)"][400:].mean()))
    circuit = np.reshape(means, (runs, 4, HIDDEN)).mean(axis=0)
    expected = surrogate.mean(v)
    print("inputs      wanted  surrogate  circuit")
    for x, t, a, b in zip(X, WANTED, answer(q, expected), answer(q, circuit), strict=True):
        print(f"{x[0]:+.0f} {x[1]:+.0f}  {t:10.0f} {a:10.2f} {b:8.2f}")
    print(f"largest difference of a neuron: {1e3 * np.abs(circuit - expected).max():.1f} mV of {surrogate.swing:.2f} V")
    grid = np.linspace(*surrogate.transition(), 200)
    curves = (
        Curve(x=1e3 * grid, y=1e3 * surrogate.mean(grid), label="surrogate"),
        Curve(x=1e3 * v.ravel(), y=1e3 * circuit.ravel(), label="circuit", kind="points", color=1),
    )
    panel = Panel(title="neurons of the net", xlabel="gate (mV)", ylabel="mean output (mV)", curves=curves)
    plot_panels([panel], "trained through the noise, run in SPICE", f"{out}/15_train_with_noise.png")
    return {"surrogate": answer(q, expected), "circuit": answer(q, circuit), "neurons": circuit - expected, "q": q}


if __name__ == "__main__":
    main()
