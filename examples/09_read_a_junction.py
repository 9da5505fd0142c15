"""Can a comparator with mismatch tell which state a junction is in, and what does looking do to the junction?

A telegraph junction between 424 and 848 kOhm fluctuates by itself. Once a clock cycle a comparator compares it with a
resistor between the two. Transistors that are drawn alike are not: the offset of such a comparator is several times the
4 mV that the junction can stand, so each readout has a trim code, which is searched for at the start. Then its bits
are counted, and the rate of full cycles that they show, corrected for the switches between two looks, is compared with
that of the junction left alone and with that of the junction that is read.
"""

from pathlib import Path

from spinspice.benches.readout import readout_testbench
from spinspice.cells.comparator import ComparatorSizing
from spinspice.cells.readout import ReadOut
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.panels import Curve, Panel
from spinspice.plotting import plot_panels
from spinspice.presets import load_preset
from spinspice.readout.runs import default_timing, rates, reading
from spinspice.readout.trimming import find_trims
from spinspice.studies.read_disturb import at_rest

CMOS = "generic"
MISMATCH = 3
BITS = 600
SEED = 7


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Trim a readout, count its junction, draw the first bits; return rates [1/s] and wrong bits."""
    junction = load_preset("mizrahi2018-scaled").device
    technology = get_technology(CMOS)
    sizing = ComparatorSizing.for_technology(technology, trim=True)
    cell = ReadOut(junction, technology.with_mismatch(MISMATCH), sizing=sizing)
    timing = default_timing(cell)
    engine = get_engine("ngspice")

    (trim,) = find_trims([cell], timing, engine=engine)
    bits = 90 if short else BITS
    bench = readout_testbench(cell, timing, bits, seed=SEED, trim=trim.code, save=("v(pb)",))
    waves = engine.run(bench)
    seen = reading(waves, timing, bits)
    counted = rates([seen])

    # What reading does: mean hazard of a junction that is held in each state, over whole clock periods.
    rest = at_rest(cell, timing, stim=0.0, pb=float(waves["v(pb)"][-1]), engine=engine, workers=1)
    alone = junction.escape_rates(0.0)
    read = [float(rate) * (1.0 + change) for rate, change in zip(alone, rest["disturb"], strict=True)]

    shown = timing.edges(min(bits, 100))
    first = waves.window(0.0, shown[-1])
    panel = Panel(
        title="Junction and comparator",
        xlabel="time [us]",
        ylabel="state [1], bits shifted up by 1.5",
        curves=(
            Curve(x=1e6 * first.time, y=first["v(state)"], label="junction, 1 is antiparallel"),
            Curve(x=1e6 * shown, y=1.5 + seen.bits[: shown.size], kind="points", label="bits", color=1),
        ),
    )
    Path(out).mkdir(parents=True, exist_ok=True)
    plot_panels([panel], f"Trim code {trim.code}, {seen.wrong} of {bits} bits wrong", f"{out}/09_read_a_junction.png")
    return {
        "code": trim.code,
        "wrong": seen.wrong,
        "counted": counted.rate,
        "counted_stderr": counted.rate_stderr,
        "alone": junction.natural_rate,
        "read": read[0] * read[1] / (read[0] + read[1]),
    }


if __name__ == "__main__":
    found = main()
    print(f"trim code {found['code']}, {found['wrong']} wrong bits")
    print(f"full cycles: counted {found['counted'] / 1e6:.2f} +- {found['counted_stderr'] / 1e6:.2f} MHz")
    print(
        f"by the law: junction left alone {found['alone'] / 1e6:.3f} MHz, junction read {found['read'] / 1e6:.3f} MHz"
    )
