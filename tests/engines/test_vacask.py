"""VACASK: exact circuits, the same results and names as ngspice."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import BSN
from spinspice.cells.bench import bench_circuit
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.noise import thresholds
from spinspice.engines import get_engine
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

pytestmark = [pytest.mark.engine("vacask"), pytest.mark.engine("ngspice-process")]
ENGINES = ("vacask", "ngspice-process")


def run(bench: Testbench, name: str = "vacask") -> Waveforms:
    return get_engine(name).run(bench, timeout=60.0)


def constants(circuit: str, *names: str, engine: str = "vacask") -> list[float]:
    """Values at the end of a short run."""
    waves = run(Testbench(circuit=circuit, stop=1e-9, step=1e-10, save=names), engine)
    return [float(waves[name][-1]) for name in names]


def junction(device, nodes: str, seed: int) -> str:
    parameters = " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())
    return f"Xj {nodes} {device.model} {parameters}\n"


def apart(a: Waveforms, b: Waveforms, name: str, until: float) -> float:
    """Largest distance of a signal in two runs before a time, on the points of the first."""
    early = a.time <= until
    return float(np.max(np.abs(a[name] - np.interp(a.time, b.time, b[name]))[early]))


def test_divider_names_and_signs():
    circuit = ".subckt div top\nR1 top mid 3k\nR2 mid 0 1k\nVm mid m2 0\nR3 m2 0 {rx}\n.ends\nX1 in div\nVin in 0 2\n"
    for engine in ENGINES:
        mid, source, inner = constants(".param rx=1k\n" + circuit, "v(x1.mid)", "i(vin)", "i(v.x1.vm)", engine=engine)
        # 3k into 1k || 1k; a current counts from plus to minus through the source.
        assert mid == pytest.approx(2.0 / 7.0, rel=1e-6)
        assert source == pytest.approx(-2.0 / 3500.0, rel=1e-6)
        assert inner == pytest.approx(1.0 / 3500.0, rel=1e-6)


def test_controlled_sources():
    circuit = (
        "Vin in 0 2\nRin in s 1k\nVs s 0 0\nE1 e 0 in 0 3\nRe e 0 1k\nG1 0 g in 0 1m\nRg g 0 500\n"
        "F1 0 f Vs 2\nRf f 0 1k\nH1 h 0 Vs 5k\nRh h 0 1k\n"
    )
    names = ("v(e)", "v(g)", "v(f)", "v(h)", "i(e1)")
    for engine in ENGINES:
        assert constants(circuit, *names, engine=engine) == pytest.approx([6.0, 1.0, 4.0, 10.0, -6e-3], rel=1e-6)


def test_expressions_mean_what_they_mean_in_ngspice():
    expressions = (
        *("-2**2", "2**3**2", "-2^2", "3/2", "7-2-3", "2**-1", "log(100)", "ln(100)", "log10(100)", "sgn(-3)"),
        *("sgn(0)", "int(-2.7)", "floor(-2.5)", "ceil(2.2)", "pwr(-2,3)", "pow(-2,3)", "min(1,2)+max(3,4)"),
        *("1<2 ? 5 : 6", "!0", "1==1 && 2!=3", "abs(-x)", "sqrt(x)", "x/3", "-x*2+4", "exp(-x)", "arctan(1)"),
        *("1meg/1k", "ternary_fcn(0,2,3)", "tanh(0.3)", "(1==1)/2", "x>=3", "x<=2 || x==3"),
    )
    circuit = ".param x=3\n" + "".join(f"V{n} n{n} 0 {{{text}}}\n" for n, text in enumerate(expressions))
    names = [f"v(n{n})" for n in range(len(expressions))]
    ours, theirs = (constants(circuit, *names, engine=engine) for engine in ENGINES)
    for text, value, expected in zip(expressions, ours, theirs, strict=True):
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-12), text


def test_rc_follows_the_exact_solution():
    bench = Testbench(
        circuit="V1 in 0 1\nR1 in out 1k\nC1 out 0 1p\n.ic v(out)=0.2\n",
        stop=5e-9,
        step=1e-11,
        save=("v(out)", "i(v1)"),
    )
    waves = run(bench)
    exact = 1.0 - 0.8 * np.exp(-waves.time / 1e-9)
    # The trapezoidal rule at steps of tau/100 leaves (h/tau)^2/12 = 1e-5 of the swing; the first step is an Euler step.
    assert np.max(np.abs(waves["v(out)"] - exact)) < 5e-5
    assert np.max(np.abs(waves["i(v1)"] + (1.0 - exact) / 1e3)[1:]) < 5e-8


def test_an_inductor_rings_at_its_frequency():
    circuit = "I1 0 a PWL(0 1m 1f 0)\nL1 a 0 1n\nC1 a 0 1p\nR1 a 0 100k\n"
    waves = run(Testbench(circuit=circuit, stop=2e-9, step=1e-12, save=("v(a)", "i(l1)")))
    omega = 1.0 / np.sqrt(1e-9 * 1e-12)
    envelope = np.exp(-5e6 * waves.time)  # 1 / (2 R C)
    # The trapezoidal rule is (omega h)^2/12 = 8e-5 slow: 5e-3 rad after ten periods; twice that is allowed.
    assert np.max(np.abs(waves["i(l1)"] / 1e-3 - envelope * np.cos(omega * waves.time))) < 0.01
    peak = 1e-3 * np.sqrt(1e-9 / 1e-12)
    assert np.max(np.abs(waves["v(a)"] / peak + envelope * np.sin(omega * waves.time))) < 0.01


PERIOD = 3e-9


def pulse(t):
    t = np.where(t < 0.5e-9, 0.0, np.mod(t - 0.5e-9, PERIOD))
    return 0.1 + 0.9 * np.interp(t, [0.0, 1e-10, 1.1e-9, 1.3e-9], [0.0, 1.0, 1.0, 0.0])


def sine(t):
    late = np.maximum(t - 1e-9, 0.0)
    return 0.1 + 0.7 * np.exp(-2e8 * late) * np.sin(2 * np.pi * (1e9 * late + 30 / 360))


def exponential(t):
    rise = np.where(t > 1e-9, 1 - np.exp(-np.maximum(t - 1e-9, 0) / 0.5e-9), 0.0)
    fall = np.where(t > 3e-9, 1 - np.exp(-np.maximum(t - 3e-9, 0) / 0.25e-9), 0.0)
    return 0.2 + 0.6 * (rise - fall)


EDGES = [0.0, 0.8, 0.8, 0.0]
WAVEFORMS = {
    "PULSE(0.1 1 0.5n 0.1n 0.2n 1n 3n)": pulse,
    "PULSE(0 {vp} 1n 0 0 1n 20n)": lambda t: np.interp(t, [1e-9, 1e-9 + 8e-15, 2e-9 + 8e-15, 2e-9 + 16e-15], EDGES),
    "SIN(0.1 0.7 1G 1n 2e8 30)": sine,
    "SIN(0 1)": lambda t: np.sin(2 * np.pi * t / 8e-9),
    "EXP(0.2 0.8 1n 0.5n 3n 0.25n)": exponential,
    "PWL(0 0 1n {vp} 1.5n 0.2 7n 0.4)": lambda t: np.interp(t, [0, 1e-9, 1.5e-9, 7e-9], [0, 0.8, 0.2, 0.4]),
    "PWL(1n 0.5 2n -0.5)": lambda t: np.interp(t, [1e-9, 2e-9], [0.5, -0.5]),
    "DC {vp/2}": lambda t: np.full_like(t, 0.4),
}


def test_sources_follow_their_definition_in_both_engines():
    circuit = "".join(f"V{n} n{n} 0 {text}\nI{n} 0 m{n} {text}\nR{n} m{n} 0 1\n" for n, text in enumerate(WAVEFORMS))
    save = tuple(f"v({letter}{n})" for n in range(len(WAVEFORMS)) for letter in "nm")
    bench = Testbench(circuit=circuit, stop=8e-9, step=1e-11, save=save, parameters={"vp": 0.8})
    for engine in ENGINES:
        waves = run(bench, engine)
        for n, law in enumerate(WAVEFORMS.values()):
            for letter in "nm":
                # Edges of 1e14 V/s turn the last bit of a time, 1e-24 s, into 1e-10 V.
                assert np.max(np.abs(waves[f"v({letter}{n})"] - law(waves.time))) < 1e-6, (engine, n, letter)


def test_corners_of_a_waveform_are_time_points():
    bench = Testbench(
        circuit="V1 a 0 PULSE(0 1 0.333n 7p 7p 0.2n 1n)\nR1 a 0 1\n", stop=1e-9, step=1e-10, save=("v(a)",)
    )
    time = run(bench).time
    for corner in (0.333e-9, 0.340e-9, 0.540e-9, 0.547e-9):
        assert np.min(np.abs(time - corner)) < 1e-15


def test_inverter_as_in_ngspice():
    technology = get_technology("generic")
    circuit = (
        technology.cards
        + "Vdd vdd 0 0.8\nVin g 0 PULSE(0 0.8 0.1n 20p 20p 0.4n 1n)\nCl out 0 1f\n"
        + "Mn out g 0 0 gen_nmos w=200n l=40n ad=2e-14 as=2e-14 pd=6e-7 ps=6e-7\n"
        + "Mp out g vdd vdd gen_pmos w=400n l=40n ad=4e-14 as=4e-14 pd=1e-6 ps=1e-6\n"
    )
    bench = Testbench(circuit=circuit, stop=2e-9, step=1e-12, save=("v(out)", "i(vdd)"))
    ours, theirs = (run(bench, engine) for engine in ENGINES)
    # Measured 1.2 mV of 0.8 V on edges of 20 ps: two solvers with a tolerance of 1e-3 on steps of 1 ps.
    assert apart(ours, theirs, "v(out)", 2e-9) < 4e-3
    charge = [-np.trapezoid(waves["i(vdd)"], waves.time) for waves in (ours, theirs)]
    assert charge[0] == pytest.approx(charge[1], rel=0.01)


@pytest.mark.parametrize("seed", [5, 6])
def test_macrospin_follows_the_path_of_ngspice(seed):
    circuit = "V1 a 0 0.1\n" + junction(Macrospin(), "a 0 mx my mz", seed)
    bench = Testbench(circuit=circuit, stop=2e-9, step=5e-12, save=("v(mx)", "v(my)", "v(mz)", "i(v1)"))
    ours, theirs = (run(bench, engine) for engine in ENGINES)
    for name in ("v(mx)", "v(my)", "v(mz)"):
        assert apart(ours, theirs, name, 1e-9) < 1e-2
    assert ours["i(v1)"][0] == pytest.approx(theirs["i(v1)"][0], rel=1e-9)
    # Every noise sample is a time point, or its corner would not be integrated exactly; steps keep to the bound.
    grid = 5e-12 * np.arange(1, 400)
    nearest = np.abs(ours.time[np.searchsorted(ours.time, grid - 1e-14)] - grid)
    assert np.max(nearest) < 1e-14
    assert np.max(np.diff(ours.time)) < Macrospin().max_step * (1 + 1e-6)
    assert len(ours.time) < 1.02 * 2e-9 / Macrospin().max_step + 20


@pytest.mark.parametrize("delta", [6.0, 9.0, 13.0])
def test_telegraph_flips_as_in_ngspice(delta):
    device = Telegraph(delta=delta)
    mean = np.exp(delta) / device.phi0
    circuit = "V1 a 0 0\n" + junction(device, "a 0 state count", 11)
    bench = Testbench(circuit=circuit, stop=1030 * mean, step=10 * mean, save=("v(count)", "v(state)"))
    ours, theirs = (run(bench, engine) for engine in ENGINES)
    dwells = [np.diff(waves.events["v(count)"], prepend=0.0)[:1000] for waves in (ours, theirs)]
    assert len(dwells[0]) == len(dwells[1]) == 1000
    assert np.max(np.abs(dwells[0] - dwells[1])) < 0.01 * mean
    exact = thresholds(11.0, np.arange(1000.0)) * mean
    assert np.max(np.abs(dwells[0] - exact)) < 0.01 * mean
    assert abs(np.mean(dwells[0]) - np.mean(exact)) < 1e-3 * mean
    assert len(ours.time) < 100 * len(ours.events["v(count)"])


def test_a_cell_as_in_ngspice():
    cell = BSN(Macrospin())
    save = ("v(out)", "v(mid)", "i(vdd)", "v(x1.mx)", cell.current_signal(cell.ammeters[0]))
    bench = Testbench.from_pyspice(
        bench_circuit(cell), stop=2e-9, step=5e-12, save=save, parameters={"vin": 0.0, "seed": 3.0}
    )
    ours, theirs = (run(bench, engine) for engine in ENGINES)
    for name in save:
        # 1 % of its range in 1 ns: the path of the junction moves all else.
        assert apart(ours, theirs, name, 1e-9) < 1e-2 * max(np.ptp(theirs[name]), 1e-9), name


def test_the_temperature_is_that_of_the_testbench():
    circuit = "I1 0 d 1u\nD1 d 0 dm\n.model dm d is=1e-14\n"
    for kelvin in (250.0, 350.0):
        bench = Testbench(circuit=circuit, stop=1e-9, step=1e-10, save=("v(d)",), temperature=kelvin)
        ours, theirs = (run(bench, engine) for engine in ENGINES)
        assert ours["v(d)"][-1] == pytest.approx(theirs["v(d)"][-1], abs=1e-4)
