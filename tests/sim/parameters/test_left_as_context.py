"""What stays context in Zhejiang acts in its other meanings, and why it is not the default."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters.readings import standing
from sim.state.town import Status
from tests.worlds import library, make, play

ZJ = "zhejiang_2015"


def test_published_towns_share_sub_industries_so_no_limit_of_one_holds():
    """ZJ-ELIG-2 (S3 L29, L273): 不能“百镇一面”…细分领域、错位发展. Towns of one sub-industry are on the lists."""
    towns = [town for made in library().worlds["zhejiang"].data["list"] for town in made["towns"]]
    told = [(town["industry"], town["sub"]) for town in towns if town.get("sub")]
    assert (len(towns), len(told), len(set(told))) == (79, 72, 46)


@pytest.mark.parametrize(("meaning", "second"), [("fine", 42), ("listed", 20)])
def test_as_a_limit_different_segments_would_leave_places_empty(meaning: str, second: int):
    """ZJ-ELIG-2 as a limit (D-92): one a sub-industry cannot fill the second batch, one a finer class the third."""
    found = standing(library(), "D-92", ZJ)
    assert found is not None and found.taken == ("wish",)
    sets = {one.alternative: dict(one.levers) for one in found.variants}[meaning]
    history = play(make(library().resolve(ZJ, quarters=12, levers=sets))).towns.status_history
    entered = [(np.diff((history[t - 1 : t + 1] == Status.CREATION).astype(int), axis=0) > 0).sum() for t in (4, 10)]
    assert entered[0] <= second and entered[1] < 25


@pytest.mark.parametrize(
    ("reading", "meaning", "lever", "like"),
    [
        ("D-93", "third", "approval.days", "zhejiang_2015_shengzhou"),
        ("D-93", "yiwu", "approval.days", "zhejiang_2015_yiwu"),
        ("D-94", "panyu", "approval.registration", "panyu_2019"),
    ],
)
def test_fewer_steps_and_easier_registration_are_tried_at_strengths_that_act_elsewhere(
    reading: str, meaning: str, lever: str, like: str
):
    """ZJ-APPR-1, ZJ-APPR-2 (S3 L35): 集群化住所登记; 削减审批环节,提供全程代办. The sentence has no number."""
    found = standing(library(), reading, ZJ)
    assert found is not None and found.taken == ("usual",)
    sets = {one.alternative: dict(one.levers) for one in found.variants}[meaning]
    there = next(one.value for one in library().regimes[like].values if one.lever == lever)
    assert sets == {lever: there}
