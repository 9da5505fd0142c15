"""An engine made up in Python whose cell is known exactly: what the logic around engines is tested on."""

from __future__ import annotations

import math
import re
import threading

import numpy as np

from spinspice.characterize import Characterization, characterize
from spinspice.devices.noise import normal
from spinspice.engines.base import Engine, EngineInfo
from spinspice.errors import ConvergenceError
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: What the made-up cell does: V0, offset, amplitude [V], correlation time [s], noise at the middle [V].
V0, OFFSET, AMPLITUDE, TAU, SIGMA = 0.05, 0.01, -0.35, 1e-10, 0.08


class MadeUp(Engine):
    """Output = tanh of the input plus an exactly correlated noise, which the junction shares unless it is frozen; every
    other signal constant."""

    name = "made-up"

    def __init__(
        self,
        fail=lambda title: False,
        stop_at: int | None = None,
        amplitude: float = AMPLITUDE,
        sigma: float = SIGMA,
        offset=lambda testbench: OFFSET,
        v0: float = V0,
        frozen: bool = False,
    ) -> None:
        super().__init__("verilog-a")
        self.offset, self.v0, self.frozen = offset, v0, frozen
        self.fail, self.stop_at, self.amplitude, self.sigma = fail, stop_at, amplitude, sigma
        self.count, self.lock = 0, threading.Lock()
        self.seeds: list[float] = []
        self.ran: list[Testbench] = []

    @classmethod
    def find(cls):
        return EngineInfo(cls.name, "1", ("verilog-a",), "")

    def require(self):
        return self.find()

    def interrupt(self) -> None:
        pass

    def load(self, testbench):
        raise NotImplementedError

    def run(self, testbench, *, timeout=600.0, keep=None):
        with self.lock:
            self.count += 1
            number = self.count
            self.ran.append(testbench)
            self.seeds.append(testbench.parameters.get("seed", 0.0))
        if self.stop_at is not None and number >= self.stop_at:
            raise KeyboardInterrupt
        if self.fail(testbench.title):
            raise ConvergenceError(f"made-up failure of {testbench.title}")
        step = testbench.step
        time = step * np.arange(round(testbench.stop / step) + 1)
        vin = testbench.parameters.get("vin")
        if vin is None:
            ends = [float(text) for text in re.search(r"PWL\(0.0 (\S+) \S+ (\S+)\)", testbench.circuit).groups()]
            vin = np.linspace(*ends, time.size)
        argument = (vin - self.offset(testbench)) / self.v0
        restless = correlated(testbench.parameters["seed"], time.size, step)
        noise = self.sigma / np.cosh(np.clip(argument, -300.0, 300.0)) * restless
        ones = np.ones_like(time)
        signals = {"v(out)": self.amplitude * np.tanh(argument) + noise}
        for name in testbench.save:
            mx = np.full_like(time, 0.99) if self.frozen else np.tanh(restless)
            signals.setdefault(name, mx if "mx" in name else 1e-9 * ones if name.startswith("i(") else 0.4 * ones)
        if "i(vdd)" in signals:
            signals["i(vdd)"] = -2e-6 * ones
        return Waveforms(time, {name: signals[name] for name in testbench.save}, provenance={"engine": self.name})


def correlated(seed: float, n: int, step: float) -> np.ndarray:
    """Stationary noise of unit variance with autocorrelation exp(-t / TAU), a function of the seed."""
    from scipy.signal import lfilter

    a = math.exp(-step / TAU)
    white = normal(seed, 0, np.arange(n))
    return lfilter([math.sqrt(1 - a * a)], [1.0, -a], white, zi=[a * white[0]])[0]


def made_up(engine: MadeUp | None = None, **more) -> Characterization:
    """Characterise the made-up cell: 9 inputs, 3 trials of 20 ns, 2 workers."""
    settings = {"vin": "auto:9", "duration": 20e-9, "trials": 3, "workers": 2, "engine": engine or MadeUp()} | more
    return characterize("bsn", **settings)
