"""mkdocs hook: nothing from elsewhere. The theme's search asks for a script of a content network; ours stands in."""

from __future__ import annotations

from typing import Any

from mkdocs.utils import get_relative_url

_THEIRS = "https://unpkg.com/iframe-worker/shim"
_OURS = "worker_from_file.js"


def on_post_page(output: str, page: Any, **_: object) -> str:
    """Replace the script on every page."""
    return output.replace(_THEIRS, get_relative_url(_OURS, page.url))
