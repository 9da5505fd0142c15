"""mkdocs hook: long names in tables may break after an underscore, a dot or a stroke, so that no table is cut."""

from __future__ import annotations

import re

_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_CODE = re.compile(r"<code>([^<]*)</code>")
#: Between two letters or digits only: not in ``--vin`` or ``0.5``.
_PLACE = re.compile(r"(?<=[A-Za-z]{2}[_/.])(?=[A-Za-z])|(?<=[A-Za-z]\d[_/])(?=[A-Za-z])")


def on_page_content(content: str, **_: object) -> str:
    """Mark the places in every cell of every table."""
    return _CELL.sub(lambda cell: _CODE.sub(_broken, cell[0]), content)


def _broken(match: re.Match[str]) -> str:
    return f"<code>{_PLACE.sub('<wbr>', match[1])}</code>"
