"""ZJ-CLAW-1 (S3 L35) 加倍倒扣: double, always; how often it is done is named wherever it is shown."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from experiments.analysis.context import context_of
from experiments.analysis.study import ScenarioRuns
from report.blocks import Page, Paragraph
from report.pages import odd, run
from report.pages.comparison import compared
from report.pages.regimes import account, screen
from report.render.markdown import markdown
from report.text.enforcement import of_lever, of_regime, of_runs, spread
from report.text.spoken import spoken
from sim.parameters.enforcement import doubtful
from sim.run import RunSpec
from tests import fakes
from tests.worlds import library

SAYS = {"en": "the law says always", "zh": "原文没有例外"}
CLAW, TOWNS = "zhejiang_2015", "tongzhou_2017"


@cache
def words(lang: str) -> dict[str, str]:
    """What each page says of the regime with the clause."""
    made = library().resolve(CLAW, quarters=8)
    group = ScenarioRuns(CLAW, {"zh": CLAW, "en": CLAW}, made, (RunSpec(made, 0),))
    study = replace(fakes.study(2), groups=(group,))
    context = context_of(study, library(), ())
    shown = {
        "regimes": [account(library().regimes[CLAW], library())],
        "show": [*screen(CLAW, library())],
        "run": run.screen(group, {}, library()),
        "comparison": [Paragraph(text) for text in compared.changes(study, context)],
    }
    return {name: markdown(Page("", tuple(blocks)), lang) for name, blocks in shown.items()}


@pytest.mark.parametrize("lang", SAYS)
@pytest.mark.parametrize("where", ["regimes", "show", "run", "comparison"])
def test_whatever_shows_the_clawback_says_that_it_may_not_be_carried_out(where: str, lang: str) -> None:
    assert SAYS[lang] in words(lang)[where] and "ZJ-CLAW-1" in words(lang)[where]


@pytest.mark.parametrize("lang", SAYS)
def test_the_description_says_it_beside_the_levers(lang: str) -> None:
    note = spoken(of_lever(library(), library().levers["clawback.multiple"]), lang)
    assert note in odd.DOCUMENT.text(lang)


def test_it_is_said_of_clauses_that_act_and_are_in_doubt_and_of_no_other() -> None:
    assert [lever.key for lever in library().levers.values() if lever.enforcement] == ["clawback.multiple"]
    assert len(of_regime(library(), CLAW)) == 1 and not of_regime(library(), TOWNS) and not of_regime(library(), "null")
    always = library().resolve(CLAW, quarters=8, levers={"clawback.always": True})
    assert not doubtful(library(), always.levers)


def test_a_run_says_the_probability_that_it_took() -> None:
    made = library().resolve(CLAW, quarters=8, behaviour={"enforcement.clawback": 0.7})
    (note,) = of_runs(library(), made.levers, [made.behaviour])
    assert "0.7" in spoken(note, "en") and spoken(spread([0.2, 0.2]), "en") == "0.2"
    assert "0.2 to 0.7" in spoken(spread([0.7, 0.2, 0.5]), "en")


def test_a_regime_states_double_as_the_rule() -> None:
    (stated,) = [one for one in library().regimes[CLAW].values if one.lever == "clawback.multiple"]
    assert stated.value == 2 and stated.evidence == "rule"
    assert len(library().uncertainties["enforcement.clawback"].source) > 1, "the prior has a reason"
