"""Mismatch of transistors in an own netlist: every instance its own, by seed, with the spread of the technology."""

import re

import numpy as np
import pytest
from foundries import foundry
from test_foundry_netlists import described

from spinspice.benches.cell import cell_testbench
from spinspice.cells import choose_cell
from spinspice.cells.placing import DevicePlacer
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.errors import UsageError

STILL = Macrospin(TMR=0.0)
#: Transistors of a cell, each with drain and gate together at a small constant current: its voltage follows its
#: threshold one to one, and a spread of N of them has a standard error of 1 / sqrt(2 (N - 1)).
COUNT = 60
#: Technology, transistor, current [A], and standard deviation of the voltage: of the threshold, from the foundry's
#: parameters of mismatch (sky130: sw_mm_vth0 over the root of the area in um2, 3.4 mV times 0.9868, the factor of
#: delvto at this size; sg13g2: delvto_mm 3.9 mV um; generic: 1.5 mV um over sqrt(2)).
CASES = {
    "sky130": ("X", "sky130_fd_pr__nfet_01v8 L=1 W=4 nf=2", 1e-7, 1.8, None),
    "sg13g2": ("X", "sg13_lv_nmos l=1u w=4u ng=2", 1e-7, 1.2, None),
    "generic": ("M", "gen_nmos l=0.1u w=1u", 1e-7, 0.8, None),
}
NAMES = [
    pytest.param("sky130", marks=foundry("sky130")),
    pytest.param("sg13g2", marks=foundry("sg13g2")),
    "generic",
]


def cell(name, folder, mismatch, nested=True):
    letter, device, current, vdd, _ = CASES[name]
    text = f".subckt one d s\n{letter}1 d d s s {device}\n.ends\n.subckt dut in q vdd vss\nRmtj vdd q 12k\nRq q in 1k\n"
    for number in range(COUNT):
        text += f"I{number} vdd d{number} {current}\n"
        text += (
            f"X{number} d{number} vss one\n" if nested else f"{letter}{number} d{number} d{number} vss vss {device}\n"
        )
    return choose_cell(described(folder, text + ".ends\n", name, vdd), STILL, mismatch=mismatch)[0]


def voltages(built):
    save = tuple(built.node_signal(f"d{number}") for number in range(COUNT))
    waves = get_engine("ngspice-process").run(cell_testbench(built, stop=1e-10, vin=0.0, save=save))
    return np.array([waves[signal][-1] for signal in save])


def sigma(name):
    """Standard deviation of the threshold of the transistor of a case [V]."""
    if name == "generic":
        return get_technology("generic").n.pelgrom.sigma_vt(1e-6, 0.1e-6)
    if name == "sg13g2":
        return value(name, "sg13g2_lv_nmos_delvto_mm", "sg13_lv_nmos") / np.sqrt(4.0)
    factor = (0.008 * 8 / 1 + 0.992) * (0.035 * 7 / 4 + 0.965) * (0.001 * 56 / 4 + 0.999)
    return factor * value(name, "sw_mm_vth0_sky130_fd_pr__nfet_01v8", "sky130_fd_pr__nfet_01v8") / np.sqrt(4.0)


def value(name, parameter, device):
    library = get_technology(name).library
    cards = library.shared([parameter])
    return float(re.search(rf"^\.param {parameter} ?= ?(\S+)$", cards, re.MULTILINE)[1].strip("{}"))


def responses(name, folder, monkeypatch):
    """Change of the voltage with one standard normal number of a transistor at a time: number k of transistor k."""

    def one(_placer, path, channel):
        return float(int(path.split(".")[0].lstrip("xm")) == channel)

    nominal = voltages(cell(name, folder, None))
    with monkeypatch.context() as patch:
        patch.setattr(DevicePlacer, "_draw", one)
        return voltages(cell(name, folder, 3)) - nominal


@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("name", NAMES)
def test_the_spread_of_thresholds_is_that_of_the_technologys_model(name, tmp_path, monkeypatch):
    nominal = voltages(cell(name, tmp_path, None))
    assert np.ptp(nominal) < 1e-6
    drawn = voltages(cell(name, tmp_path, 3))
    spread = np.std(drawn, ddof=1)
    # What independent numbers do adds in squares; 4 standard errors of the spread.
    each = responses(name, tmp_path, monkeypatch)
    assert abs(spread / np.linalg.norm(each) - 1.0) < 4.0 / np.sqrt(2.0 * (COUNT - 1))
    # One of them is the threshold, by its standard deviation. The voltage follows it to a few percent (measured: 0.987,
    # 0.959 and 1.028): where drain and gate are one, the threshold falls with the voltage itself.
    assert np.max(np.abs(each)) == pytest.approx(sigma(name), rel=0.05)
    assert abs(np.mean(drawn) - nominal[0]) < 4.0 * spread / np.sqrt(COUNT)
    np.testing.assert_array_equal(drawn, voltages(cell(name, tmp_path, 3)))
    other = voltages(cell(name, tmp_path, 4))
    # Correlation of independent numbers has a standard error of 1 / sqrt(N).
    assert abs(np.corrcoef(drawn, other)[0, 1]) < 4.0 / np.sqrt(COUNT)


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_belongs_to_seed_cell_and_instance(name, tmp_path):
    def draws(seed, nested=True):
        text = str(cell(name, tmp_path, seed, nested))
        return re.findall(r"\b(?:mm|mm_vt|delvto)=(-?[\d.e-]+)", re.sub(r"(?m)^\.subckt.*$", "", text))

    first, nested, flat = draws(1), draws(2), draws(2, nested=False)
    assert len(set(first)) == len(first) == COUNT
    assert not set(first) & set(nested) and not set(nested) & set(flat)
    assert draws(2) == nested
    plain = str(cell(name, tmp_path, None))
    assert not re.search(r"^(?!\.subckt).*\b(mm|mm_vt|delvto)=-?\d", plain, re.MULTILINE)


def test_a_netlist_with_models_of_its_own_has_no_mismatch(tmp_path):
    text = ".subckt dut in q vdd vss\nRmtj vdd q 12k\nM1 q in vss vss nm w=1u l=1u\n.model nm nmos level=1\n.ends\n"
    with pytest.raises(UsageError, match="the models of dut stand in its netlist, which says nothing of mismatch"):
        choose_cell(described(tmp_path, text, "", 1.0), STILL, mismatch=3)
