r"""Compiled motion of surrogate neurons: magnet, inner node and output of each, step by step.

A cell has an inner node, whose voltage y is that of the junction [V], and an output:

.. math::
    \dot y = r(v, c)\,(M(v, c) - y), \qquad \tau_w \dot w = \mathrm{clip}(y, a, b) - w, \quad A \le w \le B,

    \tau_u \dot u = O(w) - z - u, \qquad \dot z = \mathrm{clip}(u / \tau_o, -s_-, s_+)

with the input v, the cosine c of the junction's angle, the tables M and O of ramps with a frozen junction and the rate
r of the inner node: its conductance, which those tables hold as well, over its capacitance. w stands for the stage
behind it, referred to its input: a and b are where its current saturates, A and B where its output meets the rails (a
few mV apart for an inverter, which is what makes its long time constant fast). u and z are an amplifier in feedback:
two poles, of which one may be far away, or a pair that overshoots; its time constant differs between the ends and the
middle of the swing. The magnet obeys the
equations of :mod:`spinspice.devices.reference.macrospin` under the voltage y, with the noise of its seed. Noise and
steps are those of the compact model, so that a circuit's magnet with the same seed goes the same way for as long as
magnets remember their past.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.macrospin import BLOCK, load_block
from spinspice.devices.reference.macrospin_equations import heun_step


@compiled
def place(value, start, scale, size):
    """Return the entry of an even grid below a value, and how far beyond it the value is; the ends stand beyond."""
    x = min(max((value - start) * scale, 0.0), size - 1.000001)
    i = int(x)
    return i, x - i


@compiled
def line(table, i, a):
    """Return a table between two of its entries."""
    return table[i] + a * (table[i + 1] - table[i])


@compiled
def surface(table, i, a, j, b):
    """Return a table of two dimensions between four of its entries."""
    low = table[i, j] + b * (table[i, j + 1] - table[i, j])
    high = table[i + 1, j] + b * (table[i + 1, j + 1] - table[i + 1, j])
    return low + a * (high - low)


@compiled
def held(x, low, high):
    """Return x, or the nearer end of a range."""
    return min(max(x, low), high)


@compiled
def electric(tables, stage, dt, v, c, y, w, u, z):
    """Return y, w, u and z a step of dt later, for v and c of the middle of the step.

    ``tables`` is (M, r, O, grid) with grid = (v0, 1/dv, c0, 1/dc, y0, 1/dy); ``stage`` is that of
    :meth:`spinspice.surrogate.surrogate.Stage.row` for this step.
    """
    inner, rate, output, grid = tables
    i, p = place(v, grid[0], grid[1], inner.shape[0])
    j, q = place(c, grid[2], grid[3], inner.shape[1])
    before = y
    y = y + (1.0 - math.exp(-dt * surface(rate, i, p, j, q))) * (surface(inner, i, p, j, q) - y)
    # Each stage takes the middle of what the stage before it did, so that delays do not depend on the step.
    x = w
    w = held(w + stage[2] * (held(0.5 * (before + y), stage[0], stage[1]) - w), stage[20], stage[21])
    k, t = place(0.5 * (x + w), grid[4], grid[5], output.size)
    aim = line(output, k, t)
    at = held((z - stage[6]) * stage[7], 0.0, 1.999999)
    m = int(at)
    b = at - m
    m = 8 + 4 * m
    error = z - aim
    next_u = (stage[m] + b * (stage[m + 4] - stage[m])) * u + (stage[m + 1] + b * (stage[m + 5] - stage[m + 1])) * error
    turned = (stage[m + 2] + b * (stage[m + 6] - stage[m + 2])) * u
    turned += (stage[m + 3] + b * (stage[m + 7] - stage[m + 3])) * error
    z = z + held(turned - error, -stage[4], stage[3])
    return y, w, next_u, z


@compiled
def start(tables, v, c):
    """Return inner node and output at rest."""
    inner, _, output, grid = tables
    i, p = place(v, grid[0], grid[1], inner.shape[0])
    j, q = place(c, grid[2], grid[3], inner.shape[1])
    y = surface(inner, i, p, j, q)
    k, t = place(y, grid[4], grid[5], output.size)
    return y, line(output, k, t)


@compiled
def follow(tables, stage, dt, v, c, out):
    """Write the output for a known input and cosine at every step."""
    y, z = start(tables, v[0], c[0])
    w = held(held(y, stage[0], stage[1]), stage[20], stage[21])
    out[0], u = z, 0.0
    for k in range(out.size - 1):
        y, w, u, z = electric(tables, stage, dt, 0.5 * (v[k] + v[k + 1]), 0.5 * (c[k] + c[k + 1]), y, w, u, z)
        out[k + 1] = z


@compiled_parallel
def move_all(q, dt, seeds, begin, substeps, inputs, inner, rate, output, grid, stage, cosines, out):
    """Move several cells, one seed and one row of inputs each; threads take cells."""
    for index in numba.prange(seeds.size):
        n = np.int64(index)
        tables = (inner, rate, output, grid)
        move(q, dt, seeds[n], begin[n], substeps, inputs[n % inputs.shape[0]], tables, stage, cosines[n], out[n])


@compiled
def move(q, dt, seed, begin, substeps, v, tables, stage, cosines, out):
    """Move one cell: input v at the samples of its noise; writes cosine and output."""
    buffer, scratch, none = np.empty((3, BLOCK + 1)), np.empty(BLOCK + 1), np.empty((0, 0, 3))
    m = (begin[0], begin[1], begin[2])
    c = m[0] * q.px + m[1] * q.py + m[2] * q.pz
    y, z = start(tables, v[0], c)
    w, before = held(held(y, stage[0], stage[1]), stage[20], stage[21]), y
    cosines[0], out[0], u = c, z, 0.0
    for k in range(out.size - 1):
        b = k % BLOCK
        if b == 0:
            load_block(buffer, scratch, seed, k, q.sigma, none, 0)
        m = steps_of_noise(q, dt, substeps, buffer, b, m, y, y - before)
        last, before = c, y
        c = m[0] * q.px + m[1] * q.py + m[2] * q.pz
        y, w, u, z = electric(tables, stage, dt, 0.5 * (v[k] + v[k + 1]), 0.5 * (last + c), y, w, u, z)
        cosines[k + 1], out[k + 1] = c, z


@compiled
def steps_of_noise(q, dt, substeps, buffer, b, m, y, change):
    """Return the magnetisation a step of the noise later; the voltage goes from y by ``change``, as it did before."""
    h = dt / substeps
    n1 = (buffer[0, b], buffer[1, b], buffer[2, b])
    slope = (buffer[0, b + 1] - n1[0], buffer[1, b + 1] - n1[1], buffer[2, b + 1] - n1[2])
    y1 = y
    for j in range(substeps):
        end = (j + 1.0) / substeps
        n0, y0 = n1, y1
        n1 = (buffer[0, b] + end * slope[0], buffer[1, b] + end * slope[1], buffer[2, b] + end * slope[2])
        y1 = y + end * change
        m = heun_step(q, False, h, y0, y1, 0.0, 0.0, m, n0, n1)
    return m
