"""Every exact number of the switching studies: how it is computed, and the tests that show it.

``python tests/unit/switching_numbers.py`` writes docs/switching_numbers.md; test_switching_numbers.py checks both.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from spinspice.devices import Telegraph
from spinspice.devices.laws import driven, random_bits
from spinspice.devices.laws.fokker_planck import not_switched
from spinspice.devices.laws.sphere import Landscape, relaxation_rate

ROOT = Path(__file__).resolve().parents[2]
DRIVEN, LOCKING = "tests/unit/test_driven.py", "tests/systems/test_locking.py"
BITS, STUDY = "tests/unit/test_random_bits.py", "tests/systems/test_switching_study.py"
WRITE, SPHERE = "tests/physics/reference/test_reference_splitting.py", "tests/unit/test_sphere.py"
MEMORY = "tests/unit/test_hopfield.py"


@dataclasses.dataclass(frozen=True)
class Number:
    """A number: value and tolerance, the law that gives it, and the tests of law, reference and circuit."""

    group: str
    name: str
    value: float
    within: float
    law: Callable[[], float]
    reference: str
    circuit: str = ""


def _response(eta: float, w: float, amplitude: float, lag: float) -> list[Number]:
    found = functools.cache(lambda: driven.periodic_response(1.0, eta, w))
    where = f"{DRIVEN}::test_the_event_by_event_junction_responds_as_much"
    name = f"cosine drive, eta {eta:g}, w/r {w:g}"
    circuit = f"{LOCKING}::test_the_response_to_a_cosine_in_spice" if (eta, w) == (1, 2) else ""
    return [
        Number("driven", f"{name}: amplitude", amplitude, 6e-6, lambda: found().amplitude, where, circuit),
        Number("driven", f"{name}: lag [deg]", lag, 6e-4, lambda: found().lag, where, circuit),
    ]


def _linear(eta: float, w: float, amplitude: float, lag: float) -> list[Number]:
    found = functools.cache(lambda: driven.linear_response(1.0, eta, w))
    where = f"{DRIVEN}::test_a_weak_drive_gives_the_linear_response"
    return [
        Number(
            "driven", f"linear, eta {eta:g}, w/r {w:g}: amplitude", amplitude, 6e-6, lambda: found().amplitude, where
        ),
        Number("driven", f"linear, eta {eta:g}, w/r {w:g}: lag [deg]", lag, 6e-4, lambda: found().lag, where),
    ]


def _locked(eta: float, x: float, switches: float, variance: float | None, fano: float, digits: int) -> list[Number]:
    found = functools.cache(lambda: driven.locking(1.0, eta, x))
    name, where = (
        f"square drive, eta {eta:g}, rH {x:g}",
        f"{DRIVEN}::test_the_event_by_event_junction_switches_as_often",
    )
    both, one = f"{LOCKING}::test_switches_in_vacask_are_the_same", f"{LOCKING}::test_switches_in_ngspice"
    circuit = {(3, 0.1): both, (3, 0.3): both, (4, 0.3): one, (2, 1): one}.get((eta, x), "")
    made = [
        Number(
            "driven",
            f"{name}: switches a half period",
            switches,
            0.6 * 10.0**-digits,
            lambda: found().switches,
            where,
            circuit,
        )
    ]
    if variance is not None:
        made.append(
            Number("driven", f"{name}: variance a half period", variance, 6e-7, lambda: found().variance, where)
        )
    made.append(
        Number("driven", f"{name}: Fano factor", fano, 6e-4 if variance is None else 6e-6, lambda: found().fano, where)
    )
    return made


def _write(delta: float, drive: float, *rows: tuple[float, float]) -> list[Number]:
    where = f"{WRITE}::test_all_rates_of_the_table"
    made = []
    for time, rate in rows:
        circuit = f"{STUDY}::test_write_errors_of_circuit_splitting_and_equation_agree" if rate > 1e-2 else ""
        made.append(
            Number(
                "write errors",
                f"{delta:g} kT, i {drive:g}, {time:g} tau_D: error rate",
                rate,
                4e-3 * rate,
                lambda t=time: float(not_switched([t], delta, drive)[0]),
                where,
                circuit,
            )
        )
    return made


@functools.cache
def _curve(delta: float, drive: float) -> tuple[np.ndarray, np.ndarray]:
    times = np.linspace(1.0, 26.0, 1001)
    return times, np.log(not_switched(times, delta, drive))


def _times(delta: float, drive: float, slope: float, *times: float) -> list[Number]:
    def reached(rate: float) -> float:
        grid, logs = _curve(delta, drive)
        return float(np.interp(-np.log(rate), -logs, grid))

    def steepness() -> float:
        grid, logs = _curve(delta, drive)
        last = float(np.interp(np.log(1e11), -logs, grid))
        return float(-np.diff(np.interp([last - 2.0, last], grid, logs))[0] / 2.0)

    where = f"{WRITE}::test_all_rates_of_the_table"
    made = [
        Number(
            "write errors",
            f"{delta:g} kT, i {drive:g}: time to {rate:g} [tau_D]",
            t,
            2e-3,
            lambda r=rate: reached(r),
            where,
        )
        for t, rate in zip(times, (1e-3, 1e-6, 1e-9), strict=True)
    ]
    return [
        *made,
        Number("write errors", f"{delta:g} kT, i {drive:g}: late slope [1/tau_D]", slope, 2e-3, steepness, where),
    ]


def _sphere(delta: float, h: float, alpha: float, rate: float, within: float) -> Number:
    def law() -> float:
        found = relaxation_rate(
            Landscape(stiffness=(-1.0, 0.0, h), alpha=alpha, thermal=0.5 / delta), 64 if alpha < 0.1 else 48
        )
        return found / (1.7608596e11 / (1.0 + alpha**2))

    where = "test_the_reference_simulation_has_the_rate_of_an_elliptical_junction"
    if (delta, h, alpha) != (3, 5, 0.1):
        where = "test_an_elliptical_magnet_has_its_precession_in_the_rate"
    return Number(
        "write errors",
        f"in-plane magnet {delta:g} kT, h {h:g}, alpha {alpha:g}: lambda_1",
        rate,
        within,
        law,
        f"{SPHERE}::{where}",
    )


def _bits() -> list[Number]:
    device = Telegraph(delta=6.0, V_c=0.1)
    rate = float(device.escape_rates(0.0)[0])
    made = [
        Number(
            "random bits",
            f"correlation of neighbours, x {x:g}",
            value,
            2e-3 * value,
            lambda x=x: random_bits.SampledJunction.of(device, x / (2.0 * rate)).correlation(),
            f"{BITS}::test_the_correlation_of_a_sampled_junction",
            f"{STUDY}::test_bits_of_a_comparator_follow_the_law_of_the_junction_that_is_read" if x == 1 else "",
        )
        for x, value in ((1, 0.36788), (2, 0.13534), (4, 0.01832), (8, 3.35e-4))
    ]
    law = random_bits.SampledJunction(1.0, 1.0, 0.5)
    xor = f"{BITS}::test_xor_across_junctions_whitens_and_along_time_does_not"
    made += [
        Number(
            "random bits",
            "exclusive or of two junctions, x 1: correlation",
            np.exp(-2.0),
            1e-9,
            lambda: law.correlation(junctions=2),
            xor,
        ),
        Number(
            "random bits",
            "of two successive bits, x 1: mean sign",
            np.exp(-1.0),
            1e-9,
            lambda: law.successive_bias(2),
            xor,
        ),
        Number(
            "random bits",
            "of four successive bits, x 1: mean sign",
            np.exp(-2.0),
            1e-9,
            lambda: law.successive_bias(4),
            xor,
        ),
        Number(
            "random bits",
            "spin dice, 40 kT: change of P for 1 % of the voltage",
            0.14,
            0.005,
            lambda: 0.01 * random_bits.spin_dice_slope(40.0),
            f"{BITS}::test_a_dice_is_steep",
            f"{STUDY}::test_a_spin_dice_has_one_law_on_two_engines",
        ),
    ]
    return made + [
        Number(
            "random bits",
            f"offset 0.05 through the exclusive or of {n}",
            value,
            1e-3 * value,
            lambda n=n: float(random_bits.piled_up(0.05, n)),
            f"{BITS}::test_bias_piles_up",
            f"{STUDY}::test_many_throws_have_the_exact_probability" if n == 2 else "",
        )
        for n, value in ((2, 5e-3), (4, 5e-5), (8, 5e-9))
    ]


def _memory() -> list[Number]:
    from spinspice.networks.hopfield import corrected, hebbian, recalled
    from spinspice.networks.hopfield.memory import PATTERNS, Devices, energy

    table, sums = (
        f"{MEMORY}::test_the_table_of_the_ideal_matrix",
        f"{MEMORY}::test_columns_in_the_circuit_have_the_sums",
    )
    sums += "_of_the_matrix"
    made = [
        Number("memory", f"overlap of {name}", value, 0.0, lambda a=a, b=b: float(PATTERNS[a] @ PATTERNS[b]), table)
        for name, a, b, value in (("I and C", 0, 1, -3.0), ("I and T", 0, 2, 5.0), ("C and T", 1, 2, 1.0))
    ]
    made += [
        Number(
            "memory", f"energy of {name}", value, 6e-5, lambda k=k: energy(hebbian(PATTERNS), PATTERNS[k]), table, sums
        )
        for k, (name, value) in enumerate((("I", -4.8889), ("C", -3.5556), ("T", -4.4444)))
    ]
    letters = {"I": "010010010", "C": "111100111", "T": "111010010", "L": "100100111", "X": "101010101"}

    def count(names: str) -> float:
        rows = np.array([[1 if c == "1" else -1 for c in letters[k]] for k in names])
        return float(recalled(hebbian(rows), rows).sum())

    other = f"{MEMORY}::test_other_letters_have_other_tables"
    made += [
        Number(
            "memory",
            f"one-bit errors mended, {names}, of 27",
            value,
            0.0,
            lambda names=names: count(names),
            where,
            circuit,
        )
        for names, value, where, circuit in (
            ("ICT", 23.0, table, f"{MEMORY}::test_all_one_bit_errors_through_transistors"),
            ("LXT", 25.0, other, ""),
            ("CTX", 24.0, other, ""),
        )
    ]

    def at_once(spread: float) -> float:
        return float(
            np.mean([corrected(Devices.drawn(9, spread, seed), PATTERNS, most=0)[1] == 0 for seed in range(300)])
        )

    return made + [
        # both sides are counts of 300 arrays, drawn from laws that differ in details that are our choice
        Number(
            "memory",
            f"arrays of spread {spread:g} that recall at once",
            value,
            4.0 * (2 * value * (1 - value) / 300) ** 0.5 + 0.01,
            lambda s=spread: at_once(s),
            f"{MEMORY}::test_spread_spoils_the_memory_and_corrections_bring_it_back",
        )
        for spread, value in ((0.1, 0.997), (0.2, 0.81), (0.4, 0.43), (0.6, 0.17))
    ]


NUMBERS: tuple[Number, ...] = (
    *_response(0.5, 0.2, 0.46917, 5.551),
    *_response(1, 0.2, 0.80924, 5.218),
    *_response(1, 2, 0.65906, 41.604),
    *_response(3, 0.2, 1.20531, 4.484),
    *_linear(0.5, 0.2, 0.49752, 5.711),
    *_linear(1, 0.2, 0.99504, 5.711),
    *_linear(1, 2, 0.70711, 45.0),
    Number(
        "driven",
        "linear, eta 3, w/r 0.2: amplitude",
        2.985,
        6e-4,
        lambda: driven.linear_response(1.0, 3.0, 0.2).amplitude,
        f"{DRIVEN}::test_a_weak_drive_gives_the_linear_response",
    ),
    Number(
        "driven",
        "signal over noise density, r eta^2 / 4, r 1, eta 0.3 [Hz]",
        0.0225,
        1e-12,
        lambda: driven.signal_to_noise(1.0, 0.3),
        f"{DRIVEN}::test_the_signal_to_noise_ratio_of_drawn_events",
    ),
    Number(
        "driven",
        "noise of the best ratio over the barrier",
        0.5,
        1e-12,
        lambda: driven.best_noise(1.0),
        f"{DRIVEN}::test_the_noise_that_serves_best",
    ),
    Number(
        "driven",
        "noise of the largest response, w/phi0 1e-3",
        0.1486,
        6e-5,
        lambda: driven.best_response_noise(1.0, 1e-3),
        f"{DRIVEN}::test_the_noise_that_serves_best",
    ),
    *_locked(2, 1, 1.194149, 0.384575, 0.32205, 6),
    *_locked(3, 0.3, 1.015230, 0.049663, 0.04892, 6),
    *_locked(4, 0.3, 1.009645, 0.019279, 0.01909, 6),
    *_locked(5, 0.1, 1.001165, 0.002333, 0.00233, 6),
    *_locked(3, 0.01, 0.1003, None, 0.990, 4),
    *_locked(3, 0.1, 0.7668, None, 0.423, 4),
    *_locked(3, 1, 1.0895, None, 0.164, 4),
    Number(
        "driven",
        "rates under held noise of 2 in the exponent",
        7.39,
        6e-3,
        lambda: driven.noisy_rate(1.0, 2.0),
        f"{DRIVEN}::test_noise_multiplies_the_rates",
        f"{LOCKING}::test_noise_locks_a_junction_that_is_too_slow",
    ),
    Number(
        "driven",
        "the same, straight between its samples",
        3.98,
        6e-3,
        lambda: driven.noisy_rate(1.0, 2.0, linear=True),
        f"{DRIVEN}::test_noise_multiplies_the_rates",
    ),
    *_bits(),
    *_write(40, 2, (4, 1.0015e-2), (8, 3.0720e-6), (12, 9.3887e-10), (14, 1.641e-11)),
    *_write(60, 2, (4, 1.5268e-2), (8, 4.8364e-6), (12, 1.5225e-9), (14, 2.701e-11)),
    *_write(60, 1.5, (7.4286, 9.4575e-3), (14.857, 4.0575e-6), (22.286, 1.7371e-9)),
    *_write(40, 3, (2, 2.0353e-2), (4, 6.8984e-6), (6, 2.3152e-9)),
    *_times(40, 2, 2.0233, 5.1404, 8.5547, 11.9688),
    *_times(60, 2, 2.0159, 5.3550, 8.7819, 12.2085),
    *_times(60, 1.5, 1.0441, 9.5823, 16.1986, 22.8146),
    *_times(40, 3, 3.9998, 2.7557, 4.4829, 6.2099),
    _sphere(3, 5, 0.1, 3.99259e-2, 1e-6),
    _sphere(3, 5, 1.0, 5.50163e-2, 1e-6),
    _sphere(3, 5, 0.02, 1.271e-2, 1e-5),
    _sphere(5, 5, 0.1, 6.61515e-3, 1e-7),
    _sphere(3, 20, 0.1, 9.4037e-2, 1e-5),
    *_memory(),
)


def page() -> str:
    """Return docs/switching_numbers.md."""
    told = (
        "Every exact number that the studies of [switching](switching.md) rest on. *Law* is the value that "
        "`spinspice.devices.laws` and `spinspice.networks` give, *known* an independent solution; *shown by* names the "
        "test that meets it in the reference (events or magnets one by one, four standard errors), *in circuits* the "
        "one that does so in SPICE, with the engines that it runs on: the numbers that have both there are the "
        "subset met on two engines. Both values are compared to the digits printed, or to four standard errors where "
        "they are counts of samples (the last four rows)."
    )
    lines = ["# Numbers of the switching studies", "", told, ""]
    titles = {
        "driven": "Stochastic resonance and locking",
        "random bits": "Random bits",
        "write errors": "Write errors",
        "memory": "Associative memory",
    }
    for group, title in titles.items():
        lines += [f"## {title}", "", "| quantity | known | law | shown by | in circuits |", "|---|---|---|---|---|"]
        for n in NUMBERS:
            if n.group == group:
                lines.append(
                    f"| {n.name} | {n.value:.6g} | {n.law():.6g} | `{_short(n.reference)}` | {_circuit(n.circuit)} |"
                )
        lines.append("")
    return "\n".join(lines)


def _circuit(where: str) -> str:
    return f"`{_short(where)}` ({', '.join(engines_of(where))})" if where else ""


def engines_of(where: str) -> tuple[str, ...]:
    """Return the engines that a test names, in its decorators or its body."""
    file, name = where.split("::")
    parts = (ROOT / file).read_text(encoding="utf-8").split("\n\n\n")
    text = next(part for part in parts if re.search(rf"^def {name}\(", part, re.MULTILINE))
    return tuple(engine for engine in ("ngspice", "vacask") if f'"{engine}"' in text)


def _short(where: str) -> str:
    return where.split("::")[1].removeprefix("test_")


if __name__ == "__main__":
    (ROOT / "docs" / "switching_numbers.md").write_text(page(), encoding="utf-8")
