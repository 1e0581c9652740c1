"""The town sites of a world as a list of places: names, counties, industries, and how sure each is.

It says where towns are and what they make, nothing of what a town chose or how it fared; so names stand in it. Towns of
lists come first, in the order of the lists, and without their numbers: the list is no key to what other pages tell.
"""

from __future__ import annotations

from typing import Any

from report.blocks import Block, Grid, Paragraph, Section, Text, between, message, title
from report.text.language import LANGS
from report.text.spoken import spoken
from report.text.towns import county, prefecture, town
from sim.world.build import build_geography, load_world
from sim.world.facts import ListedTown, WorldFacts
from sim.world.types import INDUSTRIES, SEGMENTS, SEGMENTS_PER_INDUSTRY, Geography

HEADS = ("name", "city", "county", "industry", "sub", "list", "how")


def screen(name: str) -> list[Block]:
    """Every site of a world, and what the list must not be used for."""
    facts = load_world(name)
    places = build_geography(facts)
    return [table(facts, places, every=True), *_sources(facts), not_for()]


def section(facts: WorldFacts) -> list[Block]:
    """The towns of published lists of a world, none where it has none."""
    if not facts.listed:
        return []
    return [table(facts, build_geography(facts), every=False), *_sources(facts)]


def not_for() -> Section:
    """What the tool must not be used for."""
    return Section(message("towns.purpose_title"), [Paragraph(message("towns.purpose"))])


def table(facts: WorldFacts, places: Geography, *, every: bool) -> Grid:
    """The sites of a world.

    Args:
        facts: What its file says.
        places: Its places.
        every: The drawn sites too, not only those of published lists.
    """
    sites = order(places)
    listed = sum(map(bool, places.towns.known))
    told = message("towns.caption", world=title(facts.title), sites=len(places.towns.known), listed=listed)
    return Grid(
        [message(f"towns.heads_{h}") for h in HEADS],
        [_row(facts, places, i) for i in sites[: None if every else listed]],
        told,
        words=True,
    )


def order(places: Geography) -> list[int]:
    """Sites in the order of the list: towns of lists as the lists have them, then drawn ones."""
    listed = places.towns.listed
    return sorted(range(listed.size), key=lambda i: (listed[i] < 0, listed[i] if listed[i] >= 0 else i))


def _row(facts: WorldFacts, places: Geography, site: int) -> list[Text]:
    t = places.towns
    one, industry = int(t.listed[site]), INDUSTRIES[t.industry[site]]
    sub = SEGMENTS[industry][t.segment[site] % SEGMENTS_PER_INDUSTRY]
    made = facts.listed[one].list if one >= 0 else None
    return [
        town(places, site, names=True),
        prefecture(places, int(t.prefecture[site])),
        county(places, int(t.county[site]), names=True),
        message(f"regimes.industry.{industry}"),
        message(f"towns.sub.{industry}.{sub}"),
        message("towns.listed", batch=made.batch, date=made.date) if made else message("towns.drawn_site"),
        between("; ", [message(f"towns.{mark}") for mark in marks(facts.listed[one])]) if one >= 0 else "",
    ]


def marks(listed: ListedTown) -> list[str]:
    """How sure the county of a listed town is, and what of it is drawn."""
    place = "county_drawn" if not listed.county else "assigned" if listed.assigned else "confirmed"
    drawn = "industry_drawn" if listed.industry < 0 else "sub_drawn" if listed.segment < 0 else ""
    return [place, *([drawn] if drawn else [])]


def _sources(facts: WorldFacts) -> list[Block]:
    ids = dict.fromkeys(source for one in facts.listed for source in one.list.source)
    told = [title(facts.sources[one].title) if one in facts.sources else one for one in ids]
    return [Paragraph(message("towns.sources", sources=between("; ", told)))] if told else []


def document(name: str) -> list[dict[str, Any]]:
    """The same as plain data."""
    facts = load_world(name)
    places, found = build_geography(facts), []
    t, units = places.towns, places.counties
    for site in order(places):
        one, industry = int(t.listed[site]), INDUSTRIES[t.industry[site]]
        made = facts.listed[one] if one >= 0 else None
        found.append(
            {
                "name": {lang: spoken(town(places, site, names=True), lang) for lang in LANGS},
                "prefecture": places.prefectures.name_zh[t.prefecture[site]],
                "county": units.known[t.county[site]] or units.name[t.county[site]],
                "industry": industry,
                "sub_industry": SEGMENTS[industry][t.segment[site] % SEGMENTS_PER_INDUSTRY],
                "batch": made.list.batch if made else None,
                "marks": marks(made) if made else ["drawn_site"],
            }
        )
    return found
