"""Procedures of the provinces (S3 L335-511) say what their sentences say, and nothing of a neighbour's."""

from __future__ import annotations

import numpy as np
import pytest

from sim.run import RunSpec, run
from tests import worlds


def lever(regime: str, key: str, quarters: int = 24) -> tuple[object, ...]:
    """Values of a lever from the quarter in which a regime takes effect."""
    made = worlds.library().resolve(regime, effective="2015Q2", quarters=quarters)
    return tuple(made.levers[key][made.effective_index :])


def test_liaoning_reviews_in_batches():
    """LN-PROC-2, S3 L413: the second step is review in batches (分批审核)."""
    assert sum(places > 0 for places in lever("liaoning", "call.creation_places")) > 1
    scenario = worlds.library().resolve("liaoning", world="liaoning", quarters=16)
    towns = run(RunSpec(scenario, tables=("towns",))).tables["towns"]
    at = towns["listed_at"]
    assert np.unique(at[at >= 0]).size > 1, "all towns of Liaoning are listed at once"


@pytest.mark.parametrize("key", ["call.cultivation_places", "list.cultivation_exit_after"])
def test_hebei_has_no_cultivation_list(key):
    """HE-PROC-2, HE-PROC-4, S3 L487-499: batches of the creation list (分批公布创建名单); nothing is cultivated."""
    inert = worlds.library().levers[key].inert
    assert set(lever("hebei", key)) == {inert}


def test_hebei_lists_in_batches():
    """HE-PROC-2, S3 L493: the province publishes the creation list in batches."""
    assert sum(places > 0 for places in lever("hebei", "call.creation_places")) > 1
