"""Wrong formulas that once passed every test: each is put in place of the right one, and a named case must fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.outcomes import firms, land, money
from sim.outcomes.registry import outcome
from sim.state.province import Province
from tests.outcomes.cases import every_case, misses


def hazard_of_year_two_first(p: Province) -> Any:
    """The hazard of the first year is that of the second."""
    found = firms.hazards(p)
    return found[[1, 1, 2]]


def investment_per_mu_doubled(p: Province) -> float:
    return 2.0 * land.investment_per_mu(p)


def debt_ratio_by_three(p: Province) -> float:
    return money.debt_ratio_end(p) / 3.0


def village_income_of_the_richest(p: Province) -> float:
    return float(p.villages.income.max())


def tax_of_all_quarters(p: Province) -> float:
    return float(p.towns.tax.sum()) / land._in_use(p)


def land_value_turned(p: Province) -> float:
    return -land.land_value(p)


def works_without_infrastructure(p: Province) -> float:
    """Promotion only."""
    return money._paid(p, money.EFFORT_SPENDING)


WRONG: dict[str, tuple[Callable[[Province], Any], str]] = {
    "firm_exit_hazard_y1": (hazard_of_year_two_first, "firms:closures_by_age"),
    "investment_per_mu": (investment_per_mu_doubled, "land:yields"),
    "debt_ratio_end": (debt_ratio_by_three, "money:debt_at_the_end"),
    "village_income_end": (village_income_of_the_richest, "people:villagers"),
    "tax_per_mu": (tax_of_all_quarters, "land:yields"),
    "land_value": (land_value_turned, "land:rewards_and_clawback"),
    "cost_infrastructure": (works_without_infrastructure, "money:who_pays_for_what"),
}
CASES = {case.id: case for case in every_case()}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_formula_fails_the_case_that_names_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, case = WRONG[name]
    assert not misses(CASES[case])
    _, ids = outcome.functions[name]
    monkeypatch.setitem(outcome.functions, name, (wrong, ids))
    assert [line.split(":")[0] for line in misses(CASES[case])] == [f"summary.{name}"]


def test_the_case_tells_what_was_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outcome.functions, "debt_ratio_end", (debt_ratio_by_three, ("debt_ratio_end",)))
    (told,) = misses(CASES["money:debt_at_the_end"])
    assert "0.2 was worked out" in told and "(300 + 500) / (1000 + 3000)" in told


def test_nan_is_never_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outcome.functions, "land_value", (lambda p: float(np.nan), ("land_value",)))
    assert misses(CASES["land:rewards_and_clawback"])
