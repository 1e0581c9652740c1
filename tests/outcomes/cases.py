"""Worked cases, ``scenarios/cases/*.toml``: a state, what is done with it, and the values that somebody worked out.

See ``scenarios/cases/README.md`` for how to write one.
"""

from __future__ import annotations

import ast
import importlib
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

import scenarios
from sim.outcomes import COHORT, OUTCOMES, YEARLY
from sim.outcomes.registry import by_calendar_year, cohorts, outcome
from sim.outcomes.windows import years
from sim.parameters.read import Document, read_document
from sim.run import RunSpec, collect
from tests import worlds
from tests.outcomes.hand_made import Misfit, hand_made

FOLDER = scenarios.ROOT / "cases"
KEYS = ("title", "why", "given", "when", "rule", "expect", "tolerance")
WAYS = ("state", "run", "rule")
KINDS = {"summary": OUTCOMES, "yearly": YEARLY, "cohort": COHORT}
TOLERANCE = 1e-9
"""Relative difference that is none, where a case does not say."""


class CaseError(ValueError):
    """A case that cannot be read; ``str`` tells file, line, key and what is wrong."""

    def __init__(self, document: Document, path: tuple[str, ...], why: str) -> None:
        self.file, self.line, self.key, self.why = document.file, document.line(path), ".".join(path), why
        super().__init__(f"{self.file}, line {self.line}, {self.key}: {why}")


@dataclass(frozen=True)
class Case:
    """One worked case.

    Attributes:
        id: File and name.
        path: Where it stands in its file.
        document: Its file.
        record: What is written.
    """

    id: str
    path: tuple[str, ...]
    document: Document
    record: Mapping[str, Any]

    def error(self, why: str, *key: str) -> CaseError:
        """An error about this case, or about a key in it."""
        return CaseError(self.document, (*self.path, *key), why)

    def expected(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every expected value with its path: ("summary", "land_net").

        Raises:
            CaseError: Something else than a number, a sum of numbers as text, or a list of them.
        """
        for path, value in _leaves(self.record["expect"]):
            try:
                yield path, [worked_out(v) for v in value] if isinstance(value, list) else worked_out(value)
            except (ValueError, SyntaxError, ZeroDivisionError):
                raise self.error(f"{value!r} is no number and no sum such as '(3 + 1) / 8'", "expect", *path) from None


OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


def worked_out(value: Any) -> float:
    """A number, or the result of a sum written out as text: ``"(3 + 1) / 8"``.

    Raises:
        ValueError, SyntaxError, ZeroDivisionError: It is neither.
    """
    if isinstance(value, str):
        return _worth(ast.parse(value.strip(), mode="eval").body)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    return float(value)


def _worth(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_worth(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_worth(node.left), _worth(node.right))
    raise ValueError(ast.unparse(node))


def _leaves(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def read_cases(path: Path) -> list[Case]:
    """The cases of a file.

    Raises:
        sim.parameters.errors.InputError: The file cannot be read as TOML.
        CaseError: A case lacks something, or has what no case has.
    """
    document = read_document(path, path.name)
    found = [Case(f"{path.stem}:{name}", (name,), document, record) for name, record in document.data.items()]
    for case in found:
        _check(case)
    return found


def _check(case: Case) -> None:
    if not isinstance(case.record, Mapping):
        raise case.error("a case is a table: [name]")
    for key in case.record:
        if key not in KEYS:
            raise case.error(f"a case has no {key!r}; it has {', '.join(KEYS)}{_meant(key, KEYS)}", key)
    for key in ("title", "why", "expect"):
        if key not in case.record:
            raise case.error(f"a case needs {key!r}")
    if not isinstance(case.record["title"], Mapping) or set(case.record["title"]) != {"zh", "en"}:
        raise case.error("the title is { zh = ..., en = ... }", "title")
    way = case.record.get("when", "state")
    if way not in WAYS:
        raise case.error(f"when is one of {', '.join(WAYS)}{_meant(str(way), WAYS)}", "when")
    if way != "rule":
        for path, _ in case.expected():
            _check_outcome(case, path)


def _check_outcome(case: Case, path: tuple[str, ...]) -> None:
    kind = path[0]
    if kind not in KINDS:
        raise case.error(f"outcomes are {', '.join(KINDS)}{_meant(kind, KINDS)}", "expect", kind)
    if len(path) < 2 or path[1] not in KINDS[kind]:
        name = path[1] if len(path) > 1 else ""
        raise case.error(f"no {kind} outcome is called {name!r}{_meant(name, KINDS[kind])}", "expect", *path)


def _meant(word: str, known: Any) -> str:
    near = get_close_matches(word, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def every_case() -> list[Case]:
    """All cases of the product."""
    return [case for path in sorted(FOLDER.glob("*.toml")) for case in read_cases(path)]


def find(case: Case) -> dict[tuple[str, ...], Any]:
    """What the product gives, for every value that the case expects.

    Raises:
        CaseError: What is given does not fit.
    """
    given = case.record.get("given", {})
    way = case.record.get("when", "state")
    wanted = [path for path, _ in case.expected()]
    if way == "rule":
        value = _rule(case)(**{k: np.array(v) if isinstance(v, list) else v for k, v in given.items()})
        return {path: value if path == ("value",) else getattr(value, path[0]) for path in wanted}
    if way == "run":
        return _after_run(given, wanted)
    try:
        made = hand_made(given)
    except Misfit as error:
        raise case.error(str(error), "given", *error.key) from None
    p, found = made.province, {}
    late = {path[0] for path in wanted}
    by_year = by_calendar_year(p, made.observer) if "yearly" in late else {}
    by_cohort = cohorts(p) if "cohort" in late else {}
    for path in wanted:
        if path[0] == "summary":
            found[path] = _one(outcome.functions[path[1]], path[1], p)
        elif path[0] == "yearly":
            found[path] = by_year[path[1]] if len(path) == 2 else by_year[path[1]][years(p).index(int(path[2]))]
        else:
            found[path] = by_cohort[path[2]][path[1]]
    return found


def _one(registered: tuple[Any, tuple[str, ...]], name: str, p: Any) -> float:
    """One outcome; others of the state need not be defined."""
    function, ids = registered
    return function(p) if len(ids) == 1 else function(p)[ids.index(name)]


def _after_run(given: Mapping[str, Any], wanted: list[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
    made = worlds.library().resolve(**{"regime": "null", "quarters": 8, **given})
    result = collect(worlds.make(made, small=True), RunSpec(made))
    tables = {"summary": result.summary, "yearly": result.yearly}
    return {
        path: result.cohorts[path[2]][path[1]] if path[0] == "cohort" else tables[path[0]][path[1]] for path in wanted
    }


def _rule(case: Case) -> Any:
    module, _, name = str(case.record.get("rule", "")).partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise case.error("rule is a function of the model, such as sim.outcomes.arithmetic:gini", "rule") from None


def misses(case: Case) -> list[str]:
    """Expected values that the product does not give, in words; nothing when it gives all."""
    tolerance = float(case.record.get("tolerance", TOLERANCE))
    found = find(case)
    return [
        f"{'.'.join(path)}: {found[path]} where {value} was worked out ({case.record['why']})"
        for path, value in case.expected()
        if not close(found[path], value, tolerance)
    ]


def close(found: Any, expected: Any, tolerance: float) -> bool:
    """Whether a number, or every number of a list, is the expected one; nan is nan."""
    a, b = np.atleast_1d(np.asarray(found, dtype=float)), np.atleast_1d(np.asarray(expected, dtype=float))
    return a.shape == b.shape and all(
        (math.isnan(x) and math.isnan(y)) or math.isclose(x, y, rel_tol=tolerance, abs_tol=tolerance)
        for x, y in zip(a.flat, b.flat, strict=True)
    )
