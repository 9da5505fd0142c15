"""Options of the studies on the command line: made of their parameters, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import ENGINE_OPTIONS, JSON, WORKERS, YES, limit
from spinspice.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from spinspice.studies import Parameter, Study

#: Study of a name that is none: a cell, or a cell file.
NEURON = "neuron"


def option(parameter: Parameter) -> click.Option:
    """Return the option of a parameter; its value stays text, which the parameter reads."""
    flags = [*parameter.flags, parameter.name]
    if parameter.kind == "flag":
        return click.Option(flags, is_flag=True, default=None, help=parameter.help)
    form = {"number": parameter.unit or "X", "whole": "N", "table": "NAME=VALUE", "text": "NAME"}
    choices = "|".join(parameter.choices)
    metavar = parameter.form or choices or form.get(parameter.kind, parameter.name.upper())
    if parameter.kind == "table":
        flags = ["--param", "parameters"] if parameter.name == "parameters" else flags
        return click.Option(flags, metavar=metavar, multiple=True, callback=_table, help=parameter.help)
    return click.Option(flags, metavar=metavar, help=parameter.help)


def _table(_context: click.Context, option: click.Parameter, words: Sequence[str]) -> dict[str, str] | None:
    from spinspice.cells.parameters import read_parameters

    # Names of a netlist have no case, those of a junction have: T is a temperature
    return read_parameters(words, option.opts[0], fold=option.name == "parameters") if words else None


def _called_by(word: str) -> type[Study]:
    """Return the study of this name, else that of a neuron cell; loads no others where the name is one of ours."""
    from spinspice.cells.base import NeuronCell
    from spinspice.lazy import load_own
    from spinspice.studies import get_study
    from spinspice.studies.base import is_study

    load_own("spinspice.cells", word.lower())
    of_a_cell = word.lower() in NeuronCell.known or word.lower().endswith(".toml")
    return type(get_study(NEURON if of_a_cell or not is_study(word) else word))


class StudyCommand(click.Command):
    """A command whose options are those of a study, which its argument names."""

    #: Parameters of the command itself that are none of the study.
    own: Sequence[click.Parameter] = ()

    def study_of(self, arguments: Sequence[str]) -> tuple[type[Study] | None, str]:
        """Return the study that the command line names, and the name; None where there is no name.

        A name is the first word that is neither an option nor the value of one.
        """
        from spinspice.studies import list_studies

        if arguments and not arguments[0].startswith("-"):
            return _called_by(arguments[0]), arguments[0]
        flags = {flag for study in list_studies().values() for p in study.all_parameters().values()
                 for flag in p.flags if p.kind == "flag"}  # fmt: skip
        flags |= {flag for each in self.others if getattr(each, "is_flag", False) for flag in each.opts}
        skip = False
        for word in arguments:
            if skip or word.startswith("-"):
                skip = not skip and word.startswith("--") and "=" not in word and word not in {*flags, "--help"}
                continue
            return _called_by(word), word
        return None, ""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        study, name = self.study_of(args)
        ctx.meta["study"], ctx.meta["words"] = study, {word.partition("=")[0] for word in args}
        taken = study or _called_by(NEURON)  # of a neuron cell, to those who ask without a name
        hidden = {p.name for p in taken.all_parameters().values() if p.hidden or p.name in taken.placed}
        known = [option(p) for name, p in taken.all_parameters().items() if name not in hidden]
        ctx.meta["options"] = known
        self.params = [*self.arguments, *known, *self.others]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as reason:
            raise _refused(reason, study, name, [*known, *self.others]) from None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self.params, *filter(None, [self.get_help_option(ctx)])]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.arguments = [p for p in self.params if isinstance(p, click.Argument)]
        self.others = [p for p in self.params if not isinstance(p, click.Argument)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from spinspice.studies import list_studies

        study: type[Study] | None = ctx.meta.get("study")
        if study is not None:
            formatter.write_paragraph()
            formatter.write_text(f"These are the options of {study.name}: {study.title}.")
            return
        with formatter.section("Studies (`spinspice characterize NAME --help` shows the options of each)"):
            shown = [(name, kind.title) for name, kind in list_studies().items() if not kind.words or name == NEURON]
            formatter.write_dl([(f"CELL ({name})" if name == NEURON else name, title) for name, title in shown])


#: Options that all studies take; what each takes beside is named when one is refused.
SHARED = ("technology", "vdd", "repeats", "seed")


def _refused(
    reason: click.NoSuchOption, study: type[Study] | None, name: str, options: Sequence[click.Parameter]
) -> Exception:
    """Return the answer to an option that a study does not take: what it takes."""
    from spinspice.studies import list_studies

    option = reason.option_name
    if study is None:
        return click.UsageError(f"No such option {option}, or the name of the study or cell that takes it is missing.")
    own = [p.flags[0] for p in study.all_parameters().values() if p.name not in (*SHARED, *study.placed)]
    own = ["--param" if flag == "--parameters" else flag for flag in own if flag != "--sizing"]
    known = {flag for each in list_studies().values() for p in each.all_parameters().values() for flag in p.flags}
    start = "" if option in known else f"No such option {option}: it "
    close = did_you_mean(option, [flag for each in options for flag in each.opts]).partition(" Known:")[0]
    hint = f" {close}" if close.startswith("Did") else ""
    return UsageError(
        f"{start or option + ' '}does not apply to {name}, which takes {', '.join(sorted(own))} and the options of all "
        f"studies.{hint}"
    )


def running(function: Any) -> Any:
    """Add the options of every study that are none of its parameters."""
    for each in reversed([*ENGINE_OPTIONS, WORKERS, YES, JSON]):
        function = each(function)
    return function


def given_options(context: click.Context) -> set[str]:
    """Return the names of the options that the user gave."""
    source = click.core.ParameterSource.DEFAULT
    return {name for name in context.params if context.get_parameter_source(name) not in (source, None)}


def _called(parameter: Parameter, words: set[str]) -> str:
    """Return the name of a parameter that the user wrote."""
    names = zip((parameter.name, *parameter.aliases), parameter.flags, strict=True)
    return next((name for name, flag in names if flag in words), parameter.name)


def run_study(context: click.Context, name: str, progress: Any) -> Any:
    """Run the study that the command line names, with what was given there."""
    from spinspice.studies import run

    study: type[Study] = context.meta["study"]
    values = context.params
    given = {
        _called(parameter, context.meta["words"]): values[name]
        for name, parameter in study.all_parameters().items()
        if name in given_options(context) and values[name] is not None and name not in study.placed
    }
    placed = {study.placed[0]: name} if study.placed else {}
    running: dict[str, Any] = {
        key: values[key] for key in ("engine", "model", "workers") if values.get(key) is not None
    }
    return run(study(), progress=progress, max_wall=limit(values.get("yes", False)), **running, **placed, **given)
