"""What every command shares: help in both languages, options, checks of what was written, and plain errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from report.text.catalogue import has, say
from report.text.errors import told
from report.text.language import LANGS, bracketed
from report.text.language import chosen as language
from xiaozhen.errors import CommandError, nearest

_speaking = "en"


def speak(lang: str) -> None:
    """Choose the language of help and messages for this process."""
    global _speaking
    _speaking = lang


def lang_now() -> str:
    """The language of help and messages."""
    return _speaking


class Option(click.Option):
    """An option whose help is a message id."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Left and right column of the help."""
        record = super().get_help_record(ctx)
        if record is None or self.help is None:
            return record
        right = say(self.help, lang_now())
        if self.default not in (None, False, (), "") and self.show_default:
            right += bracketed(say("help.default", lang_now(), value=self.default), lang_now())
        return record[0], right


class Argument(click.Argument):
    """An argument whose absence is told in our own words."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:  # type: ignore[override]
        """Nothing: the usage line names it and the examples show it."""
        return None

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Convert and check."""
        if self.required and (value is None or value == () or not isinstance(value, str | tuple)):
            raise CommandError("no_argument", name=self.make_metavar(ctx), command=ctx.command_path)
        return super().process_value(ctx, value)


class _Help:
    """Help texts by message id: headings and sentences in the chosen language."""

    help: str | None
    epilog: str | None

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, say("help.usage", lang_now()) + ": ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sentence on what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(say(self.help, lang_now()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, one a line and never broken, so that they can be copied."""
        if self.epilog:
            formatter.write("\n" + "".join(f"  {text}\n" for text in say(self.epilog, lang_now()).splitlines()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options."""
        rows = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]  # type: ignore[attr-defined]
        if rows:
            with formatter.section(say("help.options", lang_now())):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, in the chosen language."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("help.help", lang_now())
        return option  # type: ignore[no-any-return]


class Command(_Help, click.Command):
    """A command with help and errors in both languages."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and tell of words too many in our own words."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            raise CommandError("extra_argument", found=ctx.args[0], command=ctx.command_path)
        return rest


class Group(_Help, click.Group):
    """The list of commands."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or propose the one probably meant."""
        name = args[0]
        if self.get_command(ctx, name) is None:
            if name.startswith("-"):
                raise click.NoSuchOption(name, ctx=ctx)
            known = self.list_commands(ctx)
            raise CommandError(
                "no_command",
                found=name,
                allowed=known,
                suggestion=nearest(name, known),
                command=ctx.command_path,
            )
        return super().resolve_command(ctx, args)

    def get_short_help(self, name: str) -> str:
        """One line on a command, which is not loaded for that."""
        return say(id_, lang_now()) if has(id_ := f"commands.{name}.help") else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        with formatter.section(say("help.commands", lang_now())):
            formatter.write_dl([(name, self.get_short_help(name)) for name in self.list_commands(ctx)])


class Among(click.ParamType[str]):
    """One of a few names."""

    name = "choice"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How it is shown in the help."""
        return "|".join(self.names)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check one value."""
        if value in self.names:
            return str(value)
        raise CommandError(
            "not_among",
            name=option_name(param),
            found=value,
            allowed=self.names,
            suggestion=nearest(str(value), self.names),
        )


class Count(click.ParamType[int]):
    """A whole number of at least ``low``."""

    name = "N"

    def __init__(self, low: int = 1) -> None:
        self.low = low

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How it is shown in the help."""
        return "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Check one value."""
        text = str(value).strip()
        if text.lstrip("+").isascii() and text.lstrip("+").isdigit() and len(text) < 10 and int(text) >= self.low:
            return int(text)
        raise CommandError("not_count", name=option_name(param), low=self.low, found=value)


def option_name(param: click.Parameter | None) -> str:
    """The option as it is written on the line."""
    if param is None:
        return "?"
    return param.opts[0] if isinstance(param, click.Option) else (param.name or "?").upper()


def usage_message(error: click.UsageError, lang: str) -> str:
    """Our own sentence for a mistake that click found, chosen by the kind of mistake."""
    command = error.ctx.command_path if error.ctx else "xiaozhen"
    if isinstance(error, click.NoSuchOption):
        known = _options(error.ctx)
        guess = nearest(error.option_name, known)
        found = CommandError("no_option", found=error.option_name, suggestion=guess, command=command)
    elif isinstance(error, click.BadOptionUsage):
        flag = error.option_name in ("--json", "--help")
        found = CommandError("no_value_here" if flag else "no_value", name=error.option_name, command=command)
    elif isinstance(error, click.MissingParameter):
        found = CommandError("no_argument", name=option_name(error.param), command=command)
    elif isinstance(error, click.BadParameter):
        found = CommandError("option_usage", name=option_name(error.param), command=command)
    else:
        found = CommandError("bad_usage", command=command)
    return told(found, lang)


def _options(ctx: click.Context | None) -> list[str]:
    params = ctx.command.get_params(ctx) if ctx else []
    return [name for p in params if isinstance(p, click.Option) for name in p.opts]


def chosen(lang: str | None) -> str:
    """The language that an option asks for, else the one of this process."""
    return lang if lang in LANGS else lang_now() if lang_now() in LANGS else language()
