"""Measured sets with known truth: drawn by the reference solvers, with the noise of an instrument."""

from __future__ import annotations

import numpy as np

from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.reference.telegraph import simulate_telegraph, switching_times

TRUTH = Telegraph(R_P=5e3, TMR=1.2, V_half=0.45, delta=8.0, field=0.03, asymmetry=0.12, V_c=0.25, phi0=1e9)
BIASES = np.linspace(-0.06, 0.06, 7)


def _run(bias, seed, stays=120, device=TRUTH):
    rates = device.escape_rates(bias / device.V_c)
    cycle = 1.0 / rates[0] + 1.0 / rates[1]
    return simulate_telegraph(device, stays / 2.0 * float(cycle), seed, voltage=float(bias))


def _stays(bias, seed, count=120, device=TRUTH):
    """A number of complete stays, P first. (Those within a window of time are too short: long ones are cut.)"""
    times = switching_times(device, count, seed, voltage=float(bias))
    stays = np.diff(times, prepend=0.0)
    return stays[::2], stays[1::2]


def dwells(seed, dead=0.0):
    columns = {"dwell": [], "state": [], "bias": []}
    for k, bias in enumerate(BIASES):
        for state, stays in enumerate(_stays(bias, 1000 * seed + k)):
            stays = stays[stays > dead]
            columns["dwell"].extend(stays)
            columns["state"].extend([state] * stays.size)
            columns["bias"].extend([bias] * stays.size)
    return columns, {name: getattr(TRUTH, name) for name in ("delta", "V_c", "field", "asymmetry")}, {}


def rates(seed):
    rows = {name: [] for name in ("bias", "tau_P", "tau_AP", "n_P", "n_AP")}
    for k, bias in enumerate(BIASES):
        for name, stays in zip(("P", "AP"), _stays(bias, 1000 * seed + k), strict=True):
            rows[f"tau_{name}"].append(stays.mean())
            rows[f"n_{name}"].append(stays.size)
        rows["bias"].append(bias)
    return rows, {name: getattr(TRUTH, name) for name in ("delta", "V_c", "field", "asymmetry")}, {}


def temperature(seed):
    """Stays against bias and temperature: the attempt frequency comes out too."""
    rows = {name: [] for name in ("bias", "T (K)", "tau_P", "tau_AP", "n_P", "n_AP")}
    for k, (bias, T) in enumerate((b, T) for b in (-0.05, 0.0, 0.05) for T in (260.0, 300.0, 350.0)):
        for name, stays in zip(("P", "AP"), _stays(bias, 1000 * seed + k, device=TRUTH.replace(T=T)), strict=True):
            rows[f"tau_{name}"].append(stays.mean())
            rows[f"n_{name}"].append(stays.size)
        rows["bias"].append(bias)
        rows["T (K)"].append(T)
    return rows, {name: getattr(TRUTH, name) for name in ("delta", "V_c", "field", "asymmetry", "phi0")}, {}


def rate(seed):
    device = TRUTH.replace(field=0.0, asymmetry=0.0)
    rng = np.random.default_rng([1, seed])
    bias = np.linspace(-0.1, 0.1, 15)
    measured = device.rate(bias / device.V_c) * (1.0 + 0.03 * rng.standard_normal(bias.size))
    return (
        {"bias": bias, "rate": measured, "rate_err": 0.03 * measured},
        {"delta": device.delta, "V_c": device.V_c},
        {},
    )


def mean(seed):
    device = TRUTH.replace(asymmetry=0.0)
    rng = np.random.default_rng([2, seed])
    bias = np.linspace(-0.1, 0.1, 21)
    out_of_P, out_of_AP = device.escape_rates(bias / device.V_c)
    share = out_of_P / (out_of_P + out_of_AP) + 0.02 * rng.standard_normal(bias.size)
    return {"bias": bias, "mean": share}, {"V_c": device.V_c, "field": device.field}, {"fix": {"delta": 8.0}}


def switching(seed):
    device = Telegraph(delta=45.0, V_c=0.5)
    columns = {"bias": [], "width": [], "trials": [], "switched": []}
    number = 0
    for width in (1e-8, 1e-7, 1e-6):
        middle = device.V_c * (1.0 - np.log(device.phi0 * width) / device.delta)
        for bias in middle + np.linspace(-0.02, 0.02, 7):
            # The seeds of one pulse each: out of AP within the width.
            seeds = 10_000 * seed + 50 * number + np.arange(50)
            first = switching_times(device.replace(state0=1.0), 1, seeds, voltage=float(bias))[:, 0]
            switched = int(np.sum(first <= width))
            number += 1
            for name, value in zip(columns, (bias, width, 50, switched), strict=True):
                columns[name].append(value)
    return columns, {"delta": device.delta, "V_c": device.V_c}, {}


def rv(seed):
    rng = np.random.default_rng([3, seed])
    bias = np.tile(np.linspace(-0.5, 0.5, 21), 2)
    state = np.repeat([0.0, 1.0], 21)
    measured = (1.0 + 0.01 * rng.standard_normal(42)) / conductance(TRUTH, bias, 1.0 - 2.0 * state)
    return {"bias": bias, "R": measured}, {name: getattr(TRUTH, name) for name in ("R_P", "TMR", "V_half")}, {}


def rh_easy(seed):
    rng = np.random.default_rng([4, seed])
    B_k = 0.08
    flux = np.linspace(-0.02, 0.02, 41)
    h = TRUTH.field + flux / B_k
    cosine = np.tanh(2.0 * TRUTH.delta * h)
    measured = (1.0 + 0.01 * rng.standard_normal(41)) / conductance(TRUTH, 0.0, cosine)
    truth = {"R_P": TRUTH.R_P, "TMR": TRUTH.TMR, "B_k": B_k, "field": TRUTH.field}
    return {"H (mT)": 1e3 * flux, "R": measured}, truth, {"fix": {"delta": TRUTH.delta}}


def rh_macrospin(seed):
    """Langevin's law of a macrospin without anisotropy, drawn spin by spin."""
    rng = np.random.default_rng([5, seed])
    device = Macrospin(R_P=5e3, TMR=1.2, Ms=8e5, Nz=0.0, area=3e-16, t_free=1e-9)
    flux = np.linspace(-0.2, 0.2, 41)
    x = device.moment * (flux - 0.005) / (1.380649e-23 * device.T)
    cosine = 1.0 / np.tanh(x) - 1.0 / x
    measured = (1.0 + 0.01 * rng.standard_normal(41)) / conductance(device, 0.0, cosine)
    truth = {"R_P": device.R_P, "TMR": device.TMR, "Ms": device.Ms, "B_0": 0.005}
    return {"H (mT)": 1e3 * flux, "R": measured}, truth, {"base": device.replace(Ms=4e5)}


def rh_hard(seed, axis="sensor"):
    rng = np.random.default_rng([6, seed])
    device = Macrospin.perpendicular(diameter=40e-9, t_free=1.5e-9, Ms=9e5, alpha=0.01, TMR=1.2, R_P=5e3, B_k=1.3)
    flux = np.linspace(-0.45, 0.45, 61)
    cosine = np.array([_sphere_mean(device, B - 0.01, axis) for B in flux])
    measured = (1.0 + 0.01 * rng.standard_normal(61)) / conductance(device, 0.0, cosine)
    truth = {"R_P": device.R_P, "TMR": device.TMR, "B_k": device.B_eff, "B_0": 0.01}
    return {"B": flux, "R": measured}, truth, {"base": device.replace(B_k=1.25), "axis": axis}


def _sphere_mean(device, B, axis):
    """Mean over Boltzmann's law on a grid of directions: z easy, field along x, and for a hard axis mz above 0."""
    theta = (np.arange(240) + 0.5) / 240 * (np.pi if axis == "sensor" else np.pi / 2)
    phi = (np.arange(120) + 0.5) / 120 * 2.0 * np.pi
    mx = np.sin(theta)[:, None] * np.cos(phi)
    mz = np.cos(theta)[:, None] + 0.0 * mx
    energy = device.moment * (0.5 * device.B_eff * mz**2 + B * mx) / (1.380649e-23 * device.T)
    weight = np.sin(theta)[:, None] * np.exp(energy - energy.max())
    return float(np.sum(weight * (mx if axis == "sensor" else mz)) / np.sum(weight))


def trace(seed, constant=0.0, samples=100.0, noise=0.08):
    """A sampled, noisy signal behind a filter of one time ``constant``, in units of the shorter mean stay."""
    device = TRUTH.replace(asymmetry=0.0)
    rng = np.random.default_rng([7, seed])
    rates = [float(r) for r in device.escape_rates(0.0)]
    shortest = 1.0 / max(rates)
    run = _run(0.0, seed, stays=400, device=device)
    step = shortest / samples
    time = step * np.arange(int(run.duration / step))
    state = run.state_at(time).astype(float)
    if constant:
        state = _filtered(run, time, constant * shortest)
    signal = 0.1 + 0.2 * state + 0.2 * noise * rng.standard_normal(time.size)
    more = {"bandwidth": 1.0 / (2.0 * np.pi * constant * shortest)} if constant else {}
    return {"time": time, "signal": signal}, {"delta": device.delta, "field": device.field}, more


def _filtered(run, time, constant):
    """Exact response of a filter of first order to a signal that jumps."""
    edges = np.concatenate([[0.0], run.flips])
    levels = (run.state0 + np.arange(edges.size)) % 2
    value = np.empty(edges.size)
    value[0] = levels[0]
    for k in range(1, edges.size):
        value[k] = levels[k - 1] + (value[k - 1] - levels[k - 1]) * np.exp(-(edges[k] - edges[k - 1]) / constant)
    at = np.searchsorted(edges, time, side="right") - 1
    return levels[at] + (value[at] - levels[at]) * np.exp(-(time - edges[at]) / constant)


def missed(seed):
    """A filter that hides some 15 % of the stays."""
    return trace(seed, constant=0.08, noise=0.04)


#: Kind of data -> how a set of it is made: columns, true values, further settings of the fit.
SETS = {
    "dwells": dwells,
    "rates": rates,
    "rates over temperature": temperature,
    "rate": rate,
    "mean": mean,
    "switching": switching,
    "rv": rv,
    "rh": rh_easy,
    "rh of a macrospin": rh_macrospin,
    "rh, sensor": rh_hard,
    "rh, hard axis": lambda seed: rh_hard(seed, "hard"),
    "trace": trace,
    "trace behind a filter": missed,
}


def kind_of(name):
    return name.split()[0].strip(",")
