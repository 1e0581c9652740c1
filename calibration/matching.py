"""Which predicted row an observation speaks of: by its id, else by quantity, region and period.

Names are compared as they are, but for case, marks, spaces and remarks in brackets: a guess would score the wrong row.
One thing is forgiven: where a quantity is predicted in a region for one period only, the period may be written in any
way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration.observations import Observation, ObservationError, Predicted
from calibration.predictands import Row, row_by_id
from sim.parameters.errors import nearest


@dataclass(frozen=True, slots=True)
class Match:
    """An observation with the prediction it is scored against.

    Attributes:
        observation, predicted: The two.
        row: What the product knows of the predicted row; None for a row of a file that other definitions wrote.
        by: "id", "name" (quantity, region, period) or "quantity" (and region; it has one period only).
    """

    observation: Observation
    predicted: Predicted
    row: Row | None
    by: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An observation that nothing is predicted for.

    Attributes:
        observation: The row of the table.
        reason: "quantity" (no such quantity), "region" or "period" (the quantity, but not there or then), "names" (no
            id known and no names given), "taken" (another observation is scored against the same row).
        near: Id or name of what may have been meant, "" where nothing is near.
    """

    observation: Observation
    reason: str
    near: str


def plain(text: str) -> str:
    """A name without case, spaces at the ends, marks and remarks in brackets."""
    bare = re.sub(r"[(（].*?[)）]", " ", text).casefold()
    return " ".join(re.sub(r"[\s,;:，；：、\-–_]+", " ", bare).split())


def place(text: str) -> str:
    """A region's name; a province may be called by its name alone."""
    return re.sub(r"( province|省)$", "", plain(text))


def time(text: str) -> str:
    """A period's name: "2018 H1" and 2018年上半年 are the same."""
    bare = plain(text).replace(" ", "").replace("年", "").replace("季度", "")
    return bare.replace("上半", "h1").replace("下半", "h2")


def match(
    observations: Sequence[Observation], predictions: Mapping[str, Predicted]
) -> tuple[list[Match], list[Unmatched]]:
    """Find the prediction of every observation.

    Raises:
        ObservationError: An observation has another unit than what it is to be scored against.
    """
    names = _index(predictions)
    found: list[Match] = []
    rest: list[Unmatched] = []
    taken: set[str] = set()
    known = row_by_id()
    for one in observations:
        target, by = (one.id, "id") if one.id in predictions else _named(one, names)
        if target is None:
            rest.append(_unmatched(one, names, predictions))
        elif target in taken:
            rest.append(Unmatched(one, "taken", target))
        else:
            taken.add(target)
            _same_unit(one, predictions[target])
            found.append(Match(one, predictions[target], known.get(target), by))
    return found, rest


def _named(one: Observation, names: Mapping[tuple[str, str, str], str]) -> tuple[str | None, str]:
    quantity, region, period = plain(one.quantity), place(one.region), time(one.period)
    if (quantity, region, period) in names:
        return names[quantity, region, period], "name"
    there = {name for key, name in names.items() if key[:2] == (quantity, region)}
    return (there.pop(), "quantity") if len(there) == 1 else (None, "")


def _same_unit(one: Observation, predicted: Predicted) -> None:
    if one.unit and one.unit != predicted.unit:
        raise ObservationError("other_unit", line=one.line, key=one.id, found=one.unit, allowed=predicted.unit)


def _index(predictions: Mapping[str, Predicted]) -> dict[tuple[str, str, str], str]:
    """Ids by every way to name them; where several rows have one name the first stands."""
    found: dict[tuple[str, str, str], str] = {}
    known = row_by_id()
    for name, predicted in predictions.items():
        row = known.get(name)
        words = {predicted.quantity} | ({*row.also, row.title.zh, row.title.en} if row else set())
        regions = {predicted.region} | ({row.region.zh, row.region.en} if row else set())
        for word in words:
            for region in regions:
                found.setdefault((plain(word), place(region), time(predicted.period)), name)
    return found


def _unmatched(
    one: Observation, names: Mapping[tuple[str, str, str], str], predictions: Mapping[str, Predicted]
) -> Unmatched:
    wanted = plain(one.quantity), place(one.region), time(one.period)
    if not wanted[0]:
        return Unmatched(one, "names", nearest(one.id, predictions))
    same = [key for key in names if key[0] == wanted[0]]
    if not same:
        return Unmatched(one, "quantity", nearest(wanted[0], sorted({key[0] for key in names})))
    there = [key for key in same if key[1] == wanted[1]]
    if not there:
        return Unmatched(one, "region", nearest(wanted[1], sorted({key[1] for key in same})))
    return Unmatched(one, "period", nearest(wanted[2], sorted({key[2] for key in there})))
