"""Write docs/api.md, public names with their first lines: python scripts/write_api.py"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import spinspice

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
#: Modules whose public names stand on the page, with what they are for.
MODULES = {
    "spinspice.analysis": "Analysis of waveforms and events, no engine needed",
    "spinspice.stimuli": "Waveforms of sources",
    "spinspice.surrogate": "Neurons as tables, with the noise of their junctions",
    "spinspice.networks": "Cells with couplings",
    "spinspice.devices": "Compact models",
    "spinspice.devices.reference": "The same models in Python, without a simulator",
    "spinspice.devices.laws": "Laws of junctions in closed form or solved numerically",
    "spinspice.units": "Numbers with units and errors",
    "spinspice.results": "What every result offers",
    "spinspice.errors": "Errors",
}
HEAD = """# Reference of names

`import spinspice as ss` gives the names of the first table; they load when they are first used. `help` in Python, or
the source, has arguments, units, errors and sources of each. This page is written by `scripts/write_api.py`, which
`make docs` runs.
"""


def first_line(thing: Any) -> str:
    """Return the first sentence of a docstring on one line, fit for a table."""
    text = inspect.getdoc(thing) or ""
    paragraph = " ".join(text.split("\n\n")[0].split())
    for role in ("class", "func", "mod", "meth", "attr", "data"):
        paragraph = paragraph.replace(f":{role}:`", "`")
    return paragraph.replace("``", "`").replace("~", "").replace("|", "\\|")


def public_names(module: Any) -> list[str]:
    """Return the public names of a module: its ``__all__``, else the classes and functions that it defines."""
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    defined = [name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__]
    return sorted(name for name in defined if not name.startswith("_") and callable(getattr(module, name)))


def table(module: Any, names: list[str]) -> str:
    """Return names and first lines as a table; constants are left out."""
    things = {name: getattr(module, name) for name in names}
    # A module that can be called stands for its function.
    things = {name: spinspice._function(name) if inspect.ismodule(thing) else thing for name, thing in things.items()}
    rows = [f"| `{name}` | {first_line(thing)} |" for name, thing in things.items() if callable(thing)]
    return "\n".join(["| name | what it is |", "| --- | --- |", *rows])


def parts_of(package: Any) -> list[Any]:
    """Return a package that exports nothing itself as its modules, else itself."""
    if hasattr(package, "__all__") or not hasattr(package, "__path__"):
        return [package]
    names = sorted(path.stem for path in Path(package.__path__[0]).glob("*.py") if not path.stem.startswith("_"))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


def page() -> str:
    """Return the page."""
    names = [name for name in spinspice.__all__ if name != "__version__"]
    parts = [HEAD, "## spinspice", "", table(spinspice, names), ""]
    for name, title in MODULES.items():
        parts += [f"## {name}", "", f"{title}.", ""]
        for module in parts_of(importlib.import_module(name)):
            if module.__name__ != name:
                parts += [f"### {module.__name__}", "", first_line(module), ""]
            parts += [table(module, public_names(module)), ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
