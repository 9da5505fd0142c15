r"""Compiled motion of extracted p-bits: magnet, divider and inverters of every p-bit of a network, step by step.

A step of dt for p-bit i with the magnet's component x_i along the reference layer and the input v_i [V]:

.. math::
    e_i = \mathrm{clip}(s + c s^2 - x_i, -l, h), \quad s = (v_i - v_x)/w, \qquad
    \tau_1 \dot y_i = e_i - y_i, \qquad \tau_2 \dot z_i = \mathrm{clip}(g y_i, -1, 1) - z_i

and the state is the sign of z, a delay later. y stands for the midpoint of the divider (the slow node), z for the
inverters; w is the change of the input that makes up for a quarter turn of the magnet, and the divider saturates at -l
and h.

The layer turns freely in its plane: :math:`x = \cos\varphi`, :math:`\dot\varphi = \omega`, with
:math:`\dot\omega = -\omega/\tau - b \sigma^2 \sin\varphi + \sqrt{2/\tau}\,\sigma\,\xi`, whose stationary density is
:math:`e^{b \cos\varphi - \omega^2 / 2 \sigma^2}`: a pendulum in a bath; b stands for what spin torque does to the mean.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from spinspice.networks.pbits.sampling import mixed

#: Entries of the table of cosines, a power of two: steps of 0.1 degrees.
TURNS = 4096
_COSINE = np.cos(2.0 * np.pi * (np.arange(TURNS) + 0.5) / TURNS)
_MASK, _QUARTER = TURNS - 1, 3 * TURNS // 4
#: Columns of the table of parameters, one row a p-bit; rates and kicks are those of one step.
COLUMNS = ("v_x", "w", "bend", "rate_mid", "gain", "rate_out", "kick", "keep", "pull", "turn", "low", "high")
#: Four 16-bit numbers add up to a mean of 2 * 65535 and a variance of (2**32 - 1) / 3.
_MEAN, _SCALE = 131070.0, 1.0 / math.sqrt((2.0**32 - 1.0) / 3.0)
#: Most p-bits whose state fits into one number.
MAX_ROW = 62


@njit(cache=True, inline="always")
def normal_of(counter):
    """Return a number of mean 0 and variance 1: the sum of four uniform ones (none beyond 3.5)."""
    z = mixed(counter)
    low = np.uint64(0xFFFF)
    total = (z & low) + ((z >> np.uint64(16)) & low) + ((z >> np.uint64(32)) & low) + (z >> np.uint64(48))
    return (np.float64(total) - _MEAN) * _SCALE


@njit(cache=True, inline="always")
def turned(table, i, omega, turn, counter):
    """Move the layers of p-bit i by one step; returns the mean of their components before, and the counter."""
    x = 0.0
    for j in range(omega.shape[1]):
        counter += np.uint64(1)
        at = int(turn[i, j] * TURNS) & _MASK
        x += _COSINE[at]
        spin = table[i, 7] * omega[i, j] + table[i, 6] * normal_of(counter)
        omega[i, j] = spin - table[i, 8] * _COSINE[(at + _QUARTER) & _MASK]
        now = turn[i, j] + table[i, 9] * omega[i, j]
        turn[i, j] = now - math.floor(now)
    return x / omega.shape[1], counter


@njit(cache=True)
def _begin(table, m, counter, omega, turn, late):
    """Fill in where magnets and outputs begin; returns the counter and the number of the state."""
    row = 0
    for i in range(m.size):
        for j in range(turn.shape[1]):
            counter += np.uint64(1)
            turn[i, j] = np.float64(mixed(counter) >> np.uint64(11)) / 9007199254740992.0
            counter += np.uint64(1)
            omega[i, j] = normal_of(counter) * table[i, 6] / math.sqrt(1.0 - table[i, 7] ** 2)
        late[:, i] = 1 if m[i] > 0 else -1
        row = 2 * row + (1 if m[i] > 0 else 0) if m.size <= MAX_ROW else 0
    return counter, row


@njit(cache=True)
def move(
    couplings, trim, bias, scale, table, junctions, smooth, delay, lead, given, groups, period, ramp, warm, record,
    counter, counts,
    rows, m,
):  # fmt: skip
    """Move a network by ``warm`` steps and then by as many as fill ``rows``, one every ``record`` steps.

    ``couplings`` is (start, other, weight); the input of p-bit i is trim[i] + ramp (bias[i] + scale[i] sum J m), with
    ``ramp`` spread over the whole run. ``given`` (n, steps) is the magnet, where it is not to be drawn (shape (n, 0)).
    With a ``period`` [steps] a sequencer turns through the ``groups`` (g, n): a group takes at the end of its turn what
    its inverters say then; without one every p-bit follows its inverters at once. Counts states in ``counts``; returns
    the flips.
    """
    start, other, weight = couplings
    n = m.size
    omega, turn = np.zeros((n, junctions)), np.zeros((n, junctions))
    mid, out, field, drive = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    late = np.empty((delay + 1, n), dtype=np.int8)
    early = m.copy()
    counter, row = _begin(table, m, counter, omega, turn, late)
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            field[other[k]] += weight[k] * m[i]
    for i in range(n):
        drive[i] = trim[i] + ramp[0] * (bias[i] + scale[i] * field[i])
    flips, place, taken = 0, 0, 0
    total = warm + record * rows.size
    for step in range(total):
        factor = ramp[step * (ramp.size - 1) // total]
        for i in range(n):
            if given.shape[1] > 0:
                x = given[i, step]
            else:
                x, counter = turned(table, i, omega, turn, counter)
            drive[i] += smooth * (trim[i] + factor * (bias[i] + scale[i] * field[i]) - drive[i])
            s = (drive[i] - table[i, 0]) / table[i, 1]
            e = s + table[i, 2] * s * s - x
            mid[i] += table[i, 3] * (min(table[i, 11], max(table[i, 10], e)) - mid[i])
            out[i] += table[i, 5] * (min(1.0, max(-1.0, table[i, 4] * mid[i])) - out[i])
            late[place, i] = 1 if out[i] > 0.0 else -1
        place = place + 1 if place < delay else 0
        if period == 0 or (step + 1) % period == 0:
            group = groups[((step + 1) // period - 1) % groups.shape[0]] if period else groups[0]
            before = place if period > 0 else (place + lead) % (delay + 1)
            for i in range(n):
                if period > 0 and not group[i]:
                    continue
                new = float(late[place, i])
                if new != m[i]:
                    m[i] = new
                    flips += step >= warm
                    row ^= (1 << (n - 1 - i)) if n <= MAX_ROW else 0
                    for k in range(start[i], start[i + 1]):
                        field[other[k]] += 2.0 * new * max(weight[k], 0.0)
                new = float(late[before, i])
                if new != early[i]:
                    early[i] = new
                    for k in range(start[i], start[i + 1]):
                        field[other[k]] += 2.0 * new * min(weight[k], 0.0)
        if step >= warm and (step - warm) % record == record - 1:
            counts[row if counts.size > 1 else 0] += 1
            rows[taken] = row
            taken += 1
    return flips


@njit(cache=True)
def settle(couplings, trim, bias, scale, table, edges, warm, record, counter, counts, m):
    """Move one layer a p-bit as :func:`move` does, with a circuit that follows at once; counts states.

    ``edges`` is the input above which an output is high [V], over the layer's component from -1 to 1 in even steps.

    After each step the p-bits settle one at a time, in an order that begins with another one each time, until none
    wants to move (or each has had 64 turns: a state of which somebody always wants to leave). ``counts`` sums up to the
    number of samples, one every ``record`` steps after ``warm``; its first entry holds that number on entry.
    """
    start, other, weight = couplings
    n = m.size
    samples = counts[0]
    counts[0] = 0
    omega, turn = np.zeros((n, 1)), np.zeros((n, 1))
    late = np.empty((1, n), dtype=np.int8)
    counter, row = _begin(table, m, counter, omega, turn, late)
    field, edge = np.zeros(n), np.zeros(n)
    half = 0.5 * (edges.size - 1)
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            field[other[k]] += weight[k] * m[i]
    for step in range(warm + record * samples):
        for i in range(n):
            x, counter = turned(table, i, omega, turn, counter)
            edge[i] = edges[round(half * (1.0 + x))]
        quiet, at = 0, step % n
        for _ in range(64 * n):
            new = 1.0 if trim[at] + bias[at] + scale[at] * field[at] > edge[at] else -1.0
            quiet += 1
            if new != m[at]:
                m[at], quiet = new, 0
                row ^= 1 << (n - 1 - at)
                for k in range(start[at], start[at + 1]):
                    field[other[k]] += 2.0 * new * weight[k]
            at = at + 1 if at < n - 1 else 0
            if quiet == n:
                break
        if step >= warm and (step - warm) % record == record - 1:
            counts[row] += 1
