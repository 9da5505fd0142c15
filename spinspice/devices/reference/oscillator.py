"""Spin-torque nano-oscillators in the frame of ``f_ref``: independent ones, or groups coupled to one another.

The law of `verilog_a/stno.va` on the same noise path, RK4 between the samples. The currents are given and slow; what a
circuit makes of the carrier comes in averaged over a period: tones (a force of half its amplitude, the other half turns
at twice the frequency) and couplings (a complex number a pair). Not modelled: what turns at twice the carrier.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.drive import Drive, as_table, checked_seeds, count_steps, value_at
from spinspice.devices.reference.noise import fill_normal
from spinspice.errors import ResultError, UsageError

#: Noise samples generated at a time.
BLOCK = 256
#: Longest internal step over the shortest time of the envelope: RK4 is then right to 1e-6 and better.
FINE = 0.1


@dataclasses.dataclass(frozen=True)
class OscillatorRun:
    """What a reference run returns: times (r,) and complex amplitudes in the frame, (r,) or (n, r)."""

    time: NDArray[np.float64]
    a: NDArray[np.complex128]

    @property
    def power(self) -> NDArray[np.float64]:
        """Power p = |a|^2 [1]."""
        return np.abs(self.a) ** 2

    @property
    def phase(self) -> NDArray[np.float64]:
        """Phase of the oscillation in the frame, rising with the frequency, unwrapped [rad]."""
        return -np.unwrap(np.angle(self.a), axis=-1)


def simulate_oscillator(
    device: Any,
    duration: float,
    seed: ArrayLike = 1,
    *,
    current: Drive,
    tones: ArrayLike = (),
    coupling: ArrayLike | None = None,
    substeps: int | None = None,
    decimate: int = 1,
) -> OscillatorRun:
    """Integrate the amplitudes of oscillators at given currents.

    Parameters
    ----------
    device : SpinTorqueOscillator or sequence of them
        One for all, or one for each place in a group; ``f_ref``, ``dt`` and ``tau_I`` are those of the first.
    duration : float
        Simulated time [s], rounded to whole noise steps.
    seed : int or array of shape (n,)
        Seed of the noise of each oscillator.
    current : float, array of shape (n,), or (times, values)
        Current of each [A], as for :func:`~spinspice.devices.reference.macrospin.simulate_macrospin`.
    tones : array of shape (k, 3) or (n / m, k, 3)
        Forces on every member of a group: amplitude [1/s] (half of that of the force), frequency [Hz], phase [rad].
    coupling : array of shape (m, m), complex, optional
        Groups of m neighbours in the order of the seeds: member i is forced by sum_j coupling[i, j] a_j [1/s].
    substeps : int, optional
        RK4 steps a noise step; by default what resolves the envelope.
    decimate : int
        Record every so many noise steps.

    Raises
    ------
    UsageError
        For shapes that do not fit, or devices with frames of their own.
    ParameterError
        For a duration below one noise step, or a seed out of range.
    ResultError
        If an amplitude passes 1: the core leaves the disk.
    """
    devices = tuple(device) if isinstance(device, Sequence) else (device,)
    first, seeds = devices[0], checked_seeds(seed)
    if len({(each.f_ref, each.dt, each.tau_I) for each in devices}) > 1:
        raise UsageError("oscillators of one run share f_ref, dt and tau_I. Use replace(f_ref=...) on each.")
    matrix = np.zeros((1, 1), complex) if coupling is None else np.array(coupling, dtype=complex, order="C")
    size = matrix.shape[0]
    if matrix.shape != (size, size) or seeds.size % size or len(devices) not in (1, size):
        raise UsageError(
            f"coupling has the shape {matrix.shape} for {seeds.size} seeds and {len(devices)} devices: give a square "
            "matrix, seeds for whole groups, and one device or one for each member of a group."
        )
    groups = seeds.size // size
    forces = np.asarray(tones, dtype=float).reshape(-1, 3) if np.ndim(tones) < 3 else np.asarray(tones, dtype=float)
    forces = np.array(forces[None] if forces.ndim == 2 else forces, order="C")
    if forces.shape[0] not in (1, groups) or forces.shape[2] != 3:
        raise UsageError(f"tones has the shape {np.shape(tones)}; give (k, 3), or ({groups}, k, 3) for each group.")
    steps = count_steps(duration, first.dt, "oscillator")
    times, values = as_table(current, seeds.size, "current")
    if substeps is None:
        fastest = _fastest(devices, np.max(np.abs(values)), forces, matrix)
        substeps = max(1, math.ceil(first.dt * fastest / FINE))
    table = np.array([_coefficients(each) for each in devices])
    out = np.empty((seeds.size, steps // int(decimate) + 1), complex)
    frame = (first.dt, first.f_ref, first.tau_I)
    _groups(table, frame, matrix, seeds, times, values, forces, steps, int(substeps), int(decimate), out)
    time = np.arange(out.shape[1]) * (int(decimate) * first.dt)
    check_inside(time, out)
    return OscillatorRun(time, out[0] if np.ndim(seed) == 0 else out)


def check_inside(time: NDArray[np.float64], a: NDArray[np.complex128]) -> None:
    """Refuse amplitudes (..., r) that pass 1, where the core leaves the disk and the model ends.

    Raises
    ------
    ResultError
    """
    outside = np.abs(a).reshape(-1, a.shape[-1]).max(axis=0) > 1.0
    if outside.any():
        raise ResultError(
            f"the core leaves the disk at {time[outside.argmax()]:.3g} s: the amplitude reaches {np.abs(a).max():.3g}, "
            "allowed up to 1. Lower the forces (field, radio-frequency current) or the noise."
        )


def _coefficients(device: Any) -> list[float]:
    """Return the numbers of a device that the loop needs."""
    detuning = 2.0 * math.pi * (device.f0 - device.f_ref)
    sigma = math.sqrt(device.D * device.T / 300.0 / device.dt)
    return [device.Gamma, device.Q, detuning, device.N, device.I_th, sigma, device.x0, device.y0]


def _fastest(devices: Sequence[Any], current: float, forces: NDArray[Any], matrix: NDArray[Any]) -> float:
    """Return the fastest rate of the envelope [1/s]."""
    rates = [
        each.Gamma * (1.0 + abs(each.Q) + current / each.I_th)
        + abs(2.0 * math.pi * (each.f0 - each.f_ref)) / 10.0
        + abs(each.N) * 0.5
        for each in devices
    ]
    turning = 2.0 * math.pi * np.max(np.abs(forces[..., 1] - devices[0].f_ref), initial=0.0)
    return float(max(rates) + np.max(np.sum(np.abs(matrix), axis=1)) + turning / 5.0)


@compiled
def _slope(table, matrix, forces, f_ref, tau, t, a, z, drive, noise, da, dz):
    """Fill ``da`` and ``dz`` for the amplitudes ``a`` and slow drives ``z`` of one group."""
    push = 0.0j
    for k in range(forces.shape[0]):
        push += forces[k, 0] * np.exp(-1j * (6.283185307179586 * (forces[k, 1] - f_ref) * t + forces[k, 2]))
    for i in range(a.size):
        q = table[i % table.shape[0]]
        p = a[i].real * a[i].real + a[i].imag * a[i].imag
        growth = q[0] * (z[i] * (1.0 - p) - 1.0 - q[1] * p)
        da[i] = (growth - 1j * (q[2] + q[3] * p)) * a[i] + noise[i] + push
        for j in range(matrix.shape[1]):
            da[i] += matrix[i, j] * a[j]
        dz[i] = (drive[i] / q[4] - z[i]) / tau


@compiled
def _group(table, frame, matrix, seeds, times, values, forces, steps, substeps, decimate, out):
    """Integrate one group and record every ``decimate``-th noise step in ``out`` (members, r)."""
    dt, f_ref, tau = frame
    n = seeds.size
    h = dt / substeps
    buffer, scratch = np.zeros((n, 2, BLOCK + 1)), np.empty(BLOCK + 1)
    a, z, drive = np.empty(n, np.complex128), np.empty(n), np.empty(n)
    noise, b, y = np.zeros(n, np.complex128), np.empty(n, np.complex128), np.empty(n)
    ka, kz = np.empty((4, n), np.complex128), np.empty((4, n))
    cursors = np.zeros(n, np.int64)
    stage, weight = (0.0, 0.5, 0.5, 1.0), (1.0, 2.0, 2.0, 1.0)
    for i in range(n):
        q = table[i % table.shape[0]]
        a[i] = q[6] + 1j * q[7]
        start, cursors[i] = value_at(0.0, times, values[i % values.shape[0]], 0)
        z[i] = start / q[4]
        out[i, 0] = a[i]
    for k in range(steps):
        slot = k % BLOCK
        if slot == 0:
            for i in range(n):
                if table[i % table.shape[0], 5] > 0.0:
                    for c in range(2):
                        fill_normal(seeds[i], float(c), float(k), buffer[i, c], scratch)
        for j in range(substeps):
            for s in range(4):
                part = (j + stage[s]) / substeps
                t = (k + part) * dt
                for i in range(n):
                    sigma = table[i % table.shape[0], 5]
                    x0, y0 = buffer[i, 0, slot], buffer[i, 1, slot]
                    x1, y1 = buffer[i, 0, slot + 1], buffer[i, 1, slot + 1]
                    noise[i] = sigma * (x0 + part * (x1 - x0) + 1j * (y0 + part * (y1 - y0)))
                    drive[i], cursors[i] = value_at(t, times, values[i % values.shape[0]], cursors[i])
                    b[i] = a[i] if s == 0 else a[i] + stage[s] * h * ka[s - 1, i]
                    y[i] = z[i] if s == 0 else z[i] + stage[s] * h * kz[s - 1, i]
                _slope(table, matrix, forces, f_ref, tau, t, b, y, drive, noise, ka[s], kz[s])
            for i in range(n):
                for s in range(4):
                    a[i] += weight[s] * h / 6.0 * ka[s, i]
                    z[i] += weight[s] * h / 6.0 * kz[s, i]
        if (k + 1) % decimate == 0:
            for i in range(n):
                out[i, (k + 1) // decimate] = a[i]


@compiled_parallel
def _groups(table, frame, matrix, seeds, times, values, forces, steps, substeps, decimate, out):
    """Run every group; threads take groups, so results do not depend on their number."""
    size = matrix.shape[0]
    for index in numba.prange(seeds.size // size):
        g = np.int64(index)
        low, high = g * size, (g + 1) * size
        own = values if values.shape[0] == 1 else values[low:high]
        force = forces[g % forces.shape[0]]
        _group(table, frame, matrix, seeds[low:high], times, own, force, steps, substeps, decimate, out[low:high])
