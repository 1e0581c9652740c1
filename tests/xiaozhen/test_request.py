"""Requests: to the line and back, to JSON and back; and what a command can be asked, Python can be asked too."""

from __future__ import annotations

import inspect
import json
import shlex
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

import xiaozhen as xz
from report.text import catalogue
from xiaozhen import requests
from xiaozhen.cli.main import EARLIER, cli
from xiaozhen.request import Request, parts

KINDS = {kind.command(): kind for kind in Request.__subclasses__()}
COMMANDS = cli.list_commands(click.Context(cli))
SAME = {"run": "repeat", "version": "versions"}
"""Commands whose function has another name: ``xz.run`` gives one run, ``xz.__version__`` one version."""
OF_THE_LINE = {
    "show": {"words"},  # name and kind
    "sweep": {"study"},  # a design or plan too: what
    "predict": {"page"},  # xz.prediction_pages
}
ONLY_PYTHON = {
    "InputError", "Picture", "Province", "Resolved", "RunResult", "RunSpec", "__version__", "contrasts", "design",
    "load", "picture", "plan", "prediction_pages", "run", "scenario", "sensitivity_pages", "store", "style", "vary",
}  # fmt: skip
"""Names that make or hold something for the other functions, where the line has files, options and pages."""

EXAMPLES = [
    requests.Sweep(study="clawback_and_land", replicates=3, n=4, behaviour="central", workers=2, out="here"),
    requests.Run(regime="zhejiang_2015", settings=("clawback.multiple=3", "exit.hazard_year1=0.02"), quarters=8),
    requests.Attribute(a="null", b="zhejiang_2015", outcomes=("jobs_end",), by="lever", own_dates=True, max_runs=9),
    requests.Sensitivity(method="morris", second_order=True, outcomes="jobs_end,land_net", seed=0),
    requests.Compare(counties="mine/of/mine.csv", study="mine/of/own.toml"),
    requests.Show(words=("lever", "clawback.multiple")),
]


def parsed(line: list[str]) -> Request:
    """What a line asks, as its command reads it."""
    made = cli.get_command(click.Context(cli), line[0])
    context = made.make_context(line[0], list(line[1:]))
    names = {field.name for field in fields(KINDS[line[0]])}
    return KINDS[line[0]](**{name: value for name, value in context.params.items() if name in names})


def test_every_command_has_a_request_and_every_request_a_command():
    assert set(COMMANDS) == set(KINDS)


@pytest.mark.parametrize("asked", EXAMPLES, ids=lambda asked: asked.command())
def test_a_request_survives_json_and_the_line(asked: Request):
    how = {part.name: part.default for part in parts(type(asked)) if part.shape.how}
    question = replace(asked, **how)
    program, *words = shlex.split(asked.line())
    named = {
        p.name: Path(getattr(asked, p.name)).name for p in parts(type(asked)) if p.shape.file and getattr(asked, p.name)
    }
    assert program == "xiaozhen" and parsed(words) == replace(question, **named)
    assert Request.of(json.loads(json.dumps(asked.as_dict()))) == replace(question, **named)


def test_a_line_says_only_what_was_asked():
    assert EXAMPLES[0].line() == "xiaozhen sweep clawback_and_land --replicates 3 --n 4 --behaviour central"
    assert requests.Compare().line() == "xiaozhen compare three_regimes"
    assert EXAMPLES[4].line() == "xiaozhen compare own.toml --counties mine.csv"


def test_data_that_asks_nothing_is_refused():
    for data in ({}, {"command": "fly"}, {"command": "status", "folder": "x", "speed": 3}, {"command": "query"}):
        with pytest.raises(ValueError):
            Request.of(data)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_is_asked_its_function_is_asked_too(name: str):
    function = getattr(xz, SAME.get(name, name))
    signature = inspect.signature(function)
    taken, rest = set(signature.parameters), any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    lacking = {part.name for part in parts(KINDS[name])} - taken - OF_THE_LINE.get(name, set())
    told = function.__doc__ or ""
    assert {one for one in lacking if not (rest and f"``{one}``" in told)} == set()


def test_the_line_does_whatever_python_does():
    assert set(xz.__all__) - ONLY_PYTHON == {SAME.get(name, name) for name in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_default_of_the_line_is_the_default_of_the_function(name: str):
    taken = inspect.signature(getattr(xz, SAME.get(name, name))).parameters
    for part in parts(KINDS[name]):
        if part.name in taken and taken[part.name].default is not inspect.Parameter.empty and part.name != "outcomes":
            own = taken[part.name].default
            assert own == part.default or not (own or part.default), part.name


def test_earlier_names_still_run_and_are_not_listed():
    context = click.Context(cli)
    for old, new in EARLIER.items():
        assert cli.get_command(context, old).name == new and old not in COMMANDS


def test_every_option_has_its_help_and_every_help_its_option():
    known = {f"commands.{name}.{part.name}" for name, kind in KINDS.items() for part in parts(kind)}
    known |= {f"commands.{name}.{word}" for name in KINDS for word in ("help", "more")}
    assert set(catalogue.topic("commands")) - known == set()
    used = {part.name for kind in KINDS.values() for part in parts(kind)} | {"json", "lang", "yes"}
    assert {id_.partition(".")[2] for id_ in catalogue.topic("options")} - used == set()
    for name, kind in KINDS.items():
        for part in parts(kind):
            own = catalogue.has(f"commands.{name}.{part.name}") or catalogue.has(f"options.{part.name}")
            assert part.shape.argument or own, (name, part.name)


def test_imports_of_an_earlier_version_still_work():
    from xiaozhen.api import is_uncertainty, load, run, scenario, settings_of, show

    assert run is xz.run and load is xz.load and show is xz.show and scenario is xz.scenario
    assert settings_of(["clawback.multiple=3"]) == {"clawback.multiple": 3} and not is_uncertainty(load(), "x")


def test_a_store_keeps_what_was_asked_as_data(tmp_path: Path):
    plan = xz.plan(xz.vary("null", {"land_reward.share": [0.0, 1.0]}, replicates=1, quarters=1))
    xz.repeat("null", ["exit.hazard_year1=0.02"], quarters=1, workers=1, out=tmp_path / "runs")
    at = xz.status(tmp_path / "runs")
    asked = Request.of(at["asked"])
    assert asked == requests.Run(regime="null", settings=("exit.hazard_year1=0.02",), quarters=1)
    assert asked.line() == at["command"] == "xiaozhen run null --set exit.hazard_year1=0.02 --quarters 1"
    assert xz.sweep(plan, tmp_path / "plan", workers=1)["status"].eq("done").all()
    assert xz.status(tmp_path / "plan")["asked"] == {}
