"""ngspice with OpenMP replaced by calls in one thread: the same bits, and what happens where it cannot be had."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from engines.circuits import junction, telegraph

from spinspice.engines import get_engine, ngspice_pool, one_thread
from spinspice.engines.one_thread import SWITCH, preloaded

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
needs_compiler = pytest.mark.skipif(
    COMPILER is None or not sys.platform.startswith("linux"), reason="no C compiler here, or no Linux"
)
needs_ngspice = pytest.mark.engine("ngspice")


@pytest.fixture
def library() -> str:
    found = ngspice_pool.find_library()
    assert found is not None
    return found


@needs_compiler
@needs_ngspice
def test_it_is_in_use_wherever_there_is_a_compiler(library):
    found = one_thread.one_thread(library)
    if "not needed" in found.reason:
        pytest.skip(found.reason)
    assert found.library is not None and found.library.is_file()
    assert one_thread.one_thread(shutil.which("ngspice") or library).library == found.library


@needs_ngspice
@pytest.mark.parametrize("bench", [junction(), telegraph()], ids=["macrospin", "telegraph"])
@pytest.mark.parametrize("name", ["ngspice", "ngspice-process"])
def test_results_are_the_same_to_the_last_bit(name, bench, monkeypatch):
    runs = []
    for switch in ("0", "1"):
        monkeypatch.setenv(SWITCH, switch)
        runs.append(get_engine(name).run(bench))
    without, with_it = runs
    assert np.array_equal(without.time, with_it.time)
    for signal in bench.save:
        assert np.array_equal(without[signal], with_it[signal])


@needs_ngspice
def test_transistors_too_to_the_last_bit(monkeypatch):
    from spinspice.benches.cell import cell_testbench
    from spinspice.cells import choose_cell

    bench = cell_testbench(choose_cell("bsn")[0], stop=1e-9)
    outputs = []
    for switch in ("0", "1"):
        monkeypatch.setenv(SWITCH, switch)
        outputs.append(get_engine("ngspice").run(bench)["v(out)"])
    assert np.array_equal(*outputs)


@needs_compiler
@needs_ngspice
def test_a_worker_of_the_other_kind_is_not_taken(library, monkeypatch):
    monkeypatch.setenv(SWITCH, "0")
    plain = ngspice_pool.acquire(library)
    ngspice_pool.release(plain, reuse=True)
    monkeypatch.setenv(SWITCH, "1")
    other = ngspice_pool.acquire(library)
    ngspice_pool.release(other, reuse=True)
    assert plain.preload is None
    assert other.preload == one_thread.one_thread(library).library
    maps = Path(f"/proc/{other.process.pid}/maps").read_text()
    assert (other.preload is None) or str(other.preload) in maps


@needs_ngspice
@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({SWITCH: "0"}, f"{SWITCH}=0"),
        ({"PATH": "/nowhere", "CC": ""}, "no C compiler"),
        ({"CC": shutil.which("false") or "false"}, "does not make the library"),
    ],
)
def test_without_it_runs_go_on_and_the_reason_is_told(library, variables, said, monkeypatch, tmp_path):
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    one_thread._for_program.cache_clear()
    try:
        found = one_thread.one_thread(library)
    finally:
        one_thread._for_program.cache_clear()
    if "not needed" in found.reason:
        pytest.skip(found.reason)
    assert found.library is None and said in found.reason


@needs_compiler
@needs_ngspice
def test_a_cache_that_was_emptied_is_filled_again(library, monkeypatch, tmp_path):
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path))
    first = one_thread.one_thread(library)
    if first.library is None:
        pytest.skip(first.reason)
    first.library.unlink()
    assert one_thread.one_thread(library).library == first.library and first.library.is_file()


def test_a_program_without_libgomp_needs_nothing(tmp_path):
    program = tmp_path / "ngspice"
    program.write_bytes(b"\x7fELF nothing of the kind")
    assert one_thread.one_thread(str(program)).library is None


@needs_compiler
@pytest.mark.parametrize("folder", ["plain", "with space", "col:on", "ünïcode"])
def test_a_cache_of_any_name_serves(folder, tmp_path, monkeypatch):
    """The loader splits its list at spaces and colons."""
    place = tmp_path / folder / "one_thread"
    made = one_thread._build((COMPILER,), place)
    environment = preloaded({"LD_PRELOAD": "libm.so.6"}, made, tmp_path)
    first, rest = environment["LD_PRELOAD"].split(":")
    assert rest == "libm.so.6" and Path(first).resolve() == made.resolve()
    assert " " not in first
    assert preloaded({}, None, tmp_path) == {}
