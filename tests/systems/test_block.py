"""The neuron as a block of a Verilog simulation: SpiceBind carries bits of a junction into a bench."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "block"


@pytest.mark.slow
@pytest.mark.engine("ngspice", model="b-source")
@pytest.mark.skipif(
    shutil.which("iverilog") is None or shutil.which("spicebind-vpi-path") is None, reason="no iverilog or spicebind"
)
def test_a_verilog_bench_reads_the_bits_of_a_junction(tmp_path):
    place = tmp_path / "block"
    shutil.copytree(FOLDER, place)
    script = tmp_path / "spinspice"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m spinspice "$@"\n')
    script.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(FOLDER.parents[1])}
    done = subprocess.run(
        ["bash", str(place / "run.sh")], env=environment, capture_output=True, text=True, timeout=280, check=True
    )
    samples, ones, changes = map(int, re.search(r"(\d+) samples, (\d+) ones, (\d+) changes", done.stdout).groups())
    # Even odds, 145 samples after the input came: 4 standard errors of as many independent ones at most.
    assert samples == 150 and 40 < ones < 110 and changes > 30
