"""mkdocs hook: schematics of cells in place of comments <!-- schematic NAME -->."""

from __future__ import annotations

import re

from spinspice.schematic import cell_svg

_MARK = re.compile(r"<!-- schematic (\w+) -->")


def on_page_content(content: str, **_: object) -> str:
    """Put each schematic in its place."""
    return _MARK.sub(lambda match: f'<div class="schematic">{cell_svg(match[1])}</div>', content)
