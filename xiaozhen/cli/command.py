"""From a request to its command: options made from its fields, and its answer as a page or as one JSON document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_type_hints

import click

from report.text.catalogue import has
from report.text.language import LANGS
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.cli.base import Among, Argument, Command, Count, Option, chosen
from xiaozhen.request import Part, Request, parts


def command(function: Callable[[Any, Screen], Answer]) -> Command:
    """The command that a function carries out; its first argument ``asked`` says which request it takes."""
    made: type[Request] = get_type_hints(function)["asked"]
    name, fields = made.command(), parts(made)

    def carry_out(as_json: bool, lang: str | None = None, yes: bool = False, **given: Any) -> int:
        if any(part.name == "lang" for part in fields):
            given["lang"] = lang
        from xiaozhen.cli.terminal import Terminal

        screen = Terminal(chosen(lang), as_json, yes or as_json)
        return screen.give(function(made(**given), screen))

    options = [_parameter(part, name) for part in fields]
    if getattr(function, "asks", False):
        options.append(Option(["--yes"], is_flag=True, help="options.yes"))
    options.append(Option(["--json", "as_json"], is_flag=True, help="options.json"))
    if not any(part.name == "lang" for part in fields):
        options.append(Option(["--lang"], type=Among(LANGS), default=None, help="options.lang"))
    more = f"commands.{name}.more"
    return Command(
        name, callback=carry_out, params=options, help=f"commands.{name}.help", epilog=more if has(more) else None
    )


def _parameter(part: Part, name: str) -> click.Parameter:
    shape, kind = part.shape, _kind(part)
    if shape.argument:
        required = part.default is None
        metavar = shape.metavar if required or part.many else f"[{shape.metavar}]"
        return Argument(
            [part.name], metavar=metavar, required=required, default=None if part.many else part.default,
            nargs=-1 if part.many else 1,
        )  # fmt: skip
    own = f"commands.{name}.{part.name}"
    help_ = own if has(own) else f"options.{part.name}"
    if part.kind is bool:
        return Option([part.flag, part.name], is_flag=True, help=help_)
    return Option(
        [part.flag, part.name], type=kind, multiple=part.many, default=part.default, metavar=shape.metavar or None,
        show_default=True, help=help_,
    )  # fmt: skip


def _kind(part: Part) -> click.ParamType[Any] | type[str]:
    if part.among:
        return Among(part.among)
    return Count(part.shape.low) if part.kind is int else str
