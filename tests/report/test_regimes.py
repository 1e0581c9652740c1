"""The accounts of the regimes say what the scenario files say, in both languages, and are up to date."""

from __future__ import annotations

import re
from functools import cache

import pytest

from report.blocks import Page
from report.pages import regimes as accounts_of_all
from report.pages.regimes import BASELINE, account, accounts
from report.pages.regimes.__main__ import main, stale
from report.pages.regimes.regime import section_of
from report.pages.regimes.values import value_words
from report.render.markdown import markdown
from report.text.catalogue import under
from report.text.quantity import money
from report.text.spoken import spoken
from sim.parameters import INDUSTRIES, show
from tests.worlds import library

LIBRARY = library()
REGIMES = [name for name in LIBRARY.regimes if name != BASELINE]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def told(name: str, lang: str) -> str:
    return markdown(Page("", (account(LIBRARY.regimes[name], LIBRARY),)), lang)


@cache
def out_of_date() -> list[str]:
    return stale()


def test_committed_files_are_up_to_date():
    old = out_of_date()
    assert not old, f"out of date: {', '.join(old)}; refresh with: python -m report.pages.regimes --write"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", REGIMES)
def test_an_account_agrees_with_show(name, lang):
    """Every value that does something is told with its clauses, as are the gaps, the dates and what is left open."""
    text, shown = told(name, lang), show(LIBRARY, "regime", name)
    for part in ("title", "summary", "authority"):
        assert shown[part][lang] in text
    assert shown["announced"] in text and shown["effective"] in text
    assert all(open_[lang] in text for open_ in shown["unstated"])
    for value in shown["values"]:
        if value["value"] == value["inert"] and value["evidence"] != "assumption":
            continue
        missing = [s["id"] for s in value["clause"] if s["id"] != "G" and s["id"] not in text]
        assert not missing or value["value"] == value["inert"], value["lever"]


@pytest.mark.parametrize("name", REGIMES)
def test_both_languages_have_the_same_skeleton(name):
    zh, en = (told(name, lang).splitlines() for lang in ("zh", "en"))
    assert len(zh) == len(en)
    assert [line.count("|") for line in zh] == [line.count("|") for line in en]
    prose = [line for line in en if not line.startswith(("|", "*")) and "`" not in line]
    assert not [line for line in prose if CHINESE.search(line)]


def test_the_placeholders_of_every_sentence_are_levers_of_its_instrument():
    for lever in LIBRARY.levers.values():
        for one in (lever.sentence, lever.otherwise, *(choice.sentence for choice in lever.choices)):
            for name in re.findall(r"{(\w+)}", one.zh + one.en):
                known = name in ("value", "value_date") or f"{lever.instrument}.{name}" in LIBRARY.levers
                assert known, (lever.key, name)


def test_every_lever_is_told_in_a_section_that_has_a_title():
    sections = {f"regimes.section.{section_of(LIBRARY, lever)}" for lever in LIBRARY.levers.values()}
    assert sections <= set(under("regimes.section"))


def test_every_industry_has_a_name():
    assert set(under("regimes.industry")) == {f"regimes.industry.{name}" for name in INDUSTRIES}


def test_sums_are_told_as_each_language_counts():
    assert money(300_000, "zh") == "30亿元"
    assert money(300_000, "en") == "3 billion yuan"
    assert spoken(value_words(LIBRARY, LIBRARY.levers["grant.annual"], 2_000.0), "zh") == "每年2000万元"
    assert spoken(value_words(LIBRARY, LIBRARY.levers["grant.annual"], 2_000.0), "en") == "20 million yuan a year"
    assert money(20, "en") == "200,000 yuan"


def test_values_in_words():
    levers = LIBRARY.levers
    words = [(levers["clawback.after"], 12), (levers["land_reward.share"], 0.5), (levers["clawback.multiple"], 2.0)]
    assert [spoken(value_words(LIBRARY, lever, value), "en") for lever, value in words] == ["3 years", "50 %", "2"]
    assert [spoken(value_words(LIBRARY, lever, value), "zh") for lever, value in words] == ["3年", "50%", "2"]
    extra = (0.1, 0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 0.0)
    assert spoken(value_words(LIBRARY, levers["land_reward.supplement"], extra), "zh") == "信息经济、环保、高端装备10%"


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="zh, en"):
        accounts("xx", LIBRARY)


def test_the_command_prints_and_checks(capsys, monkeypatch):
    monkeypatch.setattr(accounts_of_all, "load_library", library)
    assert main(["--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("# 各政策体系")
    assert main(["--check"]) == (1 if out_of_date() else 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_account_tells_what_the_list_above_gives_and_by_which_clause(lang):
    """PX-TGT-3 (S4 L15): towns on the provincial list enjoy the support of the province, as Jiangxi's file has it."""
    text, shown = told("pingxiang_2017", lang), show(LIBRARY, "regime", "pingxiang_2017")
    assert shown["above"]["id"] == "jiangxi_2017" and shown["above"]["title"][lang] in text
    assert {one["regime"] for one in shown["from_above"]} == {"jiangxi_2017"}
    assert {"grant.listing", "call.creation_places"} <= {one["lever"] for one in shown["from_above"]}
    assert "JX-FUND-1" in text and "JX-FUND-1" not in {s["id"] for s in shown["source"]}
    assert show(LIBRARY, "regime", "jiangxi_2017")["stands_above"] == ["pingxiang_2017"]
    assert not show(LIBRARY, "regime", "hubei")["from_above"]
