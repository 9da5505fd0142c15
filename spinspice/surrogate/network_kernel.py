r"""Compiled motion of networks of surrogate neurons, one core, with the noise of every magnet.

Every step first moves the nodes, :math:`\tau_n \dot v = b + W (z - z_0) + W_{in} u - v`, then the cells
(:mod:`spinspice.surrogate.kernel`). Magnets are those of the compact model (``reference``), or a layer that turns
freely in its plane (``rotor``): with :math:`c = \cos\varphi` and the torque :math:`\kappa = \gamma a_j` of the current

.. math::
    \dot\varphi = \omega - \kappa \sin\varphi, \qquad
    \dot\omega = -\frac{\omega - \kappa \sin\varphi}{\tau} + \sqrt{2/\tau}\,\sigma\,\xi

which is what the equations of the macrospin become for a small component out of the plane. Its noise is the hash of
:mod:`spinspice.devices.noise` in a stream of its own, one number a step: the magnet remembers many of them.
"""

from __future__ import annotations

import math

import numpy as np

from spinspice.devices import noise
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.reference.macrospin import BLOCK, load_block
from spinspice.devices.reference.macrospin_equations import junction_conductance
from spinspice.devices.reference.noise import key, uniform_from_keys
from spinspice.surrogate.kernel import place, rest_at, step_four, step_nodes, steps_of_noise, workspace

#: The stream of a rotor's noise, which no compact model uses.
WORD = noise.THRESHOLD_WORD + 32.0
#: Entries of the tables of cosines and of normal numbers.
TURNS, NORMALS = 4096, 4096
_COSINE = np.cos(2.0 * np.pi * (np.arange(TURNS) + 0.5) / TURNS)
_QUARTER, _MASK = 3 * TURNS // 4, TURNS - 1


def normal_table():
    """Return normal numbers at even quantiles, of mean 0 and variance 1."""
    from scipy.special import ndtri

    z = ndtri((np.arange(NORMALS) + 0.5) / NORMALS)
    return z / z.std()


@compiled
def _keep(taken, record, middle, nodes, z, total, node_out, out_out, mean_out):
    """Write a sample of nodes and outputs, and the mean of the outputs since the last one."""
    for i in range(nodes.size):
        node_out[i, taken], out_out[i, taken] = nodes[i] + middle, z[i] + middle
        mean_out[i, taken] = total[i] / record + middle
        total[i] = 0.0


@compiled
def drive(nodes, rate, target, mixed_in, weights, edges, z, behind, zb):
    """Move the nodes by a step.

    ``weights`` is (from, to), or (1, edges) with ``edges`` (starts, ends) for sparse ones; ``behind`` are those of the
    complements, (weights, edges), without weights for none. ``mixed_in`` is what bias and inputs give, ``z`` and ``zb``
    the outputs and their complements about their middle.
    """
    for i in range(target.size):
        target[i] = mixed_in[i]
    couple(target, weights, edges, z)
    if behind[0].size:
        couple(target, behind[0], behind[1], zb)
    for i in range(nodes.size):
        nodes[i] += rate[i] * (target[i] - nodes[i])


@compiled
def couple(target, weights, edges, z):
    """Add what outputs give to every node."""
    starts, ends = edges
    if ends.size == 0:
        for j in range(z.size):
            row = weights[j]
            for i in range(target.size):
                target[i] += row[i] * z[j]
    else:
        row = weights[0]
        for j in range(z.size):
            for i in range(starts[j], starts[j + 1]):
                target[ends[i]] += row[i] * z[j]


@compiled
def mix(inputs, column, following, part, bias, input_weights, mixed_in):
    """Write what bias and inputs give to every node, between two columns of the inputs."""
    for i in range(bias.size):
        total = bias[i]
        for k in range(inputs.shape[0]):
            u = inputs[k, column] + part * (inputs[k, following] - inputs[k, column])
            total += input_weights[i, k] * u
        mixed_in[i] = total


@compiled
def run_rotors(
    magnet, seeds, dt, hold, record, linear, inputs, weights, edges, bias, input_weights, rate, middle, law, rest, grid,
    loads, behind, four, normals, node_out, out_out, mean_out,
):  # fmt: skip
    """Move a network of rotors; ``magnet`` is (sigma kick, keep, torque).

    ``four`` is :attr:`~spinspice.surrogate.branches.Branches.four`, with no pairs in it for cells of more nodes.
    """
    n, inner = bias.size, rest.shape[0]
    kick, keep, torque = magnet
    junction = law[4]
    keys, draws = np.empty((3, n)), np.empty(n)
    turn, omega, z, total = np.empty(n), np.empty(n), np.empty(n), np.zeros(n)
    few, quick = four[0].shape[0] > 0, (np.empty((10, 4)), np.empty(4, dtype=np.int64), np.empty(4))
    width = 4 if few else inner
    x, d, work = np.zeros((n, width)), np.zeros((n, width)), workspace(inner)
    nodes, target, mixed_in, last = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    before, zb, cosine, o = np.empty(n), np.empty(n), np.empty(n), int(junction[7])
    mix(inputs, 0, 0, 0.0, bias, input_weights, mixed_in)
    for i in range(n):
        for j in range(3):
            keys[j, i] = key(seeds[i], WORD, float(j))
        turn[i] = uniform_from_keys(keys[0, i], keys[1, i], keys[2, i], 0.0)
        r = uniform_from_keys(keys[0, i], keys[1, i], keys[2, i], 1.0)
        omega[i] = normals[int(r * NORMALS)] * kick / math.sqrt(1.0 - keep * keep)
        nodes[i] = mixed_in[i]
        last[i] = _COSINE[int(turn[i] * TURNS) & _MASK]
        rest_at(rest, grid, nodes[i] + middle, last[i], x[i, :inner])
        z[i], zb[i] = x[i, o] - middle, x[i, inner - 1] - middle
    steps = hold * inputs.shape[1]
    to_turn = dt / (2.0 * math.pi)
    taken = 0
    for k in range(steps):
        column = k // hold
        following = min(column + 1, inputs.shape[1] - 1)
        if linear or k % hold == 0:
            mix(inputs, column, following, (k % hold) / hold if linear else 0.0, bias, input_weights, mixed_in)
        before[:] = nodes
        drive(nodes, rate, target, mixed_in, weights, edges, z, behind, zb)
        # Loops of one kind of work each: the first becomes vector code, all leave registers to the cells.
        for i in range(n):
            draws[i] = uniform_from_keys(keys[0, i], keys[1, i], keys[2, i], k + 2.0)
        for i in range(n):
            at = int(turn[i] * TURNS) & _MASK
            sine = _COSINE[(at + _QUARTER) & _MASK]
            y = x[i, 0] - junction[3]
            force = torque * y * junction_conductance(junction[0], junction[1], junction[2], y, last[i]) * sine
            was = omega[i]
            omega[i] = keep * was + (1.0 - keep) * force + kick * normals[int(draws[i] * NORMALS)]
            now = turn[i] + to_turn * (0.5 * (was + omega[i]) - force)
            turn[i] = now - math.floor(now)
            cosine[i] = _COSINE[int(turn[i] * TURNS) & _MASK]
        for i in range(n):
            c = cosine[i]
            v, slope, at_half = 0.5 * (before[i] + nodes[i]) + middle, (nodes[i] - before[i]) / dt, 0.5 * (last[i] + c)
            if few:
                step_four(four, quick, dt, v, slope, at_half, loads[i, 0], loads[i, 1], x, d, i)
            else:
                step_nodes(law, work, dt, v, slope, at_half, loads[i], x[i], d[i])
            z[i], zb[i] = x[i, o] - middle, x[i, inner - 1] - middle
            last[i] = c
            total[i] += z[i]
        if (k + 1) % record == 0:
            _keep(taken, record, middle, nodes, z, total, node_out, out_out, mean_out)
            taken += 1


@compiled
def move_nodes(law, work, h, parts, v0, v1, middle, c0, c1, loads, x, d):
    """Move the nodes of a cell through a step in parts of h, input and cosine going straight from one to another."""
    slope = (v1 - v0) / (parts * h)
    for j in range(parts):
        part = (j + 0.5) / parts
        step_nodes(law, work, h, v0 + part * (v1 - v0) + middle, slope, c0 + part * (c1 - c0), loads, x, d)


@compiled
def run_reference(
    q, begin, substeps, seeds, dt, hold, record, linear, inputs, weights, edges, bias, input_weights, rate, middle, law,
    rest, grid, loads, behind, parts, node_out, out_out, mean_out,
):  # fmt: skip
    """Move a network of macrospins, dt the step of their noise."""
    n, inner = bias.size, rest.shape[0]
    junction = law[4]
    buffer, scratch, none = np.zeros((n, 3, BLOCK + 1)), np.empty(BLOCK + 1), np.empty((0, 0, 3))
    m = begin.copy()
    z, total = np.empty(n), np.zeros(n)
    x, d, work = np.empty((n, inner)), np.zeros((n, inner)), workspace(inner)
    nodes, target, mixed_in, last = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    before, zb, o = np.empty(n), np.empty(n), int(junction[7])
    mix(inputs, 0, 0, 0.0, bias, input_weights, mixed_in)
    for i in range(n):
        nodes[i] = mixed_in[i]
        last[i] = m[i, 0] * q.px + m[i, 1] * q.py + m[i, 2] * q.pz
        rest_at(rest, grid, nodes[i] + middle, last[i], x[i])
        z[i], zb[i] = x[i, o] - middle, x[i, inner - 1] - middle
    h = dt / parts
    taken = 0
    for k in range(hold * inputs.shape[1]):
        column = k // hold
        following = min(column + 1, inputs.shape[1] - 1)
        if linear or k % hold == 0:
            mix(inputs, column, following, (k % hold) / hold if linear else 0.0, bias, input_weights, mixed_in)
        b = k % BLOCK
        if b == 0:
            for i in range(n):
                load_block(buffer[i], scratch, seeds[i], k, q.sigma, none, 0)
        before[:] = nodes
        drive(nodes, rate, target, mixed_in, weights, edges, z, behind, zb)
        for i in range(n):
            m0 = (m[i, 0], m[i, 1], m[i, 2])
            y = junction[6] * (x[i, 0] - junction[3])
            m1 = steps_of_noise(q, dt, substeps, buffer[i], b, m0, y, junction[6] * d[i, 0] * dt)
            m[i, 0], m[i, 1], m[i, 2] = m1
            c = m1[0] * q.px + m1[1] * q.py + m1[2] * q.pz
            move_nodes(law, work, h, parts, before[i], nodes[i], middle, last[i], c, loads[i], x[i], d[i])
            z[i], zb[i] = x[i, o] - middle, x[i, inner - 1] - middle
            last[i] = c
            total[i] += z[i]
        if (k + 1) % record == 0:
            _keep(taken, record, middle, nodes, z, total, node_out, out_out, mean_out)
            taken += 1


@compiled
def run_means(
    keep, curves, grid, which, mirror, places, behind, hold, record, linear, inputs, weights, edges, bias,
    input_weights, rate, middle, node_out, out_out, mean_out,
):  # fmt: skip
    """Move a network whose outputs follow mean curves (kinds, inputs) with one time constant, without noise.

    ``mirror`` is the complement over the output.
    """
    n = bias.size
    z, zb, total = np.empty(n), np.zeros(n), np.zeros(n)
    nodes, target, mixed_in = np.empty(n), np.empty(n), np.empty(n)
    mix(inputs, 0, 0, 0.0, bias, input_weights, mixed_in)
    for i in range(n):
        nodes[i] = mixed_in[i]
        j, s = place(nodes[i] + middle, grid[0], grid[1], curves.shape[1])
        z[i] = curves[which[i], j] + s * (curves[which[i], j + 1] - curves[which[i], j]) - middle
    taken = 0
    for k in range(hold * inputs.shape[1]):
        column = k // hold
        following = min(column + 1, inputs.shape[1] - 1)
        if linear or k % hold == 0:
            mix(inputs, column, following, (k % hold) / hold if linear else 0.0, bias, input_weights, mixed_in)
        for i in range(n):
            j, s = place(z[i] + middle, places[0], places[1], mirror.size)
            zb[i] = mirror[j] + s * (mirror[j + 1] - mirror[j]) - middle
        drive(nodes, rate, target, mixed_in, weights, edges, z, behind, zb)
        for i in range(n):
            j, s = place(nodes[i] + middle, grid[0], grid[1], curves.shape[1])
            aim = curves[which[i], j] + s * (curves[which[i], j + 1] - curves[which[i], j]) - middle
            z[i] = aim + keep * (z[i] - aim)
            total[i] += z[i]
        if (k + 1) % record == 0:
            _keep(taken, record, middle, nodes, z, total, node_out, out_out, mean_out)
            taken += 1
