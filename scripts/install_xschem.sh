#!/usr/bin/env bash
# Install xschem, which the tests of drawings netlist with. Nothing else needs it.
#
# Idempotent. Without root it says so and exits 0. Packages come from the mirror that the machine's own apt sources name.
set -euo pipefail

# shellcheck source=scripts/apt.sh
. "${BASH_SOURCE[0]%/*}/apt.sh"

say() { printf 'xschem: %s\n' "$*"; }

main() {
    if command -v xschem >/dev/null; then
        say "$(command -v xschem) is installed, nothing to do"
        return 0
    fi
    if ! command -v apt-get >/dev/null || ! have_root; then
        say "install the package xschem yourself, or go on without tests of drawings"
        return 0
    fi
    LOG=$(mktemp)
    say "installing from Debian (half a minute)"
    if (apt install --no-install-recommends xschem || { apt update && apt install --no-install-recommends xschem; }) &&
        command -v xschem >/dev/null; then
        rm -f "$LOG"
    else
        say "apt-get could not install it (see $LOG); tests of drawings will be skipped"
    fi
}

main
