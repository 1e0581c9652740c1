"""How a town or county is called on a page.

Real names stand in maps and lists of places. Wherever a page, table, figure or screen tells what a town chose or how it
fared it is called by :func:`town`: a neutral label, unless the reader asked for names.
"""

from __future__ import annotations

import numpy as np

from report.blocks import Text, message
from sim.world.types import INDUSTRIES, Geography


def town(places: Geography, site: int, *, names: bool = False) -> Text:
    """What a town is called: its class of industry and its number among the world's sites.

    Args:
        places: The world's places.
        site: Its row.
        names: Call it by its real name, where it has one.
    """
    if names and (known := places.towns.known[site]):
        return known
    return message(f"towns.label.{INDUSTRIES[places.towns.industry[site]]}", n=site + 1)


def county(places: Geography, unit: int, *, names: bool = False) -> Text:
    """What a county is called: its city and its number there, or the name in a county table of the user's own."""
    if names and (known := places.counties.known[unit]):
        return known
    city, name = int(places.counties.prefecture[unit]), places.counties.name[unit]
    if name.isascii():
        return name
    number = int(np.count_nonzero(places.counties.prefecture[: unit + 1] == city))
    return message("towns.unit_of", name=name, city=places.prefectures.name_en[city], number=number)
