"""A foundry's own library by a TOML file: read as it is meant, refused with the key that is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.cell import cell_testbench
from spinspice.cells import BSN
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.errors import UsageError
from spinspice.presets import load_preset

FILE = """\
name = "mine"
library = "models/all.lib"
vdd = 0.8
vdd_range = [0.8, 1.2]
l_min = 40e-9
w_min = {w_min!r}
licence = "ours"
[corners]
tt = "typ"
ff = "fast"
[n]
device = "gen_nmos"
element = "M"
diffusion = {diffusion!r}
[p]
device = "gen_pmos"
element = "M"
diffusion = {diffusion!r}
[half_supply]
vdd = {vdd}
lengths = {lengths}
n = {n}
p = {p}
"""


@pytest.fixture
def own(tmp_path):
    """The generic technology as a foundry would deliver it: a library with sections, and a description."""
    generic = get_technology("generic")
    (tmp_path / "models").mkdir()
    sections = {"typ": "tt", "fast": "ff"}
    (tmp_path / "models" / "all.lib").write_text(
        "* a library\n"
        + "".join(f".lib {name}\n{get_technology('generic', c).cards}.endl {name}\n" for name, c in sections.items())
    )
    table = generic.half_supply
    rows = {kind: [list(row) for row in getattr(table, kind)] for kind in "np"}
    path = tmp_path / "mine.toml"
    path.write_text(
        FILE.format(
            w_min=generic.w_min, diffusion=generic.n.diffusion, vdd=list(table.vdd), lengths=list(table.lengths), **rows
        )
    )
    return path


@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("corner", ["tt", "ff"])
def test_a_library_by_its_file_gives_the_same_waveforms_as_its_cards(own, corner):
    device = load_preset("faria2021").device
    waves = [
        get_engine("ngspice-process").run(cell_testbench(BSN(device, name), stop=1e-9, vin=(-0.1, 0.1)))
        for name in (f"{own}:{corner}", f"generic:{corner}")
    ]
    np.testing.assert_array_equal(waves[0].time, waves[1].time)
    np.testing.assert_array_equal(waves[0]["v(out)"], waves[1]["v(out)"])


def test_what_the_file_says_is_what_the_technology_is(own):
    technology = get_technology(str(own))
    assert (technology.name, technology.corner, technology.corners) == ("mine", "tt", ("tt", "ff"))
    assert technology.half_supply == get_technology("generic").half_supply
    assert technology.cards == f'.lib "{own.parent / "models" / "all.lib"}" typ\n'
    own.write_text(own.read_text().replace('"typ"', '""'))
    assert get_technology(str(own)).cards.startswith(".include ")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("l_min = ", "lmin = ", "unknown key 'lmin'. Did you mean l_min?"),
        ('licence = "ours"\n', "", "lacks licence"),
        ("vdd = 0.8", 'vdd = "0.8"', "vdd = '0.8' is not a number"),
        ("l_min = 40e-9", "l_min = -1", "l_min = -1"),
        ("[0.8, 1.2]", "[0.8]", "vdd_range is not a list of 2 numbers"),
        ('element = "M"', 'element = "Q"', "element = 'Q' in [n]"),
        ('tt = "typ"', "tt = 1", "[corners] names the section"),
        ('tt = "typ"', 'tt = "typ\\n.control"', "no name of a section"),
        ("all.lib", "gone.lib", "there is no file"),
        ("[half_supply]", "[half_supply", "is not TOML"),
        ("lengths = [4e-08, ", "lengths = [", "needs 5 rows"),
    ],
)
def test_a_wrong_description_is_refused_with_the_key(own, old, new, what):
    text = own.read_text()
    assert old in text
    own.write_text(text.replace(old, new))
    with pytest.raises(UsageError) as error:
        get_technology(str(own))
    assert what in str(error.value)
    assert str(own) in str(error.value)


def test_an_unknown_corner_or_file_is_refused(own):
    with pytest.raises(UsageError, match="mine has no corner 'ss'"):
        get_technology(f"{own}:ss")
    with pytest.raises(UsageError, match=r"cannot read the technology .*gone\.toml"):
        get_technology(str(own.parent / "gone.toml"))


def test_own_transistors_have_no_mismatch_of_ours(own):
    with pytest.raises(UsageError, match="mine has no model of transistor mismatch. Use generic, sky130 or sg13g2"):
        get_technology(str(own)).with_mismatch(1)
