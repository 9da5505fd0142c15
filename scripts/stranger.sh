#!/usr/bin/env bash
# A stranger's path, timed: from pip install of the wheel, in a fresh environment and an empty folder, to a first curve.
#
#   scripts/stranger.sh [EXTRA]         default: vacask; "" for none, all for everything
#
# Fails if it takes more than LIMIT seconds (600), or if the curve is missing. PYTHON names the interpreter; WHEEL a wheel that is built.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
extra=${1-vacask}
limit=${LIMIT:-600}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
export XDG_CACHE_HOME=$place/cache SPINSPICE_CACHE_DIR=$place/cache/spinspice
unset PYTHONPATH VIRTUAL_ENV

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }
run() { say "\$ $*"; "$@" >"$place/log" 2>&1 || { cat "$place/log" >&2; say "failed"; exit 1; }; }

"${PYTHON:-python3}" -m venv build
wheel=${WHEEL:-}
if [ -z "$wheel" ]; then
    build/bin/python -m pip wheel --quiet --no-deps --wheel-dir . "$root" 2>build.log || { cat build.log >&2; exit 1; }
    wheel=$(echo "$PWD"/spinspice-*.whl)
fi
SECONDS=0
run "${PYTHON:-python3}" -m venv own
run own/bin/python -m pip install --disable-pip-version-check --no-compile "$wheel${extra:+[$extra]}"
run own/bin/python -m pip check
run own/bin/spinspice doctor
run own/bin/spinspice characterize bsn --vin auto:9 --duration 20n --trials 1 --plot bsn.png
[ "$(head -c 4 bsn.png | tail -c 3)" = PNG ] || { say "no picture"; exit 1; }
say "first curve, $(own/bin/python --version)"
run own/bin/spinspice examples --copy examples
run own/bin/python examples/04_energy_audit.py
say "examples run"
[ "$SECONDS" -le "$limit" ] || { say "more than $limit s"; exit 1; }
