"""Digital blocks in an ngspice run: their model cards before it, their waveforms after it."""

from __future__ import annotations

from pathlib import Path

from spinspice.engines.base import DIGITAL
from spinspice.engines.reach import reachable
from spinspice.engines.vcd import read_vcd
from spinspice.engines.verilator import compile_block
from spinspice.errors import EngineError
from spinspice.testbench import Testbench
from spinspice.verilog import DigitalSignal


def model_cards(testbench: Testbench, folder: Path, *, relative: bool = False) -> tuple[str, ...]:
    """Compile the digital blocks of a testbench and return their model cards; waveforms will go to ``folder``.

    With ``relative`` that is the working folder of the simulator, and names in the cards do not hold its path.

    Raises
    ------
    EngineNotFound
        If Verilator, the C++ compiler or ngspice's headers are missing.
    EngineError
        If a block does not compile.
    """
    cards = []
    for block in testbench.digital:
        place = Path() if relative else folder
        library = reachable(compile_block(block, for_ngspice=True), folder)
        if not Path(library).is_absolute():  # a link in the folder
            library = f"./{library}" if relative else str(folder / library)
        words = [word for pair in (*block.arguments.items(), ("vcd", dump(place, block.name))) for word in pair]
        quoted = " ".join(f'"{word}"' for word in words)
        delay = "" if block.delay is None else f" delay={block.delay:.12g}"
        cards.append(f'.model {block.name} d_cosim(simulation="{library}" sim_args=[{quoted}]{delay})')
    return tuple(cards)


def dump(folder: Path, name: str) -> Path:
    """Return the file for the waveforms of a block."""
    return folder / f"{name}.vcd"


def read_waveforms(testbench: Testbench, folder: Path) -> dict[str, DigitalSignal]:
    """Return the signals of all digital blocks of a finished run."""
    signals: dict[str, DigitalSignal] = {}
    for block in testbench.digital:
        signals |= read_vcd(dump(folder, block.name), block.name)
    return signals


def refuse(testbench: Testbench, engine: str) -> None:
    """Refuse a testbench with digital blocks on an engine that has no way to run them.

    Raises
    ------
    EngineError
    """
    if testbench.digital:
        from spinspice.engines import engines_with

        able = engines_with(DIGITAL)
        blocks = ", ".join(block.name for block in testbench.digital)
        use = " or ".join(f"engine={name!r}" for name in able)
        raise EngineError(f"{engine} cannot run digital blocks ({blocks}); {able[0]} can. Use {use}.")
