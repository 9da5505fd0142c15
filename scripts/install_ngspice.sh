#!/usr/bin/env bash
# Install an ngspice that spinspice can use fully (version 44 or later: OSDI 0.4 compact models).
#
# Idempotent: does nothing when a current ngspice and its shared library are there. Without root it says so and exits 0,
# since spinspice then runs on VACASK, which comes from pip. Packages come from the mirror that the machine's own apt
# sources name. On Debian 12, whose own suite is too old, its backports suite is added: a copy of the entry of the main
# archive, in a file of its own, with nothing but the suite changed.
#
# Sourced (by the tests), it defines its functions and runs nothing.
set -euo pipefail

MINIMUM=44
APT_ETC=${SPINSPICE_APT_ETC:-/etc/apt}
OS_RELEASE=${SPINSPICE_OS_RELEASE:-/etc/os-release}
# shellcheck source=scripts/apt.sh
. "${BASH_SOURCE[0]%/*}/apt.sh"

say() { printf 'ngspice: %s\n' "$*"; }

version() { ngspice --version 2>/dev/null | sed -n 's/.*ngspice-\([0-9]*\).*/\1/p' | head -n 1; }
library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep 'libngspice\.so' >/dev/null; }
installed() { [ -n "$(version)" ] && library; }
enough() { installed && [ "$(version)" -ge "$MINIMUM" ]; }

# From `apt-cache madison ngspice` on standard input: the newest version on offer, as "MAJOR SUITE".
newest_offer() {
    awk -F '|' '
        {
            version = $2; gsub(/[ \t]/, "", version); sub(/^[0-9]+:/, "", version); sub(/[^0-9].*/, "", version)
            split($3, where, " "); split(where[2], suite, "/")
            if (version + 0 > best + 0) { best = version; from = suite[1] }
        }
        END { if (best) print best, from }'
}

# From `apt-get indextargets` on standard input (lines "URI CODENAME ORIGIN"): the archives of Debian itself for CODENAME.
# A third party may offer a suite of the same name, and an installation disc is not always in its drive.
archives() {
    awk -v codename="$1" '$2 == codename && $3 == "Debian" && $1 !~ /^cdrom:/ { sub(/\/+$/, "", $1); if (!seen[$1]++) print $1 }'
}

# The deb822 entry on standard input that names suite $1 and one of the archives $2..., with the suite replaced by its
# backports. Fields may go on over several lines; comments and switched-off entries do not count.
backports_stanza() {
    local codename=$1
    shift
    awk -v codename="$codename" -v archives="$*" '
        function finish(   i, j, uri, suite, n, known, match_uri, match_suite) {
            if (done) return
            n = split(archives, known, " ")
            split(uris, uri, " ")
            for (i in uri) for (j = 1; j <= n; j++) { sub(/\/+$/, "", uri[i]); if (uri[i] == known[j]) match_uri = 1 }
            split(suites, suite, " ")
            for (i in suite) if (suite[i] == codename) match_suite = 1
            if (match_uri && match_suite && !off) { printf "%s", text; done = 1 }
            text = uris = suites = field = ""; off = 0
        }
        /^#/ { next }
        /^[ \t]*$/ { finish(); next }
        /^[^ \t]/ { field = tolower($0); sub(/[ \t]*:.*/, "", field); value = $0; sub(/^[^:]*:/, "", value) }
        /^[ \t]/ { value = $0 }
        field == "uris" { uris = uris " " value }
        field == "enabled" && tolower(value) ~ /no/ { off = 1 }
        field == "suites" {
            suites = suites " " value
            if ($0 ~ /^[^ \t]/) text = text "Suites: " codename "-backports\n"
            next
        }
        { text = text $0 "\n" }
        END { finish() }'
}

# The same for the one-line format.
backports_line() {
    local codename=$1
    shift
    awk -v codename="$codename" -v archives="$*" '
        $1 == "deb" {
            n = split(archives, known, " ")
            for (i = 2; i < NF; i++) {
                uri = $i; sub(/\/+$/, "", uri)
                for (j = 1; j <= n; j++) if (uri == known[j] && $(i + 1) == codename) { $(i + 1) = codename "-backports"; print; exit }
            }
        }'
}

# Add the backports suite of Debian release $1; say what was added. Fails if no entry was found to derive it from.
add_backports() {
    local codename=$1 known entry file name
    # shellcheck disable=SC2016
    known=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(ORIGIN)' 'Created-By: Packages' | archives "$codename" | tr '\n' ' ')
    for file in "$APT_ETC"/sources.list "$APT_ETC"/sources.list.d/*.list "$APT_ETC"/sources.list.d/*.sources; do
        [ -r "$file" ] || continue
        # shellcheck disable=SC2086
        case $file in
            *.sources) entry=$(backports_stanza "$codename" $known <"$file") name=spinspice-backports.sources ;;
            *) entry=$(backports_line "$codename" $known <"$file") name=spinspice-backports.list ;;
        esac
        if [ -n "$entry" ]; then
            printf '%s\n' "$entry" | as_root tee "$APT_ETC/sources.list.d/$name" >/dev/null
            say "added $APT_ETC/sources.list.d/$name ($codename-backports, from the mirror of this machine's own sources)"
            return 0
        fi
    done
    say "found no entry for $codename of Debian's archive in $APT_ETC to derive its backports suite from"
    return 1
}

update() {
    apt update || say "apt-get update reported errors; going on with the package lists that are there"
}

install() {
    local id release codename offer suite
    # shellcheck disable=SC1090
    id=$(. "$OS_RELEASE" && echo "${ID:-}") release=$(. "$OS_RELEASE" && echo "${VERSION_ID:-}")
    # shellcheck disable=SC1090
    codename=$(. "$OS_RELEASE" && echo "${VERSION_CODENAME:-}")
    say "updating the package lists and installing (a minute or so)"
    update
    read -r offer suite < <(apt-cache madison ngspice | newest_offer) || true
    if [ "${offer:-0}" -lt "$MINIMUM" ] && [ "$id" = debian ] && [ "$release" = 12 ] && add_backports "$codename"; then
        update
        read -r offer suite < <(apt-cache madison ngspice | newest_offer) || true
    fi
    if [ -z "${offer:-}" ]; then
        say "no package source of this system offers ngspice"
    elif installed && [ "$(version)" -ge "$offer" ]; then
        say "this system offers no newer one"
    elif ! apt install --no-install-recommends -t "$suite" ngspice libngspice0; then
        say "apt-get failed; its last lines:"
        tail -n 5 "$LOG"
    fi
}

main() {
    if enough; then
        say "version $(version) is installed, nothing to do"
        return 0
    fi
    if ! command -v apt-get >/dev/null; then
        say "no apt-get here; install ngspice $MINIMUM or later yourself, or go on with VACASK (comes with pip)"
        return 0
    fi
    if ! have_root; then
        say "not root and no passwordless sudo: going on without it, with VACASK from pip"
        say "to add it later: sudo bash scripts/install_ngspice.sh"
        return 0
    fi
    LOG=$(mktemp)
    trap 'rm -f "$LOG"' EXIT
    install
    if enough; then
        say "version $(version) is installed now"
    elif installed; then
        say "version $(version) it is: B-source models run on it, Verilog-A models run in VACASK (comes with pip)"
    else
        say "going on without it, with VACASK from pip"
    fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    main "$@"
fi
