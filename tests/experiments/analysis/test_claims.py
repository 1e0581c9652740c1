"""What a page may say of a difference."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.analysis.claims import Claim, _standing
from experiments.analysis.estimates.contrasts import holm, paired


@pytest.mark.parametrize(("n", "tier"), [(2, "open"), (5, "open"), (12, "stands")])
def test_a_difference_equal_in_every_run_stands_only_when_there_are_runs_enough(n, tier):
    contrast = holm({"a": paired([1.5] * n, [1.0] * n)})["a"]
    group: Any = None
    claim = Claim(group, "a", contrast, _standing(contrast))
    assert (claim.standing, claim.tier) == ("fixed", tier)


def test_no_difference_in_any_run_is_none_however_few_there_are():
    contrast = holm({"a": paired([1.0, 2.0], [1.0, 2.0])})["a"]
    group: Any = None
    assert Claim(group, "a", contrast, _standing(contrast)).tier == "same"
