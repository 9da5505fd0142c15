"""mkdocs hook: the tutorials in examples/notebooks as pages, with the results that are stored in them."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "notebooks"
_SOURCE = "tutorials"


def on_files(files: Any, config: Any) -> Any:
    """Add a page for each notebook, its pictures, and the notebook itself."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        text, pictures = page(json.loads(path.read_text(encoding="utf-8")), path.stem)
        files.append(File.generated(config, f"{_SOURCE}/{path.stem}.md", content=text))
        files.append(File.generated(config, f"{_SOURCE}/{path.name}", abs_src_path=str(path)))
        for name, content in pictures.items():
            files.append(File.generated(config, f"{_SOURCE}/{name}", content=content))
    return files


def page(notebook: dict[str, Any], stem: str) -> tuple[str, dict[str, bytes]]:
    """Return a notebook as Markdown, and its pictures by name."""
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(_links(source))
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                name = f"{stem}-{len(pictures) + 1}.png"
                pictures[name] = base64.b64decode("".join(data["image/png"]))
                parts.append(f"![]({name})")
            elif "image/svg+xml" in data:
                parts.append(f'<div class="schematic">{"".join(data["image/svg+xml"])}</div>')
            elif "text" in output:
                parts.append("```text\n" + "".join(output["text"]).rstrip() + "\n```")
    head, _, rest = "\n\n".join(parts).partition("\n")
    note = f"*As a notebook: [{stem}.ipynb]({stem}.ipynb), or `spinspice examples --copy DIR`.*"
    return f"{head}\n\n{note}\n{rest}\n", pictures


def _links(text: str) -> str:
    """Links into docs/ are relative to examples/notebooks in a notebook, to tutorials/ in the site."""
    return re.sub(r"\]\(\.\./\.\./docs/", "](../", text)
