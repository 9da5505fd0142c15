"""The loop of :func:`spinspice.digital.gates.simulate`, compiled: gates, flip-flops and memory, cycle by cycle."""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.devices.reference.compiling import compiled


@compiled
def number(values: Any, nets: Any) -> int:
    total = 0
    for k in range(nets.size):
        total += values[nets[k]] << k
    return total


@compiled
def run(
    truth: Any, gates: Any, flops: Any, enables: Any, count: int, inputs: Any, bits: Any, watched: Any,
    memory: Any, phases: int, read: Any, write: Any, address: Any, data: Any, q: Any, state: Any,
) -> Any:  # fmt: skip
    """Return cycles, toggles, clocked, (words read, words written, bits written), and the watched bits."""
    now, before = np.zeros(count, np.int64), np.zeros(count, np.int64)
    now[1] = before[1] = 1
    held, cycles, access = np.zeros(len(flops), np.int64), np.zeros(phases, np.int64), np.zeros((phases, 3), np.int64)
    toggles, clocked = np.zeros((phases, count), np.int64), np.zeros((phases, len(enables)), np.int64)
    seen = np.zeros((len(bits), watched.size), np.uint8)
    word = 0
    for t in range(len(bits)):
        for k in range(inputs.size):
            now[inputs[k]] = bits[t, k]
        for k in range(len(flops)):
            now[flops[k, 1]] = held[k]
        for k in range(q.size):
            now[q[k]] = (word >> k) & 1
        for k in range(len(gates)):
            a, b, c, out = gates[k]
            now[out] = (truth[k] >> (now[a] + 2 * now[b] + 4 * now[c])) & 1
        phase = number(now, state)
        cycles[phase] += 1
        for k in range(count):
            if now[k] != before[k]:
                toggles[phase, k] += 1
                before[k] = now[k]
        for k in range(watched.size):
            seen[t, k] = now[watched[k]]
        for k in range(len(enables)):
            clocked[phase, k] += now[enables[k]]
        for k in range(len(flops)):
            gate = flops[k, 2]
            if gate < 0 or now[enables[gate]]:
                held[k] = now[flops[k, 0]]
        at = number(now, address)
        if now[read[0]]:
            access[phase, 0] += 1
            word = memory[at]
        if now[write[0]]:
            access[phase, 1] += 1
            changed = memory[at] ^ number(now, data)
            memory[at] ^= changed
            while changed:
                access[phase, 2] += changed & 1
                changed >>= 1
    return cycles, toggles, clocked, access, seen
