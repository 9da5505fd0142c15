r"""Compiled motion of surrogate neurons: magnet, and the nodes of the cell behind it, step by step.

The nodes of a cell have voltages x, the first that of its junction, the last its output or, behind that, the complement
of it. With the input v and the cosine c of the junction's angle

.. math::
    \sum_j C_{ij}(v, x)\,\dot x_j + C_{iv}(v, x)\,\dot v = I_i(v, x) - \delta_{i0}\,G(x_0 - V_r, c)\,(x_0 - V_r)

with the conductance G of the junction, whose other side is at V_r. I and C are sums of tables of two voltages each
(:mod:`spinspice.surrogate.branches`). A step takes every node in turn: its current at the middle of the step, by the
slopes of the tables, the others' derivatives as far as they are known, and the exponential of its own slope (Euler's
exponential method, e.g. Hochbruck and Ostermann, Acta Numerica 19, 209 (2010)), so that nodes faster than a step do no
harm.

The magnet obeys the equations of :mod:`spinspice.devices.reference.macrospin` under the junction's voltage, with the
noise of its seed. Noise and steps are those of the compact model, so that a circuit's magnet with the same seed goes
the same way for as long as magnets remember their past.
"""

from __future__ import annotations

import numba
import numpy as np

from spinspice.devices.reference.compiling import compiled, compiled_parallel, inlined
from spinspice.devices.reference.macrospin import BLOCK, load_block
from spinspice.devices.reference.macrospin_equations import heun_step, junction_conductance

#: Of Pade's approximation.
SIXTIETH = 1.0 / 60.0


@inlined
def place(value, start, scale, size):
    """Return the entry of an even grid below a value, and how far beyond it the value is; the ends stand beyond."""
    x = min(max((value - start) * scale, 0.0), size - 1.000001)
    i = int(x)
    return i, x - i


@inlined
def relaxed(capacitance, reach):
    """Return (1 - exp(-x)) / (x C) with x = reach / C: Pade's [2/3] approximation in one division: right to
    0.5 % for x below 3, to 7 % anywhere, and 1 / x far away. A negative reach, a node that runs away, counts as none.
    """
    r, c = max(reach, 0.0), capacitance
    return (c * c + r * (0.1 * c + r * SIXTIETH)) / (c * c * c + r * (0.6 * c * c + r * (0.15 * c + r * SIXTIETH)))


@compiled
def step_nodes(law, work, h, v, slope, c, loads, x, d):
    """Move the nodes ``x`` of a cell by a step h, and leave their derivatives in ``d``.

    ``v`` and ``c`` are those of the middle of the step, ``slope`` is dv/dt. ``loads`` are a conductance at the output,
    the current into it at 0 V, and a conductance from the complement, if any, to the middle of the supply. ``law`` is
    that of :attr:`spinspice.surrogate.branches.Branches.law`; ``work`` holds arrays (n,), (n, n), (n, n + 1).
    """
    whole, real, data, targets, junction = law
    current, slopes, charge = work
    n = x.size
    for i in range(n):
        current[i] = 0.0
        for j in range(n):
            slopes[i, j] = 0.0
            charge[i, j] = 0.0
        charge[i, n] = 0.0
    for p in range(whole.shape[0]):
        a, b, rows, columns = whole[p, 0], whole[p, 1], whole[p, 2], whole[p, 3]
        start, currents, count, first = whole[p, 4], whole[p, 5], whole[p, 6], whole[p, 7]
        i, s = place(v if a == 0 else x[a - 1], real[p, 0], real[p, 1], rows)
        j, t = place(x[b - 1], real[p, 2], real[p, 3], columns)
        k00 = start + (i * columns + j) * count
        k01, k10 = k00 + count, k00 + columns * count
        k11 = k10 + count
        for k in range(currents):
            low, high = data[k00 + k], data[k01 + k]
            along, across = data[k10 + k] - low, high - low
            twist = data[k11 + k] - high - along
            i_node = targets[first + k, 0]
            current[i_node] += low + s * along + t * (across + s * twist)
            slopes[i_node, b - 1] += (across + s * twist) * real[p, 3]
            if a > 0:
                slopes[i_node, a - 1] += (along + t * twist) * real[p, 1]
        w11 = s * t
        w10, w01 = s - w11, t - w11
        w00 = 1.0 - s - w01
        for k in range(currents, count):
            charge[targets[first + k, 0], targets[first + k, 1]] += (
                w00 * data[k00 + k] + w01 * data[k01 + k] + w10 * data[k10 + k] + w11 * data[k11 + k]
            )
    across = x[0] - junction[3]
    through = junction_conductance(junction[0], junction[1], junction[2], across, c)
    current[0] -= through * across
    slopes[0, 0] -= through
    o = int(junction[7])
    current[o] += loads[1] - loads[0] * x[o]
    slopes[o, o] -= loads[0]
    if o < n - 1:
        current[n - 1] -= loads[2] * (x[n - 1] - junction[8])
        slopes[n - 1, n - 1] -= loads[2]
    half = 0.5 * h
    for i in range(n):
        total = current[i] - charge[i, 0] * slope
        for j in range(n):
            if j != i:
                total += (half * slopes[i, j] - charge[i, j + 1]) * d[j]
        d[i] = total * relaxed(charge[i, i + 1], -slopes[i, i] * h)
    for i in range(n):
        x[i] = min(max(x[i] + h * d[i], junction[4]), junction[5])


@inlined
def blended(table, r00, r01, r10, r11, w00, w01, w10, w11, q):
    """Return four entries of a table between four of its rows."""
    return (
        w00 * table[r00, q] + w01 * table[r01, q] + w10 * table[r10, q] + w11 * table[r11, q],
        w00 * table[r00, q + 1] + w01 * table[r01, q + 1] + w10 * table[r10, q + 1] + w11 * table[r11, q + 1],
        w00 * table[r00, q + 2] + w01 * table[r01, q + 2] + w10 * table[r10, q + 2] + w11 * table[r11, q + 2],
        w00 * table[r00, q + 3] + w01 * table[r01, q + 3] + w10 * table[r10, q + 3] + w11 * table[r11, q + 3],
    )


@inlined
def added(work, row, four):
    """Add four numbers to a row."""
    w0, w1, w2, w3 = work[row, 0], work[row, 1], work[row, 2], work[row, 3]
    w0, w1, w2, w3 = w0 + four[0], w1 + four[1], w2 + four[2], w3 + four[3]
    work[row, 0], work[row, 1], work[row, 2], work[row, 3] = w0, w1, w2, w3


@inlined
def step_four(law, work, h, v, slope, c, load, pull, x, d, m):
    """Do what :func:`step_nodes` does for the cell m of many, (cells, 4), of up to four nodes, some five times as fast.

    All nodes have one grid. Rows of four numbers are loaded, combined and stored as such, which
    :func:`~spinspice.devices.reference.compiling.packed` makes single operations.

    ``law`` is :attr:`spinspice.surrogate.branches.Branches.four`; ``work`` holds arrays (10, 4), for slopes by node,
    charges by place and currents, and (4,) twice, for places on the grid.
    """
    whole, real, table, junction = law
    work, places, parts = work
    for row in range(10):
        work[row, 0] = work[row, 1] = work[row, 2] = work[row, 3] = 0.0
    n = whole[0, 5]
    for i in range(n, 4):
        work[5 + i, i] = 1.0
    for q in range(4):
        places[q], parts[q] = place(x[m, q], real[0, 2], real[0, 3], whole[0, 3])
    for p in range(whole.shape[0]):
        a, b, columns = whole[p, 0], whole[p, 1], whole[p, 3]
        if a > 0:
            i, s = places[np.uint64(a - 1)], parts[np.uint64(a - 1)]
        else:
            i, s = place(v, real[p, 0], real[p, 1], whole[p, 2])
        j, t = places[np.uint64(b - 1)], parts[np.uint64(b - 1)]
        r00, r10 = np.uint64(whole[p, 4] + i * columns + j), np.uint64(whole[p, 4] + (i + 1) * columns + j)
        r01, r11 = r00 + np.uint64(1), r10 + np.uint64(1)
        down, up = real[p, 3], real[p, 1]
        a0, a1, a2, a3 = table[r00, 0], table[r00, 1], table[r00, 2], table[r00, 3]
        b0, b1, b2, b3 = table[r01, 0], table[r01, 1], table[r01, 2], table[r01, 3]
        c0, c1, c2, c3 = table[r10, 0], table[r10, 1], table[r10, 2], table[r10, 3]
        e0, e1, e2, e3 = table[r11, 0], table[r11, 1], table[r11, 2], table[r11, 3]
        l0, l1, l2, l3 = c0 - a0, c1 - a1, c2 - a2, c3 - a3
        o0, o1, o2, o3 = b0 - a0, b1 - a1, b2 - a2, b3 - a3
        t0, t1, t2, t3 = e0 - b0 - l0, e1 - b1 - l1, e2 - b2 - l2, e3 - b3 - l3
        o0, o1, o2, o3 = o0 + s * t0, o1 + s * t1, o2 + s * t2, o3 + s * t3
        u0, u1, u2, u3 = a0 + s * l0 + t * o0, a1 + s * l1 + t * o1, a2 + s * l2 + t * o2, a3 + s * l3 + t * o3
        added(work, 9, (u0, u1, u2, u3))
        added(work, np.uint64(b - 1), (o0 * down, o1 * down, o2 * down, o3 * down))
        if a > 0:
            added(
                work, np.uint64(a - 1), ((l0 + t * t0) * up, (l1 + t * t1) * up, (l2 + t * t2) * up, (l3 + t * t3) * up)
            )
        w11 = s * t
        w10, w01 = s - w11, t - w11
        w00 = 1.0 - s - w01
        if whole[p, 6]:
            added(work, np.uint64(4 + a), blended(table, r00, r01, r10, r11, w00, w01, w10, w11, 4))
        if whole[p, 7]:
            added(work, np.uint64(4 + b), blended(table, r00, r01, r10, r11, w00, w01, w10, w11, 8))
    across = x[m, 0] - junction[3]
    through = junction_conductance(junction[0], junction[1], junction[2], across, c)
    work[9, 0] -= through * across
    work[0, 0] -= through
    work[9, n - 1] += pull - load * x[m, n - 1]
    work[n - 1, n - 1] -= load
    f0, f1 = relaxed(work[5, 0], -work[0, 0] * h), relaxed(work[6, 1], -work[1, 1] * h)
    f2, f3 = relaxed(work[7, 2], -work[2, 2] * h), relaxed(work[8, 3], -work[3, 3] * h)
    parts[0], parts[1], parts[2], parts[3] = f0, f1, f2, f3
    half = 0.5 * h
    d0, d1, d2, d3 = d[m, 0], d[m, 1], d[m, 2], d[m, 3]
    total = work[9, 0] - work[4, 0] * slope + (half * work[1, 0] - work[6, 0]) * d1
    total += (half * work[2, 0] - work[7, 0]) * d2 + (half * work[3, 0] - work[8, 0]) * d3
    d0 = total * parts[0]
    total = work[9, 1] - work[4, 1] * slope + (half * work[0, 1] - work[5, 1]) * d0
    total += (half * work[2, 1] - work[7, 1]) * d2 + (half * work[3, 1] - work[8, 1]) * d3
    d1 = total * parts[1]
    total = work[9, 2] - work[4, 2] * slope + (half * work[0, 2] - work[5, 2]) * d0
    total += (half * work[1, 2] - work[6, 2]) * d1 + (half * work[3, 2] - work[8, 2]) * d3
    d2 = total * parts[2]
    total = work[9, 3] - work[4, 3] * slope + (half * work[0, 3] - work[5, 3]) * d0
    total += (half * work[1, 3] - work[6, 3]) * d1 + (half * work[2, 3] - work[7, 3]) * d2
    d3 = total * parts[3]
    d[m, 0], d[m, 1], d[m, 2], d[m, 3] = d0, d1, d2, d3
    low, high = junction[4], junction[5]
    y0, y1 = min(max(x[m, 0] + h * d0, low), high), min(max(x[m, 1] + h * d1, low), high)
    y2, y3 = min(max(x[m, 2] + h * d2, low), high), min(max(x[m, 3] + h * d3, low), high)
    x[m, 0], x[m, 1], x[m, 2], x[m, 3] = y0, y1, y2, y3


@compiled
def rest_at(rest, grid, v, c, x):
    """Write the nodes of a cell that stands still, from tables (nodes, inputs, cosines)."""
    i, s = place(v, grid[0], grid[1], rest.shape[1])
    j, t = place(c, grid[2], grid[3], rest.shape[2])
    for k in range(x.size):
        low = rest[k, i, j] + t * (rest[k, i, j + 1] - rest[k, i, j])
        high = rest[k, i + 1, j] + t * (rest[k, i + 1, j + 1] - rest[k, i + 1, j])
        x[k] = low + s * (high - low)


@compiled
def workspace(n):
    """Return arrays that :func:`step_nodes` works in."""
    return np.empty(n), np.empty((n, n)), np.empty((n, n + 1))


@compiled
def follow(law, rest, grid, dt, substeps, v, c, loads, nodes):
    """Write the nodes, shape (n, time), for a known input and cosine at every step."""
    n = nodes.shape[0]
    x, d, work = np.empty(n), np.zeros(n), workspace(n)
    rest_at(rest, grid, v[0], c[0], x)
    nodes[:, 0] = x
    h = dt / substeps
    for k in range(v.size - 1):
        slope = (v[k + 1] - v[k]) / dt
        for j in range(substeps):
            part = (j + 0.5) / substeps
            at = c[k] + part * (c[k + 1] - c[k])
            step_nodes(law, work, h, v[k] + part * (v[k + 1] - v[k]), slope, at, loads, x, d)
        nodes[:, k + 1] = x


@compiled_parallel
def move_all(q, dt, seeds, begin, substeps, parts, inputs, law, rest, grid, loads, cosines, out):
    """Move several cells, one seed and one row of inputs each; threads take cells."""
    none = np.empty((0, 3))
    for index in numba.prange(seeds.size):
        n = np.int64(index)
        move(
            q, dt, seeds[n], begin[n], substeps, parts, inputs[n % inputs.shape[0]], law, rest, grid, loads,
            none, 0, cosines[n], out[n],
        )  # fmt: skip


@compiled
def move(
    q, dt, seed, begin, substeps, parts, v, law, rest, grid, loads, guide, every, cosines, out
):  # fmt: skip
    """Move one cell: input v at the samples of its noise; writes cosine and output. ``parts`` steps of its nodes.

    Its magnet is put where ``guide`` (time, 3) is ``every`` so many steps, if any.
    """
    junction = law[4]
    buffer, scratch, none = np.empty((3, BLOCK + 1)), np.empty(BLOCK + 1), np.empty((0, 0, 3))
    m = (begin[0], begin[1], begin[2])
    c = m[0] * q.px + m[1] * q.py + m[2] * q.pz
    n = rest.shape[0]
    x, d, work = np.empty(n), np.zeros(n), workspace(n)
    o = int(junction[7])
    rest_at(rest, grid, v[0], c, x)
    cosines[0], out[0] = c, x[o]
    h = dt / parts
    for k in range(out.size - 1):
        b = k % BLOCK
        if b == 0:
            load_block(buffer, scratch, seed, k, q.sigma, none, 0)
        if every > 0 and k % every == 0:
            m = (guide[k, 0], guide[k, 1], guide[k, 2])
            c = m[0] * q.px + m[1] * q.py + m[2] * q.pz
        y = junction[6] * (x[0] - junction[3])
        m = steps_of_noise(q, dt, substeps, buffer, b, m, y, junction[6] * d[0] * dt)
        last = c
        c = m[0] * q.px + m[1] * q.py + m[2] * q.pz
        slope = (v[k + 1] - v[k]) / dt
        for j in range(parts):
            part = (j + 0.5) / parts
            at = last + part * (c - last)
            step_nodes(law, work, h, v[k] + part * (v[k + 1] - v[k]), slope, at, loads, x, d)
        cosines[k + 1], out[k + 1] = c, x[o]


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
