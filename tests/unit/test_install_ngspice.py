"""The ngspice installer: what it reads from apt, what it decides, and that it changes nothing it need not.

The mirrors are placeholders; apt, sudo and ngspice are stand-ins that record how they were called.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "install_ngspice.sh"

DEB822 = """\
# the release
Types: deb
# a snapshot, kept for reference
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""

DEB822_WANTED = """\
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""

DEB822_FOLDED = """\
Enabled: no
Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm

Types: deb
URIs: http://third-party.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
URIs:
 http://other.example/debian
 http://mirror.example/debian/
Suites:
 bookworm
 bookworm-updates
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 bWFkZSB1cA==
 -----END PGP PUBLIC KEY BLOCK-----
"""

#: The last of these, for backports alone.
DEB822_FOLDED_WANTED = DEB822_FOLDED.rpartition("\n\n")[2].replace(
    "Suites:\n bookworm\n bookworm-updates\n", "Suites: bookworm-backports\n"
)

ONE_LINE = """\
# deb http://mirror.example/debian bookworm main
deb cdrom:[Debian 12 disc]/ bookworm main
deb-src http://mirror.example/debian bookworm main
deb https://third-party.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm main contrib # ours
deb http://mirror.example/debian bookworm-updates main
"""

MADISON_12 = "   ngspice |  39.3+ds-1 | http://mirror.example/debian bookworm/main amd64 Packages\n"
MADISON_12_BACKPORTS = (
    "   ngspice | 46+ds-1~bpo12+1 | http://mirror.example/debian bookworm-backports/main amd64 Packages\n" + MADISON_12
)
MADISON_13 = "   ngspice | 44.2+ds-1 | http://mirror.example/debian trixie/main amd64 Packages\n"
MADISON_UBUNTU = "   ngspice | 42+ds-3build1 | http://mirror.example/ubuntu noble/universe amd64 Packages\n"

TARGETS = """\
cdrom:[Debian 12 disc]/ bookworm Debian
http://third-party.example/debian/ bookworm ThirdParty
http://mirror.example/debian/ bookworm Debian
http://mirror.example/debian/ bookworm-updates Debian
http://mirror.example/debian-security/ bookworm-security Debian
"""


def call(function: str, *arguments: str, text: str) -> str:
    """Run one function of the script on ``text``."""
    done = subprocess.run(
        ["bash", "-c", f'source "{SCRIPT}"; {function} "$@"', "test", *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (DEB822, DEB822_WANTED),
        (DEB822_FOLDED, DEB822_FOLDED_WANTED),
        (DEB822.replace("mirror.example", "third-party.example"), ""),
        ("", ""),
    ],
    ids=["plain", "folded, switched off, third party", "third party only", "empty"],
)
def test_backports_stanza_is_a_copy_of_the_main_archives(text: str, wanted: str) -> None:
    assert call("backports_stanza", "bookworm", "http://mirror.example/debian", text=text) == wanted


def test_backports_line_skips_discs_comments_sources_and_third_parties() -> None:
    line = call("backports_line", "bookworm", "http://mirror.example/debian", text=ONE_LINE)
    assert line == (
        "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm-backports main contrib # ours\n"
    )


def test_archives_are_debians_own_and_reachable() -> None:
    assert call("archives", "bookworm", text=TARGETS) == "http://mirror.example/debian\n"


@pytest.mark.parametrize(
    ("listing", "wanted"),
    [
        (MADISON_12, "39 bookworm\n"),
        (MADISON_12_BACKPORTS, "46 bookworm-backports\n"),
        (MADISON_13, "44 trixie\n"),
        (MADISON_UBUNTU, "42 noble\n"),
        (" ngspice | 1:45.1-2 | http://mirror.example/debian sid/main amd64 Packages\n", "45 sid\n"),
        ("", ""),
    ],
)
def test_newest_offer(listing: str, wanted: str) -> None:
    assert call("newest_offer", text=listing) == wanted


@dataclass
class Machine:
    """A made-up machine: a PATH of stand-ins, its apt sources, and the record of what was called."""

    folder: Path

    def tool(self, name: str, script: str) -> None:
        file = self.folder / "bin" / name
        file.write_text(f'#!/bin/bash\nroot="{self.folder}"\necho "{name} $*" >>"$root/calls"\n{script}\n')
        file.chmod(0o755)

    def has_ngspice(self, number: str) -> None:
        (self.folder / "installed").write_text(number)

    def run(self) -> str:
        done = subprocess.run(
            ["/bin/bash", str(SCRIPT)],
            env={
                "PATH": str(self.folder / "bin"),
                "SPINSPICE_APT_ETC": str(self.folder / "apt"),
                "SPINSPICE_OS_RELEASE": str(self.folder / "os-release"),
            },
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def calls(self) -> list[str]:
        record = self.folder / "calls"
        return record.read_text().splitlines() if record.exists() else []

    @property
    def sources(self) -> dict[str, str]:
        return {file.name: file.read_text() for file in sorted((self.folder / "apt/sources.list.d").iterdir())}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Debian 12 as it is delivered: root, ngspice 39 on offer, nothing installed."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "apt/sources.list.d").mkdir(parents=True)
    for name in ("awk", "sed", "grep", "head", "tail", "tr", "tee", "cat", "mktemp", "rm", "env", "bash", "true"):
        os.symlink(f"/usr/bin/{name}", tmp_path / "bin" / name)
    made_up = Machine(tmp_path)
    made_up.tool("id", "echo 0")
    made_up.tool("ngspice", '[ -f "$root/installed" ] && echo "** ngspice-$(cat "$root/installed") : made up"')
    made_up.tool("ldconfig", '[ -f "$root/installed" ] && echo " libngspice.so.0"; exit 0')
    made_up.tool(
        "apt-cache",
        'if grep -qs backports "$root"/apt/sources.list.d/* "$root/apt/sources.list"; '
        'then cat "$root/madison.backports"; else cat "$root/madison"; fi',
    )
    made_up.tool(
        "apt-get",
        f'case "$*" in *indextargets*) cat <<"END"\n{TARGETS}END\n;; *" install "*) '
        r"""set -- $("$root/bin/apt-cache" | sed -n '1s/^[^|]*| *\([0-9]*\).*/\1/p'); """
        'echo "$1" >"$root/installed" ;; esac',
    )
    (tmp_path / "os-release").write_text('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n')
    (tmp_path / "madison").write_text(MADISON_12)
    (tmp_path / "madison.backports").write_text(MADISON_12_BACKPORTS)
    (tmp_path / "apt/sources.list.d/debian.sources").write_text(DEB822)
    return made_up


def test_debian_12_gets_the_backports_suite_of_its_own_mirror(machine: Machine) -> None:
    said = machine.run()
    assert machine.sources["spinspice-backports.sources"] == DEB822_WANTED
    assert machine.sources["debian.sources"] == DEB822
    assert (
        "apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends -t bookworm-backports ngspice libngspice0"
        in (machine.calls)
    )
    assert "version 46 is installed now" in said


def test_debian_12_with_one_line_sources(machine: Machine) -> None:
    (machine.folder / "apt/sources.list.d/debian.sources").unlink()
    (machine.folder / "apt/sources.list").write_text(ONE_LINE)
    assert "version 46 is installed now" in machine.run()
    assert list(machine.sources) == ["spinspice-backports.list"]


def test_second_run_changes_nothing(machine: Machine) -> None:
    machine.run()
    sources, count = machine.sources, len(machine.calls)
    assert "version 46 is installed, nothing to do" in machine.run()
    assert machine.sources == sources
    assert not any(call.startswith("apt") for call in machine.calls[count:])


def test_backports_that_are_there_already_are_not_added_again(machine: Machine) -> None:
    (machine.folder / "apt/sources.list.d/mine.list").write_text(
        "deb http://mirror.example/debian bookworm-backports main\n"
    )
    assert "added" not in machine.run()
    assert list(machine.sources) == ["debian.sources", "mine.list"]


def test_debian_13_needs_no_other_suite(machine: Machine) -> None:
    (machine.folder / "os-release").write_text('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n')
    (machine.folder / "madison").write_text(MADISON_13)
    assert "version 44 is installed now" in machine.run()
    assert list(machine.sources) == ["debian.sources"]


def test_ubuntu_takes_the_older_one_and_says_what_it_is_good_for(machine: Machine) -> None:
    (machine.folder / "os-release").write_text('ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n')
    (machine.folder / "madison").write_text(MADISON_UBUNTU)
    assert "version 42 it is: B-source models run on it" in machine.run()
    count = len(machine.calls)
    assert "this system offers no newer one" in machine.run()
    assert not any(" install " in call for call in machine.calls[count:])


def test_without_root_it_goes_on_and_names_the_command(machine: Machine) -> None:
    machine.tool("id", "echo 1000")
    said = machine.run()
    assert "going on without it, with VACASK from pip" in said
    assert "sudo bash scripts/install_ngspice.sh" in said
    assert not any(call.startswith("apt-get") for call in machine.calls)


def test_with_sudo_apt_runs_through_it(machine: Machine) -> None:
    machine.tool("id", "echo 1000")
    machine.tool("sudo", 'shift; exec "$@"')
    assert "version 46 is installed now" in machine.run()
    assert any(call.startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get") for call in machine.calls)


def test_failing_apt_is_quoted_and_does_not_stop_the_set_up(machine: Machine) -> None:
    machine.tool("apt-get", 'case "$*" in *install*) echo "E: made-up failure"; exit 100 ;; esac')
    said = machine.run()
    assert "E: made-up failure" in said
    assert "going on without it, with VACASK from pip" in said


def test_system_without_apt(machine: Machine) -> None:
    (machine.folder / "bin/apt-get").unlink()
    assert "no apt-get here; install ngspice 44 or later yourself" in machine.run()
