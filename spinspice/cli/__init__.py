"""The command line. Exit status 0: done, 1: the run failed, 2: bad usage. Errors go to standard error in one message.

Commands live in modules of their own and import what they need when they run, so that ``--help`` stays quick.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence
from typing import Any

import click

from spinspice import __version__
from spinspice.cli import shell
from spinspice.errors import PlausibilityWarning, SpinspiceError, UsageError, did_you_mean
from spinspice.progress import always

#: Command -> module with a click command of that name.
_COMMANDS = {
    "demo": "spinspice.cli.demo",
    "doctor": "spinspice.cli.doctor",
    "presets": "spinspice.cli.presets",
    "list": "spinspice.cli.listing",
    "characterize": "spinspice.cli.characterize",
    "sweep": "spinspice.cli.sweep",
    "energy": "spinspice.cli.energy",
    "fit": "spinspice.cli.fit",
    "optimize": "spinspice.cli.optimize",
    "export": "spinspice.cli.export",
    "symbols": "spinspice.cli.symbols",
    "models": "spinspice.cli.symbols",
    "waveforms": "spinspice.cli.waveforms",
    "reproduce": "spinspice.cli.reproduce",
    "network": "spinspice.cli.network",
    "surrogate": "spinspice.cli.surrogate",
    "examples": "spinspice.cli.examples",
    "foundries": "spinspice.cli.foundries",
}

#: First lines of what commands say of themselves, so that ``--help`` loads none of them (a test compares).
_SUMMARIES = {
    "demo": "Characterise the binary and the analog stochastic neuron on published junctions.",
    "doctor": "Say which simulators were found, their versions, what each can do, and how to add what is missing.",
    "presets": "List the published junctions, or show NAME with the source of every value and what was chosen.",
    "list": "Show what there is, installed packages included: all of it, or one KIND.",
    "characterize": "Characterise CELL: a neuron cell (asn, bsn, or a cell file NAME.toml), or a study by its name.",
    "sweep": "Run STUDY.toml: a cell over a grid and over Monte Carlo instances (docs/studies.md).",
    "energy": "Audit the energy of CELL at one input: delivered by every source, dissipated in every element, stored.",
    "fit": "Fit a junction to measured data of a KIND.",
    "optimize": "Search STUDY.toml, which has a table [optimize], for the best values inside its [limits].",
    "export": "Write CELL with its models to a folder that needs no Python: the same waveform for the same seed.",
    "symbols": "Write symbols of the compact models, with the models, for a schematic editor.",
    "models": "Write the compact models as files: compiled (.osdi), as sources, and as libraries of subcircuits.",
    "waveforms": "Show what FILE holds: .raw of ngspice, LTspice or Xyce (binary or text), .csv, .vcd, or .nc of "
    "spinspice.",
    "reproduce": "Simulate a published FIGURE again: per quantity the paper, here with standard error, ratio and "
    "verdict.",
    "network": "Run a network of p-bits: what it samples, how fast, at what energy.",
    "examples": "List the examples and tutorials, or copy them: scripts, studies, netlists, data, notebooks.",
    "foundries": "Show which open foundries' transistor models are installed.",
    "surrogate": "Extract the surrogate of CELL (asn, bsn, or a cell file NAME.toml) and set it beside the circuit.",
}

#: Functions of commands whose name Python has taken.
_FUNCTIONS = {"list": "listing"}


class _Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(_COMMANDS[cmd_name]), _FUNCTIONS.get(cmd_name, cmd_name)
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        limit = formatter.width - 6 - max(map(len, _COMMANDS))
        with formatter.section("Commands"):
            stands_in = [click.Command(name, help=_SUMMARIES[name]) for name in _COMMANDS]
            formatter.write_dl([(str(each.name), each.get_short_help_str(limit)) for each in stands_in])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}. {did_you_mean(args[0], _COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spinspice")
def spinspice() -> None:
    """Circuit-level simulation of spintronic neuron cells in SPICE engines.

    Numbers take SPICE suffixes: 5p, 200n, 1meg (m is milli).
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(arguments))


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Print a warning as one line, without the place in the code."""
    click.echo(f"Warning: {message}", err=True)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    shell.prepare_streams()
    with shell.signals_end_cleanly():
        status = _run(arguments)
        _mention_kept_files()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):
        shell.drop_output()
        return 1
    return status


def _run(arguments: Sequence[str] | None) -> int:
    if any("\0" in argument for argument in arguments or ()):
        return _say("an argument holds a NUL character, which no name, number or path can. Take it out.", 2)
    try:
        with warnings.catch_warnings(), always():
            # Results carry these as notes too; here they come before the runs, and each once.
            warnings.filterwarnings("once", category=PlausibilityWarning)
            warnings.showwarning = _show_warning
            result: Any = spinspice.main(args=arguments, prog_name="spinspice", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        return _say(error.format_message(), 2, error)
    except UsageError as error:
        return _say(str(error), 2)
    except SpinspiceError as error:
        return _say(str(error), 1)
    except (click.Abort, KeyboardInterrupt):
        return _say("", 1)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; there is nobody left to tell.
        shell.drop_output()
        return 1
    except Exception as error:
        if shell.was_interrupted(error):
            return _say("", 1)
        return _say(shell.unexpected(error), 1)
    return int(result or 0)


def _say(message: str, status: int, usage: click.ClickException | None = None) -> int:
    """Print an error in one message and return the exit status."""
    try:
        if usage is not None:
            usage.show()
        else:
            click.echo(f"Error: {message}" if message else "Interrupted.", err=True)
    except OSError:
        shell.drop_output()
    return status


def _mention_kept_files() -> None:
    """Say where decks and logs of failed runs are, whatever else was said of them."""
    outcome = sys.modules.get("spinspice.engines.outcome")
    folder = outcome.kept_folder() if outcome is not None else None
    if folder is not None:
        _say_kept(folder)


def _say_kept(folder: Any) -> None:
    try:
        click.echo(f"Decks and logs of failed runs are kept in {folder}.", err=True)
    except OSError:
        shell.drop_output()
