"""Can a reservoir of analog stochastic neurons do an exclusive-or in time, which no linear filter can?

Three machines hear the same bits and have the same readout: the surrogate of the circuit (with all its noise), the
ideal echo state network with the same weights, and a linear filter. The circuit itself, in ngspice:
``spinspice characterize reservoir``.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spinspice.cells.asn_paired import PairedASN
from spinspice.engines import get_engine
from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.calibration import calibrate, calibration_testbenches
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import delay_line, parity_task, score_features
from spinspice.networks.reservoir.topology import Topology
from spinspice.networks.reservoir.twin import twin_states
from spinspice.presets import load_preset
from spinspice.surrogate import extract

SYMBOLS = (1e-9, 2e-9, 4e-9, 8e-9)


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Draw the rate of wrong symbols over the time of a symbol; return the rates by machine."""
    split = Split(washout=20, train=450, validate=150, test=300 if short else 2000)
    symbols = SYMBOLS[2:3] if short else SYMBOLS
    task = parity_task(split, bits=2, seed=1)
    weights = Topology.random(20, radius=0.8, input_scale=1.5, bias_scale=0.8, seed=1)

    engine, device = get_engine(), load_preset("ganguly2018").device
    cell = PairedASN(device, "generic", vdd=0.8, shared=True)
    calibration = calibrate(cell, *[engine.run(bench) for bench in calibration_testbenches(cell)])
    surrogate = extract(PairedASN(device, "generic", vdd=0.8), engine=engine)

    found = {}
    for symbol in symbols:
        circuit = ReservoirCircuit(
            topology=weights, cell=cell, calibration=calibration, symbol=symbol, tau=0.3 * symbol, v_in=0.3
        )
        states = np.column_stack(twin_states(circuit, surrogate, task.u, seed=2))
        found[f"neurons, {symbol * 1e9:g} ns"] = score_features(task, states).ser
    found["ideal network"] = score_features(task, esn.states(weights, task.u)).ser
    found["linear filter"] = score_features(task, delay_line(task.u, 20)).ser

    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    least = 0.5 / split.test
    rates = [max(found[f"neurons, {symbol * 1e9:g} ns"], least) for symbol in symbols]
    axes.loglog(np.array(symbols) * 1e9, rates, "o-", label="20 analog stochastic neurons")
    axes.axhline(found["linear filter"], ls="--", color="C1", label="linear filter of 20 taps")
    axes.axhline(max(found["ideal network"], least), ls=":", color="C2", label="ideal network (lowest: none wrong)")
    axes.set_xlabel("time of a symbol [ns]")
    axes.set_ylabel("wrong symbols")
    axes.legend(frameon=False)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/12_reservoir.png", dpi=120)
    return found


if __name__ == "__main__":
    for name, rate in main().items():
        print(f"{name}: {rate:.4f} of the symbols are wrong")
