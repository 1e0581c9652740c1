"""Each outcome is declared once: a record, a function, and the places where it is shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import scenarios
from sim.outcomes import COHORT, OUTCOMES, YEARLY, records, registry
from sim.outcomes.records import Outcome, OutcomeError, as_stored, ranked, read, shown_in
from sim.outcomes.registry import Registry, cohort, outcome, stock, yearly

WORDS = {"zh": "一", "en": "one"}
P: Any = SimpleNamespace()


def record(name: str, **more: Any) -> Outcome:
    return Outcome(name, WORDS, "ratio", WORDS, WORDS, "summary", 0, WORDS, **more)


def one(*names: str) -> Registry:
    return Registry("summary", {name: record(name) for name in names})


def test_every_record_has_a_function_and_every_function_a_record() -> None:
    registry.check_complete()
    assert set(outcome.functions) == set(OUTCOMES) and set(cohort.functions) == set(COHORT)
    assert set(yearly.functions) | set(stock.functions) == set(YEARLY)
    assert not set(yearly.functions) & set(stock.functions)


def test_a_record_without_a_function_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outcome.records, "land_gross", record("land_gross"))
    with pytest.raises(OutcomeError, match=r"without a function.*summary\.land_gross"):
        registry.check_complete()


def test_a_function_without_a_record_is_refused() -> None:
    def land_gross(p: Any) -> float:
        return 0.0

    with pytest.raises(OutcomeError, match=r"land_gross gives summary\.land_gross, which outcomes\.toml does not have"):
        one("land_net")(land_gross)


def test_two_functions_of_one_outcome_are_refused() -> None:
    made = one("land_net")
    made("land_net")(lambda p: 1.0)
    with pytest.raises(OutcomeError, match="has two functions"):
        made("land_net")(lambda p: 2.0)


def test_an_outcome_both_noted_and_computed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(yearly.functions, "debt", (lambda p: [], ("debt",)))
    with pytest.raises(OutcomeError, match=r"yearly\.debt"):
        registry.check_complete()


def test_values_come_in_the_order_of_the_records_and_each_function_is_called_once() -> None:
    made, calls = one("a", "b", "c"), []

    @made("c", "a")
    def ends(p: Any) -> list[float]:
        calls.append(p)
        return [3.0, 1.0]

    @made
    def b(p: Any) -> float:
        return 2.0

    assert list(made.values(P).items()) == [("a", 1.0), ("b", 2.0), ("c", 3.0)] and len(calls) == 1


def test_too_few_values_are_refused() -> None:
    made = one("a", "b")
    made("a", "b")(lambda p: [1.0])
    with pytest.raises(OutcomeError, match="gives 1 values for 2 outcomes"):
        made.values(P)


def test_a_new_outcome_is_shown_where_its_record_says() -> None:
    """Its record in the file is all that a place needs."""
    text = (scenarios.ROOT / "outcomes.toml").read_text("utf-8")
    place = "[summary.completion_own]"
    mine = text[text.index(place) : text.index("[summary.completion_reported]")]
    mine = mine.replace("completion_own", "completion_twice").replace("main = 2", "main = 1.5, cost = 99")
    new = text.replace(place, mine + place)
    main, cost = (ranked(read(new)["summary"], place) for place in ("main", "cost"))
    assert main[:3] == ("completion_common", "completion_twice", "completion_own") and cost[-1] == "completion_twice"
    assert tuple(name for name in main if name != "completion_twice") == shown_in("main")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("shown = { mian = 1 }", "no place 'mian'"),
        ('heads = "nothing"', "no place 'nothing'"),
        ('tittle = "x"', "tittle"),
    ],
)
def test_a_record_written_wrongly_is_refused(line: str, told: str) -> None:
    text = (scenarios.ROOT / "outcomes.toml").read_text("utf-8")
    wrong = text.replace("[summary.completion_reported]\n", f"[summary.completion_reported]\n{line}\n")
    with pytest.raises(OutcomeError, match=rf"summary\.completion_reported.*{told}"):
        read(wrong)


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(OutcomeError, match="places are main, lead"):
        shown_in("mian")


def test_every_place_shows_something_and_every_theme_has_its_headline() -> None:
    places = records.read((scenarios.ROOT / "outcomes.toml").read_text("utf-8"))["place"]
    assert all(shown_in(place) for place in places)
    assert all(theme.outcomes and theme.headline.heads == theme.id for theme in records.THEMES.values())
    assert {r.top for r in records.RATIOS.values()} | {r.below for r in records.RATIOS.values()} <= set(OUTCOMES)


def test_a_theme_has_one_headline() -> None:
    assert records._theme("completion", {"title": WORDS}).headline.id == "completion_common"
    with pytest.raises(OutcomeError, match=r"theme\.nothing: one outcome heads it, not 0"):
        records._theme("nothing", {"title": WORDS})


def test_shares_follow_from_the_unit() -> None:
    assert OUTCOMES["town_exit_rate"].is_share and OUTCOMES["town_exit_rate"].within_one
    assert OUTCOMES["debt_ratio_end"].is_share and not OUTCOMES["debt_ratio_end"].within_one
    assert not OUTCOMES["land_net"].is_share and not OUTCOMES["land_net"].within_one


def test_a_stored_outcome_keeps_its_words_and_takes_todays_places() -> None:
    made = as_stored("summary", "debt_ratio_end", title=WORDS)
    assert made.title == WORDS and not made.within_one and made.unit == "ratio"
    gone = as_stored("summary", "no_longer", title=WORDS, unit="mu", population=WORDS, window=WORDS, better=0,
                     definition=WORDS)  # fmt: skip
    assert gone.id == "no_longer" and not gone.shown
