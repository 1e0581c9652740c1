"""How a town or county is called on a page.

Real names stand in maps and lists of places. Wherever a page, table, figure or screen tells what a town chose or how it
fared it is called by :func:`town`: a neutral label, unless the reader asked for names.
"""

from __future__ import annotations

import numpy as np

from report.blocks import Text, message, title
from report.text.language import LANGS
from report.text.spoken import spoken
from sim.world.types import INDUSTRIES, Geography


def town(places: Geography, site: int, *, names: bool = False) -> Text:
    """What a town is called.

    Args:
        places: The world's places.
        site: Its row.
        names: Call it by its real name, where it has one.
    """
    return called(INDUSTRIES[places.towns.industry[site]], site, places.towns.known[site] if names else "")


def called(industry: str, site: int, name: str = "") -> Text:
    """The same for a row of a table: its class of industry and its number among the world's sites, or its name."""
    return name or message(f"towns.label.{industry}", n=site + 1)


def columns(label: Text) -> dict[str, str]:
    """A label as columns of a table, one for each language."""
    return {f"town_{lang}": spoken(label, lang) for lang in LANGS}


def county(places: Geography, unit: int, *, names: bool = False) -> Text:
    """What a county is called: its city and its number there, or its real name where the reader asked for names."""
    if names and (known := places.counties.known[unit]):
        return known
    if (given := places.counties.name[unit]).isascii():
        return given
    city = int(places.counties.prefecture[unit])
    number = int(np.count_nonzero(places.counties.prefecture[: unit + 1] == city))
    return message("towns.unit_of", city=prefecture(places, city), number=number)


def prefecture(places: Geography, city: int) -> Text:
    """What a prefecture is called, which is never hidden."""
    return title({"zh": places.prefectures.name_zh[city], "en": places.prefectures.name_en[city]})
