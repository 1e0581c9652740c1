"""Records of the outcomes, ``scenarios/outcomes.toml``: what each is called, over whom, and where it is shown.

Whoever shows outcomes asks for those of a place: ``shown_in("main")``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import scenarios

SHARE_UNITS = frozenset({"ratio", "share", "percent", "hazard", "per_year"})
"""Units of shares, which are printed as per cent."""


class OutcomeError(ValueError):
    """A record or a function of an outcome is at fault: unknown, double, or without its counterpart."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome.

    Attributes:
        id: Column name.
        title: Chinese and English.
        unit: Unit id of ``scenarios/units.toml``.
        population: Over whom.
        window: Over which time.
        kind: "summary" (one number a run), "yearly" or "cohort" (by listing year).
        better: +1 when more is better, -1 when less is, 0 when neither.
        definition: How it is computed.
        shown: Where it is shown, and its rank there; places are those of the file's table ``place``, and themes.
        heads: Theme whose figure it heads, "" for none.
        by_level: Told as it is, not as a difference, where regimes are compared by rows.
        bounded: Lies between 0 and 1; told only of shares that may leave these bounds (false).
        site_of: The total that this outcome counts by site, "" for none.
        threshold: Difference that matters, in its unit; None where none is declared.
    """

    id: str
    title: Mapping[str, str]
    unit: str
    population: Mapping[str, str]
    window: Mapping[str, str]
    kind: str
    better: int
    definition: Mapping[str, str]
    shown: Mapping[str, float] = field(default_factory=dict, compare=False)
    heads: str = ""
    by_level: bool = False
    bounded: bool = True
    site_of: str = ""
    threshold: float | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is printed as per cent."""
        return self.unit in SHARE_UNITS

    @property
    def within_one(self) -> bool:
        """Whether it is a share of something, so that its mean has bounds at 0 and 1."""
        return self.is_share and self.bounded


@dataclass(frozen=True, slots=True)
class Theme:
    """A figure of yearly outcomes that belong together.

    Attributes:
        id: Name of the figure.
        title: Chinese and English.
        headline: What its title tells: an outcome of the whole run, or the average year of a yearly one.
        outcomes: Its yearly outcomes, in order.
    """

    id: str
    title: Mapping[str, str]
    headline: Outcome
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two paired differences.

    Attributes:
        id: Name.
        top, below: Outcomes whose differences are divided.
        unit: Unit id.
        title: Chinese and English.
    """

    id: str
    top: str
    below: str
    unit: str
    title: Mapping[str, str]


def read(text: str) -> dict[str, dict[str, Any]]:
    """The tables of ``outcomes.toml``, with a record for each outcome.

    Raises:
        OutcomeError: A record has a key it must not have, lacks one, or is shown in an unknown place.
    """
    table: dict[str, dict[str, Any]] = tomllib.loads(text)
    places = {*table.get("place", {}), *table.get("theme", {})}
    for kind in ("summary", "yearly", "cohort"):
        table[kind] = {name: _record(name, kind, row, places) for name, row in table.get(kind, {}).items()}
    return table


def _record(name: str, kind: str, row: Mapping[str, Any], places: set[str]) -> Outcome:
    where = f"outcomes.toml, {kind}.{name}"
    try:
        made = Outcome(id=name, kind=kind, **row)
    except TypeError as error:
        raise OutcomeError(f"{where}: {error}") from None
    for place in (*made.shown, *([made.heads] if made.heads else [])):
        if place not in places:
            raise OutcomeError(f"{where}: there is no place {place!r}; places are {', '.join(sorted(places))}")
    return made


_TABLE = read((scenarios.ROOT / "outcomes.toml").read_text("utf-8"))

OUTCOMES: Mapping[str, Outcome] = _TABLE["summary"]
"""One number a run."""
YEARLY: Mapping[str, Outcome] = _TABLE["yearly"]
"""One number a calendar year."""
COHORT: Mapping[str, Outcome] = _TABLE["cohort"]
"""One number a listing year."""
RATIOS: Mapping[str, Ratio] = {name: Ratio(id=name, **row) for name, row in _TABLE["ratio"].items()}
"""Ratios of paired differences."""


def ranked(outcomes: Mapping[str, Outcome], place: str) -> tuple[str, ...]:
    """Ids of the outcomes that are shown in a place, by rank; equal ranks in the order of the records."""
    return tuple(sorted((o.id for o in outcomes.values() if place in o.shown), key=lambda i: outcomes[i].shown[place]))


def shown_in(place: str) -> tuple[str, ...]:
    """Ids of the outcomes of a whole run that are shown in a place, in order.

    Raises:
        OutcomeError: The table ``place`` of ``outcomes.toml`` does not name the place.
    """
    if place not in _TABLE["place"]:
        raise OutcomeError(f"there is no place {place!r}; places are {', '.join(_TABLE['place'])}")
    return ranked(OUTCOMES, place)


SAME_TEST: Mapping[str, str] = {
    name: o.site_of for name, o in OUTCOMES.items() if o.site_of and "by_site" not in o.shown
}
"""Main outcomes over the number of sites of their world: no tests of their own, for both sides have the same sites."""


def as_stored(kind: str, name: str, **said: Any) -> Outcome:
    """An outcome as a stored result tells it; where it is shown and its bounds are those of today's record."""
    known = {"summary": OUTCOMES, "yearly": YEARLY}.get(kind, {}).get(name)
    return replace(known, **said) if known else Outcome(id=name, kind=kind, **said)


def _theme(name: str, row: Mapping[str, Any]) -> Theme:
    heads = [o for group in (OUTCOMES, YEARLY) for o in group.values() if o.heads == name]
    if len(heads) != 1:
        raise OutcomeError(f"outcomes.toml, theme.{name}: one outcome heads it, not {len(heads)}")
    return Theme(name, row["title"], heads[0], ranked(YEARLY, name))


THEMES: Mapping[str, Theme] = {name: _theme(name, row) for name, row in _TABLE["theme"].items()}
"""Figures of yearly outcomes, in order."""
