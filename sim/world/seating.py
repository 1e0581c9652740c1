"""Real names and places for the drawn counties of a world that knows its county-level units.

What is published of a unit (name, prefecture, centre, being a district or an island, land grade, being on the list of
poorer counties) is the unit's own; what is drawn (residents, shares, wealth) is matched to it by rank: within each
prefecture the wealthier of the drawn districts is the district of the dearer land.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engine.draws import Draws
from sim.world.counties import CountyTable
from sim.world.county_file import listed_as
from sim.world.facts import WorldFacts
from sim.world.layout import Plane, lay_out
from sim.world.networks import unique_edges
from sim.world.types import Floats, Ints


def seated(facts: WorldFacts, table: CountyTable, wealth: Floats, draws: Draws) -> CountyTable:
    """The drawn counties under the names and at the places of the world's units; unchanged where it knows none.

    Args:
        facts: The world's facts.
        table: The counties as drawn.
        wealth: From :func:`sim.world.geography.wealth_scores`.
        draws: The world's own draws.
    """
    seats = facts.province.seats
    if not all(seats):
        return table
    known = np.empty(table.key.size, dtype=object)
    island = np.zeros(table.key.size, dtype=bool)
    for p in range(len(seats)):
        members = np.flatnonzero(table.prefecture == p)
        first, last = int(facts.province.districts[p]), members.size - int(facts.province.islands[p])
        island[members[last:]] = True
        names = list(seats[p])
        for part in (slice(0, first), slice(first, last), slice(last, None)):
            known[members[part]] = _matched(facts, p, names[part], members[part], wealth)
    places = [seats[p][name] for p, name in zip(table.prefecture, known, strict=True)]
    at = Plane(facts).place(np.array([lon for lon, _ in places]), np.array([lat for _, lat in places]))
    layout = lay_out(facts, table.key, table.prefecture, table.district, island, draws, at)
    edges = unique_edges(layout.edges)
    return replace(table, known=tuple(known), x=layout.x, y=layout.y, area=layout.area, edges=edges)


def _matched(facts: WorldFacts, p: int, names: list[str], members: Ints, wealth: Floats) -> list[str]:
    """Names in the order of the drawn counties: the richest has the dearest land and is the last to be poor.

    Where no grades are listed by name nothing says which is richer, and they stay in the order of the file.
    """
    grades, poor = facts.province.land_grades[p], facts.province.poor_counties[p]
    if not grades:
        return names

    def standing(name: str) -> tuple[bool, int]:
        return listed_as(name, poor) is not None, grades[listed_as(name, grades) or ""]

    dearest = sorted(names, key=standing)
    richest = np.argsort(-wealth[members], kind="stable")
    out = [""] * len(names)
    for name, place in zip(dearest, richest, strict=True):
        out[int(place)] = name
    return out
