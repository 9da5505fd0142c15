"""The documentation is true: the files, commands and options that it names exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = ("spinspice/", "netlists/", "verilog_a/", "tests/", "examples/", "benchmarks/", "scripts/", "docs/")


def commands() -> dict[str, set[str]]:
    """Commands of the command line, with their options."""
    from spinspice.cli import spinspice
    from spinspice.studies import list_studies

    context = click.Context(spinspice)
    found = {}
    for name in spinspice.list_commands(context):
        command = spinspice.get_command(context, name)
        assert command is not None
        found[name] = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    studies = {flag for study in list_studies().values() for p in study.all_parameters().values() for flag in p.flags}
    for name in ("characterize", "energy"):  # their options are those of the study that is named
        found[name] |= {*studies, "--help"}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`([\w./]+)`", page.read_text())
    missing = [name for name in named if name.startswith(FOLDERS) and "NAME" not in name and not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_hold(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    # Pages of the tutorials are made of the notebooks (scripts/notebooks.py).
    targets = [re.sub(r"^tutorials/(\w+)\.md$", r"../examples/notebooks/\1.ipynb", target) for target in targets]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_exist(page: Path) -> None:
    """Every ``spinspice COMMAND ... --option`` of a page, continuation lines included."""
    known = commands()
    wrong = []
    text = re.sub(r"\n {14,}", " ", page.read_text().replace("\\\n", " "))
    for line in re.findall(r"(?:^|[`\s/])spinspice ([a-z]+[^\n`]*)", text, re.MULTILINE):
        command = line.split()[0]
        if command not in known:
            # prose: "spinspice is ..."
            if f"`spinspice {command}" in text or re.search(rf"^\s*(\$ )?\S*spinspice {command}\b", text, re.MULTILINE):
                wrong.append(command)
            continue
        wrong += [
            f"{command} {option}" for option in re.findall(r"--[a-z][a-z-]*", line) if option not in known[command]
        ]
    assert wrong == []


def test_every_command_is_described_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert [name for name in commands() if f"    spinspice {name}" not in text] == []


def test_reference_of_names_is_true() -> None:
    """Every name of the page exists where it says, and none of the package's own is missing."""
    import spinspice

    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    sections = re.split(r"^##+ (spinspice[\w.]*)\n", text, flags=re.MULTILINE)[1:]
    named = {module: re.findall(r"^\| `(\w+)` \| \S", part, re.MULTILINE) for module, part in batched(sections)}
    missing = [
        f"{module}.{name}"
        for module, names in named.items()
        for name in names
        if not hasattr(importlib.import_module(module), name)
    ]
    assert missing == [], "run: python scripts/write_api.py"
    everything = set(spinspice.__all__) - {"__version__"}
    assert set(named["spinspice"]) == everything, "run: python scripts/write_api.py"
    assert "simulate_macrospin" in named["spinspice.devices.reference"] and len(named) > 15


def batched(sections: list[str]) -> list[tuple[str, str]]:
    return list(zip(sections[::2], sections[1::2], strict=True))


def test_reference_package_shows_its_names() -> None:
    import spinspice.devices.reference as reference

    assert {"simulate_macrospin", "simulate_telegraph", "normals"} <= set(dir(reference))
    with pytest.raises(AttributeError, match=r"no attribute 'simulate_macrospins'; public names: .*simulate_macrospin"):
        reference.simulate_macrospins


def test_numbers_of_textures_are_shown_where_their_page_says() -> None:
    """Every test that the table of exact numbers names is there; every row of a circuit has one."""
    page = (ROOT / "docs" / "textures_numbers.md").read_text()
    known = "".join(
        path.read_text() for folder in ("physics", "systems") for path in (ROOT / "tests" / folder).rglob("*.py")
    )
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 30 and [name for name in sorted(named) if f"def {name}(" not in known] == []
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| number")]
    assert all(row.count("|") == 7 for row in rows) and all(
        "`test_" in row or "same" in row for row in rows if "---" not in row
    )


def test_every_page_can_be_reached() -> None:
    """From the navigation, and from the README (but the first page, which says the same)."""
    navigation = (ROOT / "mkdocs.yml").read_text()
    readme = (ROOT / "README.md").read_text()
    pages = [page.name for page in (ROOT / "docs").glob("*.md")]
    assert [name for name in pages if not re.search(rf"^ {{6}}- [^:]+: {name}$", navigation, re.MULTILINE)] == []
    assert [name for name in pages if name != "index.md" and f"(docs/{name}" not in readme] == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("test_of_a_law", "test_<wbr>of_<wbr>a_law"),
        ("tests/physics/reference", "tests/<wbr>physics/<wbr>reference"),
        ("spinspice.devices.laws", "spinspice.<wbr>devices.<wbr>laws"),
        ("--vin=-0.5", "--vin=-0.5"),
    ],
)
def test_long_names_in_tables_may_break(code: str, broken: str) -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("breaks", ROOT / "scripts" / "breaks.py")
    assert spec is not None and spec.loader is not None
    breaks = module_from_spec(spec)
    spec.loader.exec_module(breaks)
    page = f"<p><code>{code}</code></p><table><tr><td>R <code>{code}</code></td></tr></table>"
    expected = f"<p><code>{code}</code></p><table><tr><td>R <code>{broken}</code></td></tr></table>"
    assert breaks.on_page_content(page) == expected
