"""The books: what may be posted, what stops the run, and what the stop says."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.ledger import REASONS, Chart, Ledger, LedgerError
from sim.instruments import INSTRUMENTS, Policy
from sim.instruments.base import Instrument, LeverSet, at
from sim.state.books import Kind
from tests.worlds import REGIMES, make, play, played, scenario

SIZES = {Kind.PREFECTURE: 2, Kind.COUNTY: 3, Kind.TOWN: 4, Kind.ENTERPRISE: 4, Kind.HOUSEHOLD: 4, Kind.VILLAGE: 5}
CHART = Chart(Kind, SIZES)


def book(quarters: int = 4) -> Ledger:
    """An empty money ledger in the second quarter of 2016."""
    ledger = Ledger("money", CHART, quarters)
    ledger.open_quarter(1, "2016Q2")
    ledger.step = "treasury"
    return ledger


def told(ledger: Ledger, *arguments: Any, **named: Any) -> LedgerError:
    """The error that a posting raises at once, or at the audit at the latest."""
    with pytest.raises(LedgerError) as stopped:
        ledger.post(*arguments, **named)
        ledger.audit({})
    return stopped.value


# --- the chart -------------------------------------------------------------------------------------------------------


def test_every_owner_has_an_account_of_its_own():
    accounts = np.concatenate([CHART.of(kind) for kind in Kind])
    assert np.array_equal(accounts, np.arange(CHART.size))
    assert [CHART.of(kind).size for kind in Kind] == [SIZES.get(kind, 1) for kind in Kind]
    assert all(CHART.kind_of[a] == kind for kind in Kind for a in CHART.of(kind))


def test_reasons_have_titles_of_their_own_in_both_languages():
    reasons = list(REASONS.values())
    assert len({r.zh for r in reasons}) == len({r.en for r in reasons}) == len(reasons)
    assert {r.book for r in reasons} == {"money", "land"} and {r.policy for r in reasons} == {-1, 0, 1}


def test_a_reason_of_another_book_is_refused_and_named():
    error = told(book(), REASONS["clawback"], CHART.of(Kind.PROVINCE), CHART.of(Kind.TOWN)[:1], np.array([1]))
    assert "reason clawback is of the land ledger" in str(error) and error.entry.amount == 1


def test_what_is_paid_under_a_policy_is_summed_over_its_reasons():
    ledger, province, town = book(), CHART.of(Kind.PROVINCE), CHART.of(Kind.TOWN)
    ledger.post(REASONS["grant"], province, town, np.array([1, 2, 3, 4]))
    ledger.post(REASONS["rebate_town"], province, town, np.array([50, 0, 0, 0]))
    ledger.post(REASONS["grant_return"], town, province, np.array([0, 2, 0, 0]))
    assert ledger.under_policy().tolist() == [0, 8, 0, 0]


# --- posting ---------------------------------------------------------------------------------------------------------


def test_a_posting_moves_what_it_says_and_nothing_else():
    ledger = book()
    county, town = CHART.of(Kind.COUNTY), CHART.of(Kind.TOWN)
    ledger.post(REASONS["rebate_town"], county[[0, 0, 2]], town[[0, 1, 3]], np.array([5, 7, 11]), clause="ZJ-FISC-1")
    expected = np.zeros(CHART.size, dtype=np.int64)
    expected[county] = [-12, 0, -11]
    expected[town] = [5, 7, 0, 11]
    assert np.array_equal(ledger.balance, expected)
    assert ledger.total(REASONS["rebate_town"]).tolist() == [0, 23, 0, 0]
    assert ledger.total(REASONS["rebate_town"], Kind.COUNTY).tolist() == [0, 23, 0, 0]
    assert ledger.total(REASONS["rebate_town"], Kind.PROVINCE).sum() == ledger.total(REASONS["grant"]).sum() == 0
    ledger.audit({"town quota": (town, np.array([5, 7, 0, 11]))})


def test_one_payer_or_receiver_serves_all_rows():
    ledger, province, town = book(), CHART.of(Kind.PROVINCE), CHART.of(Kind.TOWN)
    ledger.post(REASONS["grant"], province, town, np.array([1, 2, 3, 4]))
    ledger.post(REASONS["grant_return"], town, province, np.array([0, 2, 0, 4]))
    assert ledger.balance[province].tolist() == [-4] and ledger.balance[town].tolist() == [1, 0, 3, 0]


def test_nothing_posted_is_nothing_moved():
    ledger, town = book(), CHART.of(Kind.TOWN)
    ledger.post(REASONS["grant"], town[:0], town[:0], np.zeros(0, dtype=np.int64))
    ledger.post(REASONS["grant"], town, CHART.of(Kind.VILLAGE)[:4], np.zeros(4, dtype=np.int64))
    assert not ledger.balance.any() and not ledger.flows.any()
    ledger.audit({})


def test_a_posting_remembers_what_was_posted_even_if_the_caller_changes_its_array():
    ledger, town = book(), CHART.of(Kind.TOWN)
    amount = np.array([3, 0, 0, 0])
    ledger.keep_journal()
    ledger.post(REASONS["grant"], CHART.of(Kind.PROVINCE), town, amount)
    amount[0] = 99
    ledger.audit({})
    assert [(t, batch.amount.tolist()) for t, batch in ledger.kept] == [(1, [3, 0, 0, 0])]


# --- what stops a run ------------------------------------------------------------------------------------------------


def test_unequal_amounts_stop_the_audit_and_name_the_first_posting():
    ledger, town = book(), CHART.of(Kind.TOWN)
    ledger.post(REASONS["grant"], CHART.of(Kind.PROVINCE), town, np.array([1, 2, 3, 4]), clause="PX-GRANT-1")
    ledger.step = "year_end"
    received = np.array([5, 5, 4, 5])
    payer = CHART.of(Kind.COUNTY)[[0, 0, 1, 1]]
    error = told(ledger, REASONS["rebate_town"], payer, town, np.full(4, 5), clause="ZJ-FISC-1", received=received)
    entry = error.entry
    assert (entry.step, entry.reason, entry.clause) == ("year_end", REASONS["rebate_town"], "ZJ-FISC-1")
    assert (entry.payer, entry.receiver, entry.amount, entry.received) == (payer[2], town[2], 5, 4)
    words = ("money ledger, 2016Q2", "step year_end", "rebate_town (返还下达小镇)", "clause ZJ-FISC-1",
             f"payer account {payer[2]}", f"receiver account {town[2]}", "paid 5, received 4")  # fmt: skip
    assert all(word in str(error) for word in words), str(error)


def test_two_wrongs_do_not_make_a_right():
    """Unequal amounts that cancel in the sum are found as well."""
    ledger, town, province = book(), CHART.of(Kind.TOWN), CHART.of(Kind.PROVINCE)
    error = told(ledger, REASONS["grant"], province, town, np.full(4, 5), received=np.array([4, 6, 5, 5]))
    assert error.entry is not None and error.entry.receiver == town[0]


def test_a_negative_amount_is_refused():
    ledger, town = book(), CHART.of(Kind.TOWN)
    error = told(ledger, REASONS["grant"], CHART.of(Kind.PROVINCE), town, np.array([1, -2, 3, 4]), clause="PX-GRANT-1")
    assert error.entry.amount == -2 and error.entry.receiver == town[1]
    assert "negative" in str(error) and "step treasury" in str(error) and "clause PX-GRANT-1" in str(error)


@pytest.mark.parametrize("account", [-1, CHART.size, 10**9])
def test_an_account_that_does_not_exist_is_refused(account):
    for payer, receiver in ((CHART.of(Kind.PROVINCE), np.array([account])), (np.array([account]), CHART.of(Kind.TOWN))):
        error = told(book(), REASONS["grant"], payer, receiver[:1], np.array([1]), clause="PX-GRANT-1")
        assert "does not exist" in str(error) and f"account {account}" in str(error)
        assert "step treasury" in str(error) and "grant" in str(error)


def test_a_fraction_is_refused_before_anything_moves():
    for amount in (np.array([0.5]), np.array([1.0]), np.array([True]), np.array([1], dtype=np.int32)):
        ledger = book()
        error = told(ledger, REASONS["grant"], CHART.of(Kind.PROVINCE), CHART.of(Kind.TOWN)[:1], amount)
        assert "grant" in str(error) and str(amount.dtype) in str(error)
        assert not ledger.balance.any()


def test_the_refusal_of_a_fraction_names_the_step_the_clause_and_the_accounts():
    payer, town = CHART.of(Kind.PROVINCE), CHART.of(Kind.TOWN)[:1]
    error = told(book(), REASONS["grant"], payer, town, np.array([0.5]), clause="PX-GRANT-1")
    assert all(w in str(error) for w in ("step treasury", "PX-GRANT-1", str(payer[0]), str(town[0]))), str(error)


def test_a_refused_posting_leaves_the_books_as_they_were():
    ledger, town = book(), CHART.of(Kind.TOWN)
    told(ledger, REASONS["grant"], CHART.of(Kind.PROVINCE), town, np.array([1, 2, 3, -4]))
    assert not ledger.balance.any() and not ledger.flows.any()


@pytest.mark.parametrize("shape", ["payer", "receiver", "received"])
def test_rows_that_do_not_match_are_refused(shape):
    """Three payers for four amounts is a mistake, not a pattern to be repeated."""
    rows = {"payer": CHART.of(Kind.COUNTY)[[0, 0, 1, 1]], "receiver": CHART.of(Kind.TOWN), "received": np.arange(4)}
    rows[shape] = rows[shape][:3]
    with pytest.raises((LedgerError, ValueError, IndexError)):
        book().post(REASONS["grant"], rows["payer"], rows["receiver"], np.arange(4), received=rows["received"])


def test_a_balance_changed_without_a_posting_is_noticed():
    ledger = book()
    ledger.balance[3] += 1
    with pytest.raises(LedgerError, match="accounts sum to 1, not zero, without a posting"):
        ledger.audit({})


def test_a_control_that_differs_names_the_account_and_the_last_posting_on_it():
    ledger, town = book(), CHART.of(Kind.TOWN)
    ledger.post(REASONS["grant"], CHART.of(Kind.PROVINCE), town, np.array([1, 2, 3, 4]), clause="PX-GRANT-1")
    with pytest.raises(LedgerError) as stopped:
        ledger.audit({"town money": (town, np.array([1, 2, 4, 4]))})
    error = stopped.value
    assert f"control 'town money': account {town[2]} holds 3, its agents hold 4" in str(error)
    assert error.entry.receiver == town[2] and "PX-GRANT-1" in str(error)


POSTINGS = st.lists(
    st.tuples(
        st.sampled_from([r for r in REASONS.values() if r.book == "money"]),
        st.lists(
            st.tuples(st.integers(0, CHART.size - 1), st.integers(0, CHART.size - 1), st.integers(0, 2**40)), max_size=6
        ),
    ),
    max_size=12,
)


@given(postings=POSTINGS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_posted_the_sum_of_all_accounts_is_zero(postings):
    ledger, by_hand = book(), [0] * CHART.size
    for reason, rows in postings:
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        ledger.post(reason, table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
        for payer, receiver, amount in rows:
            by_hand[payer] -= amount
            by_hand[receiver] += amount
        assert int(ledger.balance.sum()) == 0
    assert ledger.balance.tolist() == by_hand
    assert int(ledger.flows.sum()) == sum(amount for _, rows in postings for *_, amount in rows)
    assert not ledger.flows[[0, 2, 3]].any(), "all in the quarter that is open"
    ledger.audit({"everything": (np.arange(CHART.size), np.array(by_hand))})


# --- in a run --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", REGIMES)
def test_the_books_balance_after_every_quarter_of_every_regime(regime):
    """A year and more: the audit has passed every quarter, and the accounts say what the columns say."""
    p = played(scenario(regime, 8))
    assert p.t == 7 and int(p.money.balance.sum()) == int(p.land.balance.sum()) == 0
    firms, town = p.books.chart.of(Kind.ENTERPRISE), p.firms.live("town")
    cash = np.bincount(town, weights=p.firms.live("cash"), minlength=p.towns.size)
    assert np.array_equal(p.money.balance[firms], cash.astype(np.int64))
    held = p.towns.supplied + p.towns.built + p.towns.idle - p.books.opening_land
    assert np.array_equal(p.land.balance[firms], held)
    under_way = np.bincount(p.projects.live("town"), weights=p.projects.live("held"), minlength=p.towns.size)
    assert np.array_equal(p.towns.supplied, under_way.astype(np.int64)), "land under way is held by projects"
    owed = -p.money.total(REASONS["county_repay"]).sum() + p.money.total(REASONS["county_loan"]).sum()
    assert p.counties.debt.sum() == owed and p.counties.debt.min() >= 0
    assert p.land.balance[p.books.chart.of(Kind.DEVELOPER)].sum() == p.towns.housing_land.sum()


class Forger(Instrument[LeverSet]):
    """An instrument that books wrongly in the fourth quarter of the run."""

    wrong: ClassVar[dict[str, Any]] = {}

    @at("treasury")
    def forge(self, p: Any, now: LeverSet) -> None:
        """Step 13."""
        if p.t == 3:
            rows = {
                "payer": p.books.chart.of(Kind.PROVINCE),
                "receiver": p.books.county_account[:2],
                "amount": np.array([10, 20]),
            }
            rows |= self.wrong
            p.money.post(
                REASONS["rebate"], rows.pop("payer"), rows.pop("receiver"), rows.pop("amount"), "ZJ-FISC-1", **rows
            )


FORGERIES = {
    "unequal": ({"received": np.array([10, 21])}, "paid 20, received 21"),
    "negative": ({"amount": np.array([10, -20])}, "paid -20"),
    "unknown account": ({"receiver": np.array([0, 10**7])}, "receiver account 10000000"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_wrong_posting_stops_the_run_and_is_named(name):
    wrong, words = FORGERIES[name]
    p = make(scenario("null", 6))
    p.policy = Policy(p.inputs, p.sizes, (*INSTRUMENTS, Forger))
    Forger.wrong = wrong
    play(p, 3)
    with pytest.raises(LedgerError) as stopped:
        p.step()
    said = str(stopped.value)
    assert "money ledger, 2015Q4" in said and words in said, said
    assert all(w in said for w in ("step treasury", "reason rebate (财政返还)", "clause ZJ-FISC-1")), said
    assert f"payer account {p.books.chart.of(Kind.PROVINCE)[0]}" in said, said


def test_a_column_changed_behind_the_ledgers_back_stops_the_run():
    p = play(make(scenario("null", 4)), 2)
    row = int(np.flatnonzero(p.firms.live("kind") == 0)[0])
    town = int(p.firms.columns.town[row])
    p.firms.columns.cash[row] += 1
    with pytest.raises(LedgerError, match="control 'enterprise cash'") as stopped:
        p.step()
    account = p.books.chart.of(Kind.ENTERPRISE)[town]
    assert f"account {account} holds" in str(stopped.value) and stopped.value.entry is not None


def test_land_changed_behind_the_ledgers_back_stops_the_run():
    p = play(make(scenario("null", 4)), 2)
    p.towns.built[5] += 100
    with pytest.raises(LedgerError, match="land ledger, 2015Q3: control 'land in use'") as stopped:
        p.step()
    assert f"account {p.books.chart.of(Kind.ENTERPRISE)[5]} holds" in str(stopped.value)
