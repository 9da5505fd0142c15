r"""Write errors of a junction against the width and amplitude of the pulse: sampled, and by the Fokker-Planck equation.

Three ways to the same number, P(mz has not changed sign when the pulse ends), for a magnet in thermal equilibrium
before it (initial angle drawn from Boltzmann's law):

* the reference solver, a current pulse on a bare junction: many samples;
* a SPICE engine, the same;
* a SPICE engine, a column of the array: the transistor in series makes the current follow the junction's resistance,
  and the theory gets the measured current as a function of mz.

One run gives all widths: the state at time t of a long pulse is what a pulse of width t leaves. Points of one curve are
therefore correlated with each other; each has its own binomial standard error.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import mu_0
from spinspice.devices import Macrospin
from spinspice.devices.laws.fokker_planck import boltzmann_angles, not_switched, time_unit
from spinspice.devices.noise import instance_seed
from spinspice.engines import DEFAULT_TIMEOUT, Engine, get_engine
from spinspice.errors import CircuitError, ParameterError, check_range
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Members of an ensemble that are integrated at a time: bounds the memory.
_CHUNK = 5_000
#: Confidence of the upper bound where no error was seen [1].
CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True)
class WriteErrors:
    """Write error rate against pulse width.

    Parameters
    ----------
    width : array, shape (n,)
        Pulse widths [s].
    error : array, shape (n,)
        Fraction of the samples that had not switched.
    theory : array, shape (n,)
        By the Fokker-Planck equation.
    samples : int
    overdrive : float
        I / I_c0 at the start of the pulse [1].
    tau_D : float
        Unit of time of the theory [s].
    how : str
        What was run.
    """

    width: NDArray[np.float64]
    error: NDArray[np.float64]
    theory: NDArray[np.float64]
    samples: int
    overdrive: float
    tau_D: float
    how: str

    @property
    def stderr(self) -> NDArray[np.float64]:
        """Standard error of ``error`` if the theory holds: sqrt(p (1 - p) / n), defined where no error was seen too."""
        return np.sqrt(np.maximum(self.theory * (1.0 - self.theory), 0.0) / self.samples)

    @property
    def resolution(self) -> float:
        """Smallest rate that the sample resolves: ten errors expected, a relative standard error of a third."""
        return 10.0 / self.samples

    @property
    def bound(self) -> float:
        """Upper bound at 95 % confidence where no error was seen, -ln(0.05) / n."""
        return float(-np.log(1.0 - CONFIDENCE) / self.samples)

    @property
    def deviations(self) -> NDArray[np.float64]:
        """(error - theory) / stderr at the widths whose theory the sample resolves, else NaN."""
        resolved = (self.theory >= self.resolution) & (self.theory <= 1.0 - self.resolution)
        return np.where(resolved, (self.error - self.theory) / np.where(resolved, self.stderr, 1.0), np.nan)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        data: dict[str, Any] = {n: getattr(self, n).tolist() for n in ("width", "error", "stderr", "theory")}
        single = ("samples", "overdrive", "tau_D", "how", "resolution", "bound")
        return data | {name: getattr(self, name) for name in single}


def bare_write_errors(
    device: Macrospin, widths: ArrayLike, overdrive: float, *, samples: int = 20_000, seed: int = 1
) -> WriteErrors:
    """Sample the write error of a junction under a current pulse with the reference solver.

    Parameters
    ----------
    device : Macrospin
        Uniaxial along z with its reference layer; ``dt`` is the step of noise and solver (fourth order).
    widths : array, shape (n,)
        Pulse widths [s], rising; rounded to a grid of a 400th of the longest.
    overdrive : float
        I / I_c0, larger than 0; the current drives P to AP.
    samples, seed : int

    Raises
    ------
    CircuitError
        For a device that is not uniaxial along z: the theory does not hold.
    ParameterError
        For widths or an overdrive out of range.
    """
    from spinspice.devices.reference.macrospin import simulate_macrospin

    widths = _checked(device, widths, overdrive, samples)
    stride = max(1, round(widths[-1] / 400.0 / device.dt))
    steps = np.maximum(np.rint(widths / (stride * device.dt)).astype(int), 1)
    not_yet = np.zeros(steps.size)
    theta, phi = boltzmann_angles(device.delta, samples, instance_seed(seed, "initial angle"))
    start = np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=1)
    first = instance_seed(seed, "noise") % 2**30
    for begin in range(0, samples, _CHUNK):
        chunk = slice(begin, min(begin + _CHUNK, samples))
        run = simulate_macrospin(
            device,
            float(steps[-1] * stride * device.dt),
            first + np.arange(chunk.start, chunk.stop),
            current=-overdrive * device.I_c0,
            m0=start[chunk],
            scheme="rk4",
            substeps=1,
            decimate=stride,
        )
        not_yet += (run.m[:, steps, 2] > 0.0).sum(axis=0)
    exact = steps * stride * device.dt
    return _result(device, exact, not_yet / samples, overdrive, samples, overdrive, "reference solver, bare junction")


def spice_write_errors(
    device: Macrospin,
    widths: ArrayLike,
    overdrive: float,
    *,
    samples: int = 200,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> WriteErrors:
    """Sample the same with a SPICE engine: ``samples`` junctions in one circuit, each under its own current source."""
    widths = _checked(device, widths, overdrive, samples)
    bench = write_error_bench(device, float(widths[-1]), overdrive, samples, seed)
    waves = get_engine(engine, model).run(bench, timeout=timeout)
    how = f"{waves.provenance.get('engine', 'engine')}, bare junction"
    return _result(device, widths, not_yet_switched(waves, widths, samples), overdrive, samples, overdrive, how)


def write_error_bench(device: Macrospin, longest: float, overdrive: float, samples: int, seed: int) -> Testbench:
    """Return the run of ``samples`` bare junctions under a current for ``longest`` [s]."""
    theta, phi = boltzmann_angles(device.delta, samples, instance_seed(seed, "initial angle"))
    circuit = Circuit("write errors of bare junctions")
    for k in range(samples):
        circuit.I(f"p{k}", f"f{k}", circuit.gnd, overdrive * device.I_c0)
        tilted = device.replace(theta0=float(theta[k]), phi0=float(phi[k]))
        own = instance_seed(seed, f"noise {k}")
        tilted.add_to(circuit, f"j{k}", f"f{k}", "0", f"x{k}", f"y{k}", f"z{k}", seed=own)
    return Testbench.from_pyspice(
        circuit,
        stop=longest + device.dt,
        step=device.max_step,
        max_step=device.max_step,
        save=tuple(f"v(z{k})" for k in range(samples)),
        title="write errors of bare junctions",
    )


def not_yet_switched(waves: Waveforms, widths: NDArray[np.float64], samples: int) -> NDArray[np.float64]:
    """Return the part of the junctions of :func:`write_error_bench` with mz > 0 at each width."""
    mz = np.stack([np.interp(widths, waves.time, waves[f"v(z{k})"]) for k in range(samples)])
    return np.asarray((mz > 0.0).mean(axis=0))


def _checked(device: Macrospin, widths: ArrayLike, overdrive: float, samples: int) -> NDArray[np.float64]:
    """Return the widths, if theory and device fit each other."""
    check_uniaxial(device)
    check_range("overdrive", overdrive, 0.0, 100.0, open_low=True, where="write errors: I / I_c0")
    check_range("samples", samples, 10, 10**9, where="write errors")
    widths = np.atleast_1d(np.asarray(widths, dtype=float))
    if not (widths > 0.0).all() or not (np.diff(widths) > 0.0).all():
        raise ParameterError(f"widths = {widths.tolist()} s of write pulses must be positive and rising.")
    return widths


def check_uniaxial(device: Macrospin) -> None:
    """Raise CircuitError unless the landscape is uniaxial along z, as is the reference layer, and nothing else acts.

    A round layer's demagnetisation only lowers the anisotropy field, so it may be there.
    """
    easy = device.B_k - mu_0 * device.Ms * (device.Nz - device.Nx)
    along_z = device.kz**2 > 1.0 - 1e-9 and device.pz > 1.0 - 1e-9 and easy > 0.0
    present = [name for name in ("Bx", "By", "Bz", "field_like", "vcma") if getattr(device, name) != 0.0]
    present += ["Nx != Ny"] if device.Nx != device.Ny else []
    if not along_z or present:
        raise CircuitError(
            "write errors are compared with a theory for a layer with its easy axis and reference layer along z and no "
            f"other field; here {', '.join(present) or 'an axis is not along z'} breaks that. Try the preset sttmram."
        )


def _result(
    device: Macrospin,
    width: NDArray[np.float64],
    error: NDArray[np.float64],
    drive: Any,
    samples: int,
    overdrive: float,
    how: str,
) -> WriteErrors:
    unit = time_unit(device)
    theory = not_switched(width / unit, device.delta, drive)
    return WriteErrors(width, error, theory, samples, overdrive, unit, how)


@dataclasses.dataclass(frozen=True)
class WriteCurrent:
    """Overdrive i = |I| / I_c0 of a write as a function of mz in the direction of the start (+1 at the start)."""

    coefficients: tuple[float, ...]

    def __call__(self, mz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.polynomial.polynomial.polyval(np.asarray(mz), self.coefficients), dtype=float)


def fit_write_current(mz: NDArray[np.float64], overdrive: NDArray[np.float64]) -> WriteCurrent:
    """Fit i(mz) by a cubic: a divider of junction and transistor follows one within a thousandth (measured)."""
    return WriteCurrent(tuple(np.polynomial.polynomial.polyfit(mz, overdrive, 3)))
