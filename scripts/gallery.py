"""The gallery of published figures: docs/gallery.md from stored results, and storing them.

    python scripts/gallery.py                 write the page from docs/images/gallery (make docs does so)
    python scripts/gallery.py NAME ...        draw these figures again, short, and store them first
    python scripts/gallery.py --missing       draw those that are not stored

Figures that need data or packages that are not there are left out, with a word on standard error.
"""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import spinspice as ss
from spinspice.errors import SpinspiceError
from spinspice.reproduce.base import Row
from spinspice.units import engineering, with_error

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "images" / "gallery"
INDEX = FOLDER / "index.json"
#: Resolution, and colours of a picture: together they keep a picture below some 60 kB.
DPI, COLORS = 80, 48
HEAD = """# Gallery

Figures of papers, simulated again by `spinspice reproduce NAME --short`: few points and wide error bars, so that all
of them take minutes. Without `--short` each has the statistics that its table needs. The number of the paper stands
beside ours; *agrees* means within four standard errors and the precision of the paper's number. The page is built from
stored results by `scripts/gallery.py`, which draws figures again when it is given their names.
"""


def picture(result: Any) -> bytes:
    """Return a figure as a small PNG."""
    from PIL import Image

    large = io.BytesIO()
    result.plot().savefig(large, dpi=DPI)
    small = io.BytesIO()
    Image.open(large).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def stored(result: Any) -> dict[str, Any]:
    """Return what the page needs to know of a figure."""
    return {
        "title": result.title,
        "source": result.source.rstrip("."),
        "verdict": result.verdict.split(";")[0].rstrip(".") + ".",
        "rows": [row_text(row) for row in result.rows],
    }


def row_text(row: Row) -> list[str]:
    """Return quantity, paper, here, ratio, verdict and note of a row as text."""
    paper = ("at most " if row.at_most else "") + engineering(row.paper, row.unit, 4)
    here = with_error(row.here, row.stderr, row.unit) if row.stderr else engineering(row.here, row.unit, 4)
    ratio = f"{row.ratio:.3g}" if abs(row.ratio) < 1e6 else "-"
    return [row.quantity, paper, here, ratio, row.verdict, row.note]


def section(name: str, entry: dict[str, Any]) -> str:
    """Return the section of a figure: picture, command, table."""
    parts = [
        f"## {entry['title']}",
        f"{entry['source']}. {entry['verdict']}",
        f"    spinspice reproduce {name} --short",
    ]
    parts.append(f"![{entry['title']}](images/gallery/{name}.png)")
    rows = entry.get("rows", [])
    if rows:
        lines = ["| quantity | paper | here | ratio | verdict |", "| --- | ---: | ---: | ---: | --- |"]
        for quantity, paper, here, ratio, verdict, note in rows:
            said = f"{verdict}: {note}" if note and verdict == "differs" else verdict
            lines.append(
                "| " + " | ".join(text.replace("|", "\\|") for text in (quantity, paper, here, ratio, said)) + " |"
            )
        parts.append("\n".join(lines))
    elif not entry["verdict"].startswith(entry["verdict"].split(" of ")[1].split()[0]):
        parts.append("The table that the command prints has a note on what differs.")
    return "\n\n".join(parts) + "\n"


def page(entries: dict[str, dict[str, Any]], names: dict[str, str]) -> str:
    """Return the page: small pictures of all figures, then a section for each, then those that are not stored."""
    small = []
    for name, entry in sorted(entries.items()):
        anchor = "".join(c for c in entry["title"].lower().replace(" ", "-") if c.isalnum() or c in "-_")
        linked = f"[![{name}](images/gallery/{name}.png)](#{anchor})"
        small.append(f"<div markdown>\n\n{linked}\n\n`{name}`: {entry['verdict']}\n\n</div>")
    parts = [HEAD, '<div class="gallery" markdown>\n', "\n".join(small), "\n</div>\n"]
    parts += [section(name, entry) for name, entry in sorted(entries.items())]
    missing = [
        f"* `spinspice reproduce {name} --short`: {title}"
        for name, title in sorted(names.items())
        if name not in entries
    ]
    if missing:
        parts += ["## Not stored here\n", *missing]
    return "\n".join(parts).rstrip() + "\n"


def main(arguments: list[str]) -> None:
    """Draw what is asked for, and write the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    entries = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.exists() else {}
    names = ss.list_figures()
    chosen = (
        [name for name in names if not entries.get(name, {}).get("rows")] if arguments == ["--missing"] else arguments
    )
    for name in chosen:
        begin = time.process_time()
        try:
            result = ss.reproduce(name, short=True)
        except SpinspiceError as reason:
            print(f"{name} is left out: {reason}", file=sys.stderr)
            continue
        (FOLDER / f"{name}.png").write_bytes(picture(result))
        entries[name] = stored(result)
        INDEX.write_text(json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{name}: {time.process_time() - begin:.0f} s of this process", file=sys.stderr)
    (DOCS / "gallery.md").write_text(page(entries, names), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
