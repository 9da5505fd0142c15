"""Progress of a command on standard error, on a terminal or not (:mod:`spinspice.progress`)."""

from spinspice.progress import Reporter as Progress

__all__ = ["Progress"]
