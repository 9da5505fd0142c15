"""What VACASK's log says: everything beyond its banner is a complaint."""

from __future__ import annotations

import re

from spinspice.engines import harmless
from spinspice.engines.process import status_text
from spinspice.engines.vacask_netlist import VacaskDeck
from spinspice.errors import ConvergenceError, EngineError

_BANNER = re.compile(
    r"This is vacask|\(c\)\d|https?://|  \S.*(parallel processing|parsers)$|(Available CPUs|CPUs used|OpenBLAS CPUs):"
)
_PLACE = re.compile(r"^(\d+):\d+ \(0x[0-9a-f]+\) in ")
_CONVERGENCE = re.compile(
    r"timestep too small|operating point analysis failed|failed to converge|factorization failed"
    r"|integrator coefficients|not finite|NaN found",
    re.IGNORECASE,
)
_ADVICE = (
    "Look for nodes without a path to ground and voltage sources in a loop; smooth steep sources; lengthen the "
    "switching time t_sw of telegraph junctions; or loosen Testbench.options, such as {'reltol': 1e-2, 'gmin': 1e-10}."
)


def said(log: str) -> list[str]:
    """Return the lines of a log that are not its banner."""
    return [line.rstrip() for line in log.splitlines() if line.strip() and not _BANNER.match(line)]


def failure(*, version: str, log: str, status: int, reason: str, deck: VacaskDeck, kept: str) -> EngineError:
    """Return the error of a run that failed: why, what VACASK said, which card it means, where the files are."""
    text = deck.text.splitlines()
    lines, _ = harmless.sort_out(said(log), harmless.VACASK, text)
    if not reason or status < 0:
        reason = status_text(status) if status else "it completed, but complained"
    parts = [f"VACASK {version} failed: {reason}."]
    if lines:
        parts.append("It said:\n" + "\n".join(f"  {line}" for line in lines[:12]))
    for line in lines:
        place = _PLACE.match(line)
        number = int(place[1]) if place else harmless.contradiction(line, harmless.VACASK, text)
        card = deck.lines.get(number) if number else None
        if card is not None:
            parts.append(f"That is line {card.line} of the circuit: {card.text[:200]}")
            break
    convergence = any(_CONVERGENCE.search(line) for line in lines)
    if convergence:
        parts.append(_ADVICE)
    parts.append(f"Deck and log are kept in {kept}; to repeat it: vacask deck.sim")
    return (ConvergenceError if convergence else EngineError)("\n".join(parts))
