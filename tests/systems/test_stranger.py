"""A stranger's path, timed: the wheel into a fresh environment, and a first curve in less than ten minutes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "stranger.sh"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.engine("auto")
@pytest.mark.parametrize("extra", ["vacask", "all"])
def test_from_pip_install_to_a_curve(extra):
    environment = {**os.environ, "PYTHON": sys.executable, "LIMIT": "600"}
    done = subprocess.run(["bash", str(SCRIPT), extra], env=environment, capture_output=True, text=True, timeout=1700)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    seconds = int(re.search(r"(\d+) s  first curve", done.stdout)[1])
    assert seconds < 600
