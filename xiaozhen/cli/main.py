"""The command line: ``xiaozhen COMMAND ...``. Heavy imports stand inside the commands, so that help is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from report.text.catalogue import say
from report.text.errors import told
from report.text.language import chosen as language
from sim.parameters.errors import InputError, ProductError
from xiaozhen import __version__
from xiaozhen.cli.base import Group, common, lang_now, speak, usage_message
from xiaozhen.cli.commands.attribute import attribute
from xiaozhen.cli.commands.bench import bench
from xiaozhen.cli.commands.calibrate import calibrate
from xiaozhen.cli.commands.compare import compare
from xiaozhen.cli.commands.coverage import coverage
from xiaozhen.cli.commands.doses import doses
from xiaozhen.cli.commands.predict import predict, validate
from xiaozhen.cli.commands.readings import readings
from xiaozhen.cli.commands.report import report
from xiaozhen.cli.commands.run import run
from xiaozhen.cli.commands.schedule import schedule
from xiaozhen.cli.commands.sensitivity import sensitivity
from xiaozhen.cli.commands.show import show
from xiaozhen.cli.commands.store import export, query, verify
from xiaozhen.cli.commands.sweep import resume, status, sweep
from xiaozhen.cli.commands.targets import targets
from xiaozhen.cli.output import line, print_json, utf8_streams

BAD_INPUT = 2
BROKEN = 1
INTERRUPTED = 130


@click.group(cls=Group, help="help.cli", no_args_is_help=False, invoke_without_command=True)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The group of all commands."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    compare,
    run,
    show,
    attribute,
    schedule,
    coverage,
    targets,
    doses,
    readings,
    bench,
    sweep,
    resume,
    status,
    verify,
    export,
    query,
    sensitivity,
    report,
    predict,
    validate,
    calibrate,
):
    cli.add_command(_command)


@cli.command(help="commands.version.help")
@common
def version(as_json: bool, lang: str | None) -> None:
    """Print versions of the product, Python, the libraries that touch numbers, and the draw scheme."""
    from importlib.metadata import version as installed

    from sim.engine.draws import SCHEME

    parts = {"xiaozhen": __version__, "python": sys.version.split()[0], "draws": SCHEME}
    parts |= {name: installed(name) for name in ("mesa", "numba", "numpy", "scipy", "networkx", "matplotlib")}
    if as_json:
        print_json(parts)
    else:
        line("\n".join(f"{name} {value}" for name, value in parts.items()))


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
