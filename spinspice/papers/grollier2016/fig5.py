"""Grollier 2016, Fig. 5: a weak signal, and a junction that follows it best at a noise that is not zero."""

from __future__ import annotations

import numpy as np

from spinspice.devices.laws.driven import best_noise, best_response_noise, linear_response, signal_to_noise
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.telegraph import simulate_telegraph
from spinspice.devices.telegraph import Telegraph
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "grollier2016-fig5"
SUMMARY = "stochastic resonance of a junction: signal-to-noise ratio and response against the noise"
SOURCE = "Grollier et al. 2016, Fig. 5 (a principle, drawn without numbers)"
#: Attempt rate [1/s], drive over barrier, drive frequency over attempt rate.
PHI0, DRIVE, OMEGA = 1e9, 0.02, 1e-3
#: Noise over barrier of the simulated points, and periods of each; full and short.
NOISES, PERIODS = (0.12, 0.1486, 0.2, 0.3, 0.5, 0.8), (4000, 800)


def run(request: Request) -> Reproduction:
    """Simulate the points; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    periods = PERIODS[1 if request.short else 0]
    points = [_response(d, periods, instance_seed(request.seed, f"noise {d:g}")) for d in NOISES]
    law = [linear_response(np.exp(-1.0 / d), DRIVE / d, OMEGA).amplitude for d in NOISES]
    grid = np.linspace(0.08, 1.2, 300)
    rows = [
        Row(
            quantity=f"amplitude of the response at noise {d:g} of the barrier", paper=expected, here=value,
            stderr=error, tolerance=3e-3 * expected, source="linear response, right to 0.3 % at this drive",
        )
        for d, expected, (value, error) in zip(NOISES, law, points, strict=True)
    ]  # fmt: skip
    rows.append(Row(quantity="noise of the best signal-to-noise ratio, of the barrier", paper=best_noise(1.0),
                    here=float(grid[np.argmax([signal_to_noise(np.exp(-1 / d), DRIVE / d) for d in grid])]),
                    tolerance=2e-3, source="U / 2 exactly"))  # fmt: skip
    return Reproduction(
        name=FIGURE,
        title="Grollier 2016, Fig. 5: stochastic resonance of a two-state junction",
        source=SOURCE,
        rows=tuple(rows),
        panels=(_trace(request.seed), _curves(grid, points)),
        remarks=(
            (
                f"The response is largest at {best_response_noise(1.0, OMEGA):.4f} of the barrier, where the mean stay "
                "is 0.27 half periods: neither the best signal-to-noise ratio nor 'mean stay = half period'."
            ),
            "Thermal noise is the noise here: the rate is phi0 exp(-U/D), the drive in the exponent A/D.",
        ),
        provenance={"seed": request.seed, "periods": periods},
    )


def _junction(noise: float) -> Telegraph:
    """A junction of barrier 1 / noise, whose critical voltage is 1 V."""
    return Telegraph(delta=1.0 / noise, V_c=1.0, phi0=PHI0, t_sw=1e-15)


def _events(noise: float, drive: float, periods: int, seed: int) -> tuple[np.ndarray, float]:
    omega = OMEGA * PHI0
    period = 2.0 * np.pi / omega
    time = np.linspace(0.0, period, 401)
    voltage = (time, -drive * np.cos(omega * time))
    run = simulate_telegraph(_junction(noise), periods * period, seed, voltage=voltage, period=period)
    return run.flips, period


def _response(noise: float, periods: int, seed: int) -> tuple[float, float]:
    """First harmonic of the state along the lag of the linear law, and its standard error over 40 blocks."""
    flips, period = _events(noise, DRIVE, periods, seed)
    omega = 2.0 * np.pi / period
    blocks = 40
    edges = np.sort(np.concatenate([[0.0], flips, np.arange(1, blocks + 1) * (periods // blocks) * period]))
    edges = edges[edges <= blocks * (periods // blocks) * period]
    sign = -1.0 + 2.0 * (np.searchsorted(flips, 0.5 * (edges[1:] + edges[:-1])) % 2)
    lag = np.radians(linear_response(np.exp(-1.0 / noise), DRIVE / noise, OMEGA).lag)
    pieces = sign * np.diff(np.sin(omega * edges - lag)) / omega
    block = np.minimum((edges[:-1] / ((periods // blocks) * period) + 1e-9).astype(int), blocks - 1)
    sums = np.bincount(block, pieces, blocks) * 2.0 / ((periods // blocks) * period)
    return float(sums.mean()), float(sums.std(ddof=1) / np.sqrt(blocks))


def _trace(seed: int) -> Panel:
    noise, drive, periods = 0.12, 0.5, 6  # some three quarters of an escape a half period at rest
    flips, period = _events(noise, drive, periods, instance_seed(seed, "trace"))
    shown = np.repeat(np.concatenate([[0.0], flips, [periods * period]]), 2)[1:-1] / period
    state = np.repeat(np.arange(flips.size + 1) % 2, 2) * 2.0 - 1.0
    time = np.linspace(0.0, periods, 600)
    return Panel(
        title="Signal below threshold, and the state that follows it", xlabel="time [periods]", ylabel="signal, state",
        curves=(
            Curve(x=shown, y=state, label="state", color=1),
            Curve(x=time, y=drive * np.cos(2.0 * np.pi * time), kind="dashed", label="signal, of the threshold"),
        ),
    )  # fmt: skip


def _curves(grid: np.ndarray, points: list[tuple[float, float]]) -> Panel:
    snr = np.array([signal_to_noise(np.exp(-1.0 / d), DRIVE / d) for d in grid])
    response = np.array([linear_response(np.exp(-1.0 / d), DRIVE / d, OMEGA).amplitude for d in grid])
    return Panel(
        title="Response and signal-to-noise ratio", xlabel="noise / barrier", ylabel="over its largest value",
        curves=(
            Curve(x=grid, y=response / response.max(), label="response, exact at small drive"),
            Curve(x=NOISES, y=[p[0] / response.max() for p in points], yerr=[p[1] / response.max() for p in points],
                  kind="points", label="junction, event by event"),
            Curve(x=grid, y=snr / snr.max(), label="signal-to-noise ratio", color=1),
        ),
    )  # fmt: skip
