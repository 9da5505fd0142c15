"""Digital parts of a circuit: Verilog modules, as plain data. How they are compiled and run is the engine's matter."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from spinspice.errors import CircuitError

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
#: Files that a Verilog source may include or instantiate: all of them in its folder count for its content.
SUFFIXES = (".v", ".vh", ".sv", ".svh")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DigitalBlock:
    """A Verilog module for a testbench, or for a clocked run of its own.

    In a circuit it stands as an element with the letter A whose model is :attr:`name`; first the bits of all inputs,
    then those of all outputs, in the order of the module's ports, the highest bit of each port first
    (:meth:`card` writes it). Its nodes are digital: bridges (``adc_bridge``, ``dac_bridge``) join them to voltages.

    Parameters
    ----------
    name : str
        Name of the model in the circuit, lower case.
    source : str
        Verilog file that holds the module; modules and include files beside it are found.
    top : str
        The module.
    parameters : mapping of str to int
        Parameters of the module.
    arguments : tuple of str
        What ``$value$plusargs`` sees, such as ``"+weights=00ff"``. Changes of these compile nothing anew.

    Raises
    ------
    CircuitError
        For a name that is no lower-case word, or an argument that does not start with ``+`` or holds quotes or spaces.
    """

    name: str
    source: str
    top: str
    parameters: Mapping[str, int] = dataclasses.field(default_factory=dict)
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise CircuitError(
                f"DigitalBlock.name = {self.name!r} is no name of a model: lower-case letters, digits and _, "
                "a letter first, such as 'core'."
            )
        for argument in self.arguments:
            if not re.match(r'^\+[^\s"\[\]]+$', argument):
                raise CircuitError(
                    f"DigitalBlock.arguments holds {argument!r}; an argument is +NAME=VALUE without spaces or quotes."
                )

    def files(self) -> dict[str, bytes]:
        """Return name and content of every Verilog file in the folder of the source.

        Raises
        ------
        CircuitError
            If the source cannot be read.
        """
        source = Path(self.source)
        if not source.is_file():
            raise CircuitError(f"digital block {self.name}: cannot read the Verilog source {source}: no such file.")
        paths = sorted(path for path in source.parent.iterdir() if path.suffix in SUFFIXES)
        return {path.name: path.read_bytes() for path in paths}

    def identity(self) -> dict[str, object]:
        """Return what determines the behaviour of the block, as JSON data: for the digest of a testbench."""
        data = dataclasses.asdict(self) | {"source": Path(self.source).name}
        data["files"] = {name: hashlib.sha256(text).hexdigest() for name, text in self.files().items()}
        return data

    def card(self, inputs: Iterable[str], outputs: Iterable[str]) -> str:
        """Return the element of a circuit that is this block, with its digital nodes in the order of the ports."""
        return f"a{self.name} [{' '.join(inputs)}] [{' '.join(outputs)}] {self.name}"
