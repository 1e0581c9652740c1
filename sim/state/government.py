"""Which treasury is which: the governments that a document names, and the accounts that they have in a world.

A world is governed by one authority (``[world] level``): a province, a city or a district. The books always hold three
tiers of government, of which the lowest chooses strategies for its towns:

============ ================== ================== ==================
level        tier PROVINCE      tier PREFECTURE    tier COUNTY
============ ================== ================== ==================
province     the province       prefectures        counties
city         the province       the city           counties
district     province and city  the district       townships
============ ================== ================== ==================

A lever says who pays by the name that the document uses (``province``, ``prefecture``, ``county``, ``township``); the
table gives the account, so that "the county pays" means the district itself in a district. What the regime's own
government does (rebates, land rewards, clawbacks, events) is on the account of the authority.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.state.books import Kind
from sim.state.province import Province

AUTHORITY: Mapping[str, Kind] = {
    "province": Kind.PROVINCE,
    "city": Kind.PREFECTURE,
    "district": Kind.PREFECTURE,
}
"""Tier of the authority, by level of the world."""

_ABOVE = {"province": Kind.PROVINCE, "prefecture": Kind.PREFECTURE, "county": Kind.COUNTY, "township": Kind.TOWN}
TIERS: Mapping[str, Mapping[str, Kind]] = {
    "province": _ABOVE,
    "city": _ABOVE,
    "district": {
        "province": Kind.PROVINCE,
        "prefecture": Kind.PROVINCE,
        "county": Kind.PREFECTURE,
        "township": Kind.COUNTY,
    },
}
"""Tier of each named government, by level of the world; a township above district level is the town's own account."""


def kind_of(p: Province, name: str) -> Kind:
    """Tier of a government: ``authority``, or one by its name in the documents."""
    level = p.places.facts.level
    return AUTHORITY[level] if name == "authority" else TIERS[level][name]


def authority(p: Province) -> NDArray[np.int64]:
    """Account of the government that sets the programme, shape (1,)."""
    return p.books.chart.of(kind_of(p, "authority"))


def account(p: Province, name: str) -> NDArray[np.int64]:
    """Account of a named government for each town, shape (T,)."""
    kind = kind_of(p, name)
    if kind == Kind.COUNTY:
        return p.books.county_account
    if kind == Kind.PREFECTURE:
        return p.books.prefecture_account
    return np.broadcast_to(p.books.chart.of(kind), (p.towns.size,))
