#!/usr/bin/env bash
# Install what digital blocks (Verilog in a circuit) need: Verilator 5.0 or later and a C++ compiler.
#
# Idempotent. Without root, or where the system's packages are too old, it says so and exits 0: everything but digital
# blocks works without. Packages come from the mirror that the machine's own apt sources name.
set -euo pipefail

OLDEST=5
# shellcheck source=scripts/apt.sh
. "${BASH_SOURCE[0]%/*}/apt.sh"

say() { printf 'verilator: %s\n' "$*"; }

version() { verilator --version 2>/dev/null | sed -n 's/^Verilator \([0-9]*\.[0-9]*\).*/\1/p'; }
enough() {
    local found
    found=$(version)
    [ -n "$found" ] && [ "${found%%.*}" -ge "$OLDEST" ] && command -v "${CXX:-g++}" >/dev/null
}

main() {
    if enough; then
        say "version $(version) is installed, nothing to do"
        return 0
    fi
    if ! command -v apt-get >/dev/null; then
        say "no apt-get here; install Verilator $OLDEST.0 or later and g++ yourself, or go on without digital blocks"
        return 0
    fi
    if ! have_root; then
        say "not root and no passwordless sudo: going on without digital blocks"
        say "to add them later: sudo bash scripts/install_verilator.sh"
        return 0
    fi
    LOG=$(mktemp)
    trap 'rm -f "$LOG"' EXIT
    say "installing verilator and g++ (half a minute or so)"
    # The package lists may be there already, from the installation of ngspice.
    if ! apt install --no-install-recommends verilator g++ && { ! apt update || ! apt install --no-install-recommends verilator g++; }; then
        say "apt-get failed; its last lines:"
        tail -n 5 "$LOG"
    fi
    if enough; then
        say "version $(version) is installed now"
    else
        say "going on without digital blocks: they take Verilator $OLDEST.0 or later and g++"
    fi
}

main "$@"
