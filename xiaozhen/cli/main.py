"""The command line: ``xiaozhen COMMAND ...``. Heavy imports stand inside the commands, so that help is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click

from report.text.catalogue import say, topic
from report.text.errors import told
from report.text.language import chosen as language
from sim.parameters.errors import InputError, ProductError
from xiaozhen.cli import commands
from xiaozhen.cli.base import Group, lang_now, speak, usage_message
from xiaozhen.cli.command import command
from xiaozhen.cli.streams import utf8_streams

BAD_INPUT = 2
BROKEN = 1
INTERRUPTED = 130


EARLIER = {"plan": "schedule"}
"""Names that commands had in 0.3; they still run and are not listed."""


class Commands(Group):
    """The commands: one for each file of the folder, loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which the catalogue tells of them; others after them."""
        there = [one.name for one in iter_modules(commands.__path__)]
        told = [name for name in dict.fromkeys(id_.split(".")[1] for id_ in topic("commands")) if name in there]
        return told + [name for name in there if name not in told]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command by its name, or by one that it had."""
        name = EARLIER.get(name, name)
        if name not in self.list_commands(ctx):
            return None
        return command(getattr(import_module(f"{commands.__name__}.{name}"), name))


@click.group(cls=Commands, help="help.cli", no_args_is_help=False, invoke_without_command=True)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The group of all commands."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one line and leave with its exit code: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    utf8_streams()
    speak(language(words))
    sys.exit(_guarded(words))


def _guarded(words: list[str]) -> int:
    try:
        code: Any = cli.main(args=words, prog_name="xiaozhen", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.UsageError as error:
        return _fail(usage_message(error, lang_now()), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        return _fail(say("errors.interrupted", lang_now()), INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> int:
    """Print an error in one message; a traceback only where it is asked for."""
    if os.environ.get("XIAOZHEN_DEBUG"):
        raise error
    if isinstance(error, ProductError):
        return _fail(told(error, lang_now()), BAD_INPUT if isinstance(error, InputError) else BROKEN)
    return _fail(say("errors.broken", lang_now(), what=f"{type(error).__name__}: {error}"), BROKEN)


def _fail(message: str, code: int) -> int:
    sys.stderr.write(message.rstrip() + "\n")
    return code
