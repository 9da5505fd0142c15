#!/usr/bin/env bash
# Install an ngspice that spinspice can use fully (version 44 or later: OSDI 0.4 compact models).
#
# Idempotent: does nothing when a current ngspice and its shared library are there. Without root it says so and
# exits 0, since spinspice then runs on VACASK, which comes from pip. The mirror is the one that the machine's own
# apt sources name; on Debian 12, whose own suite is too old, its backports suite is added from that same mirror.
set -euo pipefail

say() { printf 'ngspice: %s\n' "$*"; }

MINIMUM=44
SOURCES=/etc/apt/sources.list.d/spinspice-backports.sources

version() { ngspice --version 2>/dev/null | sed -n 's/.*ngspice-\([0-9]*\).*/\1/p' | head -n 1; }
library() { ldconfig -p 2>/dev/null | grep -q 'libngspice\.so'; }
enough() { [ "$(version || true)" != "" ] && [ "$(version)" -ge "$MINIMUM" ] && library; }

if enough; then
    say "version $(version) is installed, nothing to do"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    say "no apt-get here; install ngspice $MINIMUM or later yourself, or go on with VACASK (comes with pip)"
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    ROOT=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    ROOT=(sudo -n)
else
    say "not root and no passwordless sudo: going on without it, with VACASK from pip"
    say "to add it later: sudo bash scripts/install_ngspice.sh"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt() { "${ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

# The stanza (deb822) or line (one-line format) of the main archive, with its suite replaced by the backports one.
backports_source() {
    local codename=$1 file
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -r "$file" ] || continue
        awk -v RS= -v suite="$codename" '
            $0 ~ "(^|\n)Suites:[^\n]*[ \t]" suite "([ \t\n]|$)" {
                gsub(/(^|\n)#[^\n]*/, "")
                sub(/^\n/, "")
                sub(/Suites:[^\n]*/, "Suites: " suite "-backports")
                print; exit
            }' "$file"
    done | awk 'NF == 0 { exit } { print }'
}

one_line_source() {
    local codename=$1
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
        awk -v suite="$codename" '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i == suite) { $i = suite "-backports"; print; exit } }'
}

# shellcheck disable=SC1091
. /etc/os-release
TARGET=()
if [ "${ID:-}" = debian ] && [ "${VERSION_ID:-0}" = 12 ]; then
    if ! grep -qrs "$VERSION_CODENAME-backports" /etc/apt/sources.list /etc/apt/sources.list.d; then
        stanza=$(backports_source "$VERSION_CODENAME")
        file=$SOURCES
        if [ -z "$stanza" ]; then
            stanza=$(one_line_source "$VERSION_CODENAME")
            file=${SOURCES%.sources}.list
        fi
        if [ -z "$stanza" ]; then
            say "found no entry for $VERSION_CODENAME in the apt sources to derive its backports suite from"
            exit 0
        fi
        printf '%s\n' "$stanza" | "${ROOT[@]}" tee "$file" >/dev/null
        say "added $file ($VERSION_CODENAME-backports, from the mirror of this machine's own sources)"
    fi
    TARGET=(-t "$VERSION_CODENAME-backports")
fi

say "updating the package lists and installing (a minute or so)"
if ! apt update >/tmp/spinspice-apt.$$ 2>&1 || ! apt install -y "${TARGET[@]}" ngspice libngspice0 >>/tmp/spinspice-apt.$$ 2>&1; then
    say "apt-get failed; its last lines:"
    tail -n 5 "/tmp/spinspice-apt.$$"
    say "going on without it, with VACASK from pip"
fi
rm -f "/tmp/spinspice-apt.$$"
if enough; then
    say "version $(version) is installed now"
else
    say "this system offers version $(version) only: B-source models run on it, OSDI models run in VACASK"
fi
