"""Capacitors and resistors of a foundry: a few elements whose values follow from width and length."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.cmos.placed import COPIES, FoundryDevice, Placed
from spinspice.errors import ParameterError


class Passive(FoundryDevice):
    """A passive device.

    Parameters
    ----------
    name, ports, defaults
        As for :class:`~spinspice.cmos.placed.FoundryDevice`; parameters in ``ignored`` mean nothing to the foundry.
    body : sequence of str
        Cards of its subcircuit; they refer to its parameters, to those of ``spread`` and to ``copies``.
    units : str
        What sizes are counted in.
    largest : float
        Largest width or length, in these units, that is taken for meant.
    spread : tuple of str
        Parameters that take standard normal numbers.
    verilog_a, licence_files : tuple of str
        Verilog-A that it needs, and the terms of it.
    """

    def __init__(
        self,
        name: str,
        ports: tuple[str, ...],
        defaults: Mapping[str, str],
        body: tuple[str, ...],
        *,
        units: str,
        largest: float,
        ignored: tuple[str, ...] = (),
        spread: tuple[str, ...] = (),
        verilog_a: tuple[str, ...] = (),
        licence_files: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, ports, {**defaults, **dict.fromkeys(ignored, "1"), "m": "1"})
        self.units, self.spread = units, spread
        self._given, self._body, self._largest = tuple(defaults), body, largest
        self._files = verilog_a, licence_files

    def place(self, values: Mapping[str, float]) -> Placed:
        for key in ("w", "l"):
            if not self._largest * 1e-6 < values[key] <= self._largest:
                raise ParameterError(
                    f"{key} = {values[key]:g} of {self.name} is no size in {self.units}: {self._largest * 1e-6:g} to "
                    f"{self._largest:g} is."
                )
        master = f"{self.name}__placed"
        head = " ".join(f"{key}=0" for key in (*self._given, *self.spread))
        cards = [f".subckt {master} {' '.join(self.ports)} {head} {COPIES}=1", *self._body, f".ends {master}"]
        given = {key: values[key] for key in self._given}
        alike = values.get("mm_ok", 1.0) != 1.0
        return Placed(master, "\n".join(cards), {**given, COPIES: values["m"]}, *self._files, alike=alike)
