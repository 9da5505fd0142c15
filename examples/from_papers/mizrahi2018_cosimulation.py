"""Can four fluctuating junctions and a digital part, simulated as one circuit, learn to point at an object?

Mizrahi et al., Nat. Commun. 9, 1533 (2018), Fig. 5a: junctions, comparators, counters, integer sums, decoder, learning.
Junctions run as compact models and the digital part as Verilog, in one ngspice transient; the position that is decoded
goes back into the circuit as the voltage `gripper`, and the verdict on it changes the weights. Needs Verilator
(`make cosim`).
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from spinspice.digital.backend import BackEnd
from spinspice.digital.cosim import MixedSignal, operations, sample_times, sampled_states
from spinspice.engines import get_engine
from spinspice.presets import load_preset
from spinspice.waveforms import Waveforms

RANGE = 0.04  # the object is between -40 and 40 mV; junctions and outputs are spread over the same range
OPERATIONS = 4
SEED = 3


def draw(run: MixedSignal, waves: Waveforms, path: Path) -> None:
    """Draw both sides: voltages, states of the junctions, what the counters hold."""
    figure, (above, middle, below) = plt.subplots(3, sharex=True, figsize=(8, 7), layout="constrained")
    time = waves.time * 1e6
    above.plot(time, waves["v(stim)"] * 1e3, color="black", label="object")
    above.plot(time, waves["v(gripper)"] * 1e3, color="tab:red", label="gripper")
    above.set_ylabel("voltage (mV)")
    above.legend(loc="upper right")
    for index in range(run.backend.inputs):
        middle.plot(time, 0.7 * waves[f"v(state{index + 1})"] + index, linewidth=0.6)
        counter = waves.digital[f"population.system.core.junction[{index}].counter.count"]
        below.step(
            np.append(counter.time, waves.time[-1]) * 1e6, np.append(counter.values, counter.values[-1]), where="post"
        )
    middle.set_ylabel("state of junction")
    middle.set_yticks(np.arange(run.backend.inputs) + 0.35, [f"{c * 1e3:.0f} mV" for c in run.centres])
    below.set_ylabel("counter (digital)")
    below.set_xlabel("time (µs)")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main(short: bool = False, out: str = "out") -> dict[str, np.ndarray]:
    """Simulate some operations; return counts as the Verilog and as the states of the junctions give them."""
    random = np.random.default_rng(SEED)
    run = MixedSignal(
        backend=BackEnd(inputs=4, outputs=4, steps=40 if short else 100, shift=1),
        weights=random.integers(0, 30, (4, 4)),
        junction=load_preset("mizrahi2018-scaled").device,
        centres=np.linspace(-RANGE, RANGE, 4).tolist(),
        stimuli=random.uniform(-RANGE, RANGE, 2 if short else OPERATIONS).tolist(),
        low=-RANGE,
        high=RANGE,
        seed=SEED,
    )
    waves = get_engine("ngspice-process").run(run.testbench())
    done = operations(waves, run.backend)
    states = sampled_states(waves, sample_times(waves, run.backend), 4)
    draw(run, waves, Path(out) / "mizrahi2018_cosimulation.png")
    return {
        "verilog": np.array([operation.counts for operation in done]),
        "junctions": np.array([run.backend.count(sampled)[0] for sampled in states]),
        "shown": np.array([run.shown(operation.position) for operation in done]),
        "stimuli": np.array(run.stimuli),
    }


if __name__ == "__main__":
    for name, numbers in main().items():
        print(name, numbers.tolist())
