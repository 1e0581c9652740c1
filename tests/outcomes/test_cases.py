"""Every worked case comes out as somebody worked it out by hand, and a case that is written wrongly says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.outcomes import COHORT, OUTCOMES, YEARLY
from tests.outcomes.cases import Case, CaseError, every_case, misses, read_cases

CASES = every_case()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_out_as_it_was_worked_out(case: Case) -> None:
    assert not misses(case)


def test_every_outcome_has_a_worked_value() -> None:
    worked = {path[:2] for case in CASES for path, value in case.expected()}
    records = {"summary": OUTCOMES, "yearly": YEARLY, "cohort": COHORT}
    assert not [f"{kind}.{name}" for kind, table in records.items() for name in table if (kind, name) not in worked]


GOOD = '[a]\ntitle = { zh = "一", en = "a" }\nwhy = "1"\ngiven.quarters = 4\n'


def told(tmp_path: Path, text: str) -> CaseError:
    """What is wrong with a file of cases."""
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        for case in read_cases(tmp_path / "mine.toml"):
            misses(case)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "key", "why"),
    [
        ("[a]\nwhy = '1'\nexpect.summary.land_net = 1\n", 1, "a", "needs 'title'"),
        (GOOD + "expekt.summary.land_net = 1\n", 5, "a.expekt", "did you mean expect"),
        (GOOD + "when = 'stat'\nexpect.summary.land_net = 1\n", 5, "a.when", "did you mean state"),
        (GOOD + "expect.summary.land_nett = 1\n", 5, "a.expect.summary.land_nett", "did you mean land_net"),
        (GOOD + "expect.sumary.land_net = 1\n", 5, "a.expect.sumary", "did you mean summary"),
        (GOOD + "expect.summary.land_net = 'lots'\n", 5, "a.expect.summary.land_net", "no number"),
        (GOOD + "expect.summary.land_net = 1\ngiven.town.idle = 1\n", 6, "a.given.town", "there are towns"),
        (GOOD + "expect.summary.land_net = 1\ngiven.towns.idel = 1\n", 6, "a.given.towns.idel", "no such column"),
        (GOOD + "expect.summary.land_net = 1\ngiven.towns.idle = [1, 2, 3]\n", 6, "a.given.towns.idle", "(2,) numbers"),
        (
            GOOD + "expect.summary.land_net = 1\ngiven.towns.core = { 2019Q1 = 1 }\n",
            6,
            "a.given.towns.core.2019Q1",
            "outside",
        ),
        (GOOD + "expect.summary.land_net = 1\ngiven.towns.core = { Q1 = 1 }\n", 6, "a.given.towns.core.Q1", "2016Q3"),
        (
            GOOD + "expect.summary.land_net = 1\ngiven.towns.event = { 2015Q1 = ['fired', ''] }\n",
            6,
            "a.given.towns.event.2015Q1",
            "unknown: fired",
        ),
        (
            GOOD + "expect.summary.land_net = 1\ngiven.money.bribe = { 2015Q1 = 1 }\n",
            6,
            "a.given.money.bribe",
            "no such",
        ),
        (GOOD + "when = 'rule'\nrule = 'sim.nowhere:gini'\nexpect.value = 1\n", 6, "a.rule", "function of the model"),
    ],
)
def test_a_case_written_wrongly_says_where_and_what(tmp_path: Path, text: str, line: int, key: str, why: str) -> None:
    error = told(tmp_path, text)
    assert (error.file, error.key) == ("mine.toml", key) and why in error.why and error.line == line
    assert str(error).startswith(f"mine.toml, line {line}, {key}: ")


def test_a_case_that_is_off_names_value_and_reason(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD + "expect.summary.land_net = 3\n", encoding="utf-8")
    (case,) = read_cases(tmp_path / "mine.toml")
    assert misses(case) == ["summary.land_net: 0.0 where 3.0 was worked out (1)"]
