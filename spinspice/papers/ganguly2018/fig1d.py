"""Ganguly et al. 2018, Fig. 1d: transfer curves of the analog and (inset) the binary stochastic neuron.

The paper shows the averaged and the instantaneous output of the SPICE model of the analog neuron under a sweep of its
input, and says that the average and both bounds of the output follow a tanh between V- and V+ (eq. 2); the inset shows
the binary neuron, whose output is at V- or V+ (eq. 3). Its input axis has no numbers that could be compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.analysis.transfer import TanhFit, fit_tanh
from spinspice.cells import ASN
from spinspice.characterize import Characterization, characterize
from spinspice.errors import ResultError
from spinspice.presets import load_preset
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "ganguly-fig1d"
SUMMARY = "transfer curves of the analog and the binary stochastic neuron"
TITLE = "Ganguly 2018, Fig. 1d: transfer of the analog (inset: binary) stochastic neuron"
PRESET = "ganguly2018"
VDD = 0.8
#: Inputs, runs at each and their length, full and short.
FULL: dict[str, Any] = {"vin": "auto:17", "trials": 4, "duration": 40e-9}
SHORT: dict[str, Any] = {"vin": "auto:7", "trials": 1, "duration": 10e-9}
#: Least R^2 at which a curve is called a tanh, and what can be read off the printed figure [V]; our choices.
TANH_R2, READING = 0.99, 10e-3
_POLARITY = (
    "Polarity: with the junction above the transistor, as in Fig. 1c, the output falls as the gate rises; eqs. 2 and 3 "
    "count the input positive towards the upper rail."
)
_ARCSINE = (
    "a magnet that turns freely in the plane meets the sharp threshold of the inverters with an arcsine law, which "
    "reaches the rails at a finite input; a magnet as slow as this 50 nm one is not rounded by them"
)
_WIDTHS = "The width V0 of the tanh has no number in the paper; here {} mV (ASN) and {} mV (BSN)."


def run(request: Request) -> Reproduction:
    """Simulate both transfer curves; arguments and errors as :func:`spinspice.reproduce.run`."""
    size = SHORT if request.short else FULL

    asn, bsn = (characterize(cell, PRESET, vdd=VDD, **size, **request.common) for cell in ("asn", "bsn"))
    return Reproduction(
        name="ganguly-fig1d",
        title=TITLE,
        source="S. Ganguly, K. Y. Camsari, A. W. Ghosh, arXiv:1812.08273 (2018)",
        rows=(*_design_rows(), *_asn_rows(asn), *_bsn_rows(bsn)),
        panels=(_asn_panel(asn, _bsn_panel(bsn)),),
        remarks=(_POLARITY, _WIDTHS.format(_milli(asn), _milli(bsn))),
        provenance={**asn.provenance, "preset": PRESET, "seed": request.seed, **size},
    )


def _fit(result: Characterization) -> TanhFit:
    """Return the fitted tanh; there is one, for the inputs were laid across the transition that was found.

    Raises
    ------
    ResultError
        If it is not resolved all the same.
    """
    fit = result.fit
    if fit is None or not fit.resolved:
        raise ResultError(f"the transition of the {result.cell.upper()} is {fit.verdict if fit else 'not there'}.")
    return fit


def _milli(result: Characterization) -> str:
    fit = _fit(result)
    return with_error(1e3 * fit.v0, 1e3 * fit.v0_stderr, prefix=False)


def _design_rows() -> tuple[Row, ...]:
    """What the paper states of the circuit, against the circuit that was simulated."""
    device: Any = load_preset(PRESET).device
    sizing = ASN(device, vdd=VDD).sizing
    return (
        Row(
            quantity="junction resistance",
            unit="kOhm",
            paper=12.0,
            here=device.R_P / 1e3,
            tolerance=0.5,
            source="R = 12 kOhm, Sec. II A",
            note="RA = 100 Ohm um^2 over pi (50 nm)^2 is 12.73 kOhm; the paper prints 12",
        ),
        Row(
            quantity="reference resistor over R",
            paper=0.2,
            here=sizing.R_ref / sizing.resistance,
            tolerance=0.005,
            source="Rref is 0.2 times R, Sec. II A",
        ),
    )


def _asn_rows(asn: Characterization) -> tuple[Row, ...]:
    fit, transfer = _fit(asn), asn.transfer
    lower, upper = (fit_tanh(transfer.vin, bound) for bound in (transfer.low, transfer.high))
    why = (
        "the follower ends where its pairs lose their headroom, and the divider does not reach the rails in this range"
    )
    return (
        _tanh_row("ASN average: R^2 of the tanh", fit.r2, "averaged signal shows a tanh, Sec. II A and eq. 2"),
        _tanh_row("ASN upper bound: R^2 of the tanh", upper.r2, "upper and lower bounds show a tanh, Sec. II A"),
        _tanh_row("ASN lower bound: R^2 of the tanh", lower.r2, "upper and lower bounds show a tanh, Sec. II A"),
        _middle_row("ASN", fit),
        Row(
            quantity="ASN half swing of the average",
            unit="V",
            paper=VDD / 2,
            here=abs(fit.amplitude),
            stderr=fit.amplitude_stderr,
            tolerance=READING,
            source="eq. 2: VDD / 2",
            note=why,
        ),
    )


def _bsn_rows(bsn: Characterization) -> tuple[Row, ...]:
    fit, transfer = _fit(bsn), bsn.transfer
    middle = int(np.argmin(np.abs(transfer.vin - fit.offset)))
    rails = [
        Row(
            quantity=f"BSN {name} output in the middle",
            unit="V",
            paper=sign * VDD / 2,
            here=float(bound[middle]),
            tolerance=READING,
            source="output is either V+ or V-, eq. 3",
            note="the inverters overshoot through the gate-drain capacitance as they switch",
        )
        for name, sign, bound in (("upper", 1.0, transfer.high), ("lower", -1.0, transfer.low))
    ]
    swing = Row(
        quantity="BSN half swing of the average",
        unit="V",
        paper=VDD / 2,
        here=abs(fit.amplitude),
        stderr=fit.amplitude_stderr,
        tolerance=READING,
        source="eq. 3: VDD / 2",
        note="the averaged transition is not exactly a tanh, which the fitted amplitude takes up",
    )
    return (
        _tanh_row("BSN average: R^2 of the tanh", fit.r2, "probability dictated by a tanh, Sec. II A 2", _ARCSINE),
        _middle_row("BSN", fit),
        swing,
        *rails,
    )


def _tanh_row(quantity: str, r2: float, source: str, why: str = "the runs are too few to tell") -> Row:
    return Row(quantity=quantity, paper=1.0, here=r2, tolerance=1.0 - TANH_R2, source=source, note=why)


def _middle_row(cell: str, fit: TanhFit) -> Row:
    return Row(
        quantity=f"{cell} input at the middle of the transition",
        unit="mV",
        paper=0.0,
        here=1e3 * fit.offset,
        stderr=1e3 * fit.offset_stderr,
        tolerance=1e3 * READING,
        source="Fig. 1d is centred on zero input",
        note="transistor and junction are matched at their mean conductance; the rest is the asymmetry of the two",
    )


def _asn_panel(asn: Characterization, inset: Panel) -> Panel:
    transfer, vin = asn.transfer, 1e3 * asn.transfer.vin
    curves = [
        Curve(x=vin, y=transfer.mean, yerr=transfer.stderr, label="average ± standard error", kind="points"),
        Curve(
            x=vin, y=transfer.low, y_high=transfer.high, label="bounds (1st to 99th percentile)", kind="band", color=5
        ),
        *_tanh_curve(asn, "tanh"),
    ]
    return Panel(
        title="Analog stochastic neuron",
        xlabel="input voltage [mV]",
        ylabel="output voltage [V]",
        curves=tuple(curves),
        inset=inset,
    )


def _bsn_panel(bsn: Characterization) -> Panel:
    transfer, vin = bsn.transfer, 1e3 * bsn.transfer.vin
    curves = [
        Curve(x=vin, y=transfer.low, y_high=transfer.high, kind="band", color=5),
        Curve(x=vin, y=transfer.mean, yerr=transfer.stderr, kind="points"),
        *_tanh_curve(bsn, ""),
    ]
    return Panel(title="Binary neuron", xlabel="input [mV]", ylabel="output [V]", curves=tuple(curves))


def _tanh_curve(result: Characterization, label: str) -> list[Curve]:
    fine = np.linspace(result.transfer.vin.min(), result.transfer.vin.max(), 300)
    return [Curve(x=1e3 * fine, y=_fit(result)(fine), label=label, color=1)]
