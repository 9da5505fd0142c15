"""Random bits in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.trng import RandomBits
from spinspice.units import DETERMINISTIC, with_error


def tables(result: RandomBits) -> tuple[Table, ...]:
    raw, law, read = result.raw, result.law, result.read_law
    rows = [
        ("bit rate", with_error(result.rate, DETERMINISTIC, "Hz")),
        ("mean sign of the raw bits", with_error(raw.bias, raw.bias_stderr)),
        ("by the law, junction that is read", with_error(read.bias, DETERMINISTIC)),
        ("by the law, junction left alone", with_error(law.bias, DETERMINISTIC)),
        ("voltage between reads", with_error(result.stimulus, DETERMINISTIC, "V")),
        ("correlation of neighbours", with_error(raw.correlation, raw.correlation_stderr)),
        ("by the law", with_error(read.correlation(), DETERMINISTIC)),
        ("wrong bits of settled junctions", f"{result.wrong} of {result.bits.size}"),
        ("energy of a raw bit", with_error(result.energy, result.energy_stderr, "J")),
        ("of which the gate line's diode, which can serve many", with_error(result.energy_line, DETERMINISTIC, "J")),
        (f"energy of an output bit, {result.combined} junctions", with_error(result.energy_per_bit, result.combined *
         result.energy_stderr, "J")),
    ]  # fmt: skip
    if result.combined_bits is not None:
        rows.append(("wrong bits of the gates", f"{result.mistaken} of {result.combined_bits.size}"))
    made = [Table("Bits of a fluctuating junction", ("quantity", "value"), tuple(rows))]
    tests = result.tests
    if tests is not None:
        told = tuple((name, f"{tests.uniformity[name]:.3f}", f"{tests.passed[name]:.3f}") for name in tests.p)
        verdict = f"fails {', '.join(tests.failures)}" if tests.failures else "passes"
        title = f"Tests of {tests.p['monobit'].size} sequences of {tests.length} bits: {verdict}"
        made.append(Table(title, ("test", "p of uniform p-values", "share with p >= 0.01"), told))
    return tuple(made)


def panels(result: RandomBits) -> tuple[Panel, ...]:
    sign = 2.0 * result.bits - 1.0
    lags = np.arange(1, min(20, sign.shape[1] // 4))
    centred = sign - sign.mean()
    power = float((centred**2).mean()) or 1.0
    found = [float((centred[:, k:] * centred[:, :-k]).mean()) / power for k in lags]
    error = 1.0 / np.sqrt(sign.size)
    return (
        Panel(
            title="Correlation of the raw bits", xlabel="lag [bits]", ylabel="correlation [1]",
            curves=(
                Curve(x=lags, y=found, yerr=np.full(lags.size, error), kind="points", label="circuit"),
                Curve(x=lags, y=[result.read_law.correlation(int(k)) for k in lags], label="law", color=1),
            ),
        ),
    )  # fmt: skip
