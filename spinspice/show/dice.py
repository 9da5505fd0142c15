"""Throws of a spin dice in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.devices.laws.random_bits import piled_up
from spinspice.panels import Curve, Panel, Table
from spinspice.studies.dice import DiceResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: DiceResult) -> tuple[Table, ...]:
    rows = (
        ("write voltage", with_error(result.volts, DETERMINISTIC, "V")),
        ("P(1) of a junction", with_error(*result.ones)),
        ("by the law, from its voltage in the circuit", with_error(result.law.ones, DETERMINISTIC)),
        ("change of P(1) for 1 % of the voltage, by the law", with_error(result.slope, DETERMINISTIC)),
        (f"mean sign of the exclusive or of {result.junctions}", with_error(*result.sign)),
        ("by the law", with_error(result.exact_sign, DETERMINISTIC)),
        ("combined bits that the gates got wrong", f"{result.mistaken} of {result.combined.size}"),
        ("bit rate", with_error(1.0 / result.period, DETERMINISTIC, "Hz")),
        ("energy of a combined bit", with_error(result.energy, result.energy_stderr, "J")),
    )
    return (Table("A spin dice", ("quantity", "value"), rows),)


def panels(result: DiceResult) -> tuple[Panel, ...]:
    percent = np.linspace(-2.0, 2.0, 81)
    hazard = -np.log1p(-result.law.ones)
    per_cent = result.slope / (hazard * np.exp(-hazard))
    ones = -np.expm1(-hazard * np.exp(per_cent * percent))
    curves = [
        Curve(x=percent, y=2.0 * piled_up(ones - 0.5, n), label=f"{n} junction{'s' if n > 1 else ''}", color=k)
        for k, n in enumerate((1, 2, 4, 8))
    ]
    sign, error = result.sign
    curves.append(Curve(x=[0.0], y=[abs(sign)], yerr=[error], kind="points", label="circuit", color=4))
    return (
        Panel(
            title="What an error of the write voltage does",
            xlabel="error of the write voltage [%]",
            ylabel="size of the mean sign of the bits",
            curves=tuple(curves),
        ),
    )
