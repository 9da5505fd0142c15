"""Draw every published figure again, short, for docs/gallery.md: python scripts/gallery.py [NAME ...]

Without names all figures are drawn (some minutes); with names only those, and the page keeps the others. Figures that
need data or packages that are not there are left out, with a word on standard error.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import spinspice as ss
from spinspice.errors import SpinspiceError

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "images" / "gallery"
#: Resolution, and colours of a picture: together they keep a picture below some 60 kB.
DPI, COLORS = 64, 48
HEAD = """# Gallery

Figures of papers, simulated again by `spinspice reproduce NAME --short`: few points and wide error bars, so that all
of them take minutes. Without `--short` each has the statistics that its table needs. Written by `scripts/gallery.py`.
"""


def picture(result: Any) -> bytes:
    """Return a figure as a small PNG."""
    from PIL import Image

    large = io.BytesIO()
    result.plot().savefig(large, dpi=DPI)
    small = io.BytesIO()
    Image.open(large).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def page(entries: dict[str, dict[str, str]]) -> str:
    """Return the page: a section for each figure that is drawn."""
    parts = [HEAD]
    for name, entry in sorted(entries.items()):
        command = f"    spinspice reproduce {name} --short"
        drawn = f"![{entry['title']}](images/gallery/{name}.png)"
        if not entry["verdict"].startswith(entry["verdict"].split(" of ")[1].split()[0]):
            drawn += "\n\nThe table that the command prints has a note on what differs."
        parts.append(f"## {entry['title']}\n\n{entry['source']}. {entry['verdict']}\n\n{command}\n\n{drawn}\n")
    return "\n".join(parts)


def main(names: list[str]) -> None:
    """Draw figures and write the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    index = FOLDER / "index.json"
    entries = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    for name in names or list(ss.list_figures()):
        try:
            result = ss.reproduce(name, short=True)
        except SpinspiceError as reason:
            print(f"{name} is left out: {reason}", file=sys.stderr)
            continue
        (FOLDER / f"{name}.png").write_bytes(picture(result))
        verdict = result.verdict.split(";")[0].rstrip(".") + "."
        entries[name] = {"title": result.title, "source": result.source.rstrip("."), "verdict": verdict}
        index.write_text(json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        (DOCS / "gallery.md").write_text(page(entries), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
