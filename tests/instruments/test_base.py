"""Levers, moments and needs are declared; what is declared wrongly is refused before anything runs."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from sim.instruments import INSTRUMENTS, InstrumentError, Policy, find
from sim.instruments.acceptance import Acceptance
from sim.instruments.base import MOMENTS, Instrument, LeverSet, at, check_levers
from sim.instruments.clawback import Clawback
from sim.instruments.target import Target
from sim.schedule import STEPS
from tests.instruments.kit import ZJ, make, small


class Levers(LeverSet):
    """A record of every kind of lever."""

    share: float
    after: int
    active: bool
    base: Literal["granted", "unused"]


GOOD = {"share": (1, 0.5), "after": (4, 4), "active": (True, False), "base": ("granted", "unused")}


def test_a_lever_counts_as_read_when_its_attribute_is_looked_at():
    read: set[str] = set()
    now, later = Levers(GOOD, 0, read), Levers(GOOD, 1, read)
    assert read == set()
    assert (now.share, now.base, later.base) == (1.0, "granted", "unused") and isinstance(now.share, float)
    assert read == {"share", "base"}
    with pytest.raises(AttributeError, match="declares no lever 'shar'"):
        _ = now.shar  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"share": ("half",)}, "lever share has another type"),
        ({"after": (4.5,)}, "lever after has another type"),
        ({"active": (1,)}, "lever active has another type"),
        ({"base": ("granted", "all")}, "lever base has another type; found 'all'"),
        ({"more": (1,)}, "lever more is not declared in the record"),
    ],
)
def test_a_record_and_a_file_that_do_not_agree_are_refused(wrong, says):
    check_levers(Levers, "toy", GOOD)
    with pytest.raises(InstrumentError, match=says):
        check_levers(Levers, "toy", {**GOOD, **wrong})
    with pytest.raises(InstrumentError, match="lever base is not in the instrument's file"):
        check_levers(Levers, "toy", {k: v for k, v in GOOD.items() if k != "base"})


def test_a_moment_that_nobody_calls_is_refused():
    with pytest.raises(InstrumentError, match="did you mean acceptance") as caught:
        at("acceptence")(lambda self, p, now: None)
    assert caught.value.found == "acceptence" and "bulletin" in caught.value.allowed


def test_a_method_called_like_a_moment_must_be_hooked_to_it():
    with pytest.raises(InstrumentError, match="write @at\\('treasury'\\) above it"):

        class Silent(Instrument[Levers]):
            def treasury(self, p: Any, now: Levers) -> None: ...


def test_two_methods_at_one_moment_are_refused():
    with pytest.raises(InstrumentError, match="act at the same moment"):

        class Twice(Instrument[Levers]):
            @at("pay")
            def one(self, p: Any, now: Levers) -> None: ...

            @at("pay")
            def two(self, p: Any, now: Levers) -> None: ...


def test_whom_an_instrument_asks_it_declares_to_need():
    policy = make(small(ZJ, 1)).policy
    assert policy.clawback.ask(Target) is policy.target
    with pytest.raises(InstrumentError, match="clawback: asks acceptance and does not declare it"):
        policy.clawback.ask(Acceptance)


def test_needs_are_met_and_go_round_in_no_circle():
    placed: set[type] = set()
    left = list(INSTRUMENTS)
    while left:
        ready = [kind for kind in left if set(kind.needs) <= placed]
        assert ready, f"a circle among {[kind.id for kind in left]}"
        placed |= set(ready)
        left = [kind for kind in left if kind not in placed]
    with pytest.raises(InstrumentError, match="clawback: needs land_reward, which is not among the instruments"):
        find([Clawback.__module__])


def test_every_moment_is_called_once_in_the_fourth_quarter_by_its_step(monkeypatch):
    seen: list[tuple[str, str]] = []
    called = Policy.moment

    def note(self: Policy, name: str, p: Any) -> None:
        seen.append((p.money.step, name))
        called(self, name, p)

    monkeypatch.setattr(Policy, "moment", note)
    p = make(small(ZJ, 4))
    for _ in range(4):
        seen.clear()
        p.step()
    assert sorted(seen) == sorted((step.name, moment) for step in STEPS for moment in step.moments)
    assert {moment for _, moment in seen} == set(MOMENTS)
