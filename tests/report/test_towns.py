"""Real names of towns stand in maps and lists of places, and where else only when asked for."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import matplotlib.text
import numpy as np
import pytest

from report.blocks import Page
from report.figures.places import draw
from report.figures.style import styled
from report.pages.places import document, marks, screen
from report.render.documents import DOCS
from report.render.documents import names as names_of
from report.render.markdown import markdown
from report.text.spoken import spoken
from report.text.towns import county, town
from sim.world.build import build_geography, load_world
from tests.worlds import library
from xiaozhen.api.attribution import attribute
from xiaozhen.api.comparison import run_study
from xiaozhen.api.pictures import map_of
from xiaozhen.api.runs import repeat
from xiaozhen.api.studies import report
from xiaozhen.errors import CommandError

FACTS = load_world("zhejiang")
PLACES = build_geography(FACTS)
NAMES = [one.name for one in FACTS.listed]
READ = {".md", ".html", ".csv", ".json", ".svg", ".txt"}
STUDY = """
[study]
id = "named"
title = { zh = "两种", en = "Two" }
what = { zh = "两种体系。", en = "Two regimes." }
replicates = 2
"""
SCENARIO = """
[[scenario]]
id = "{regime}"
title = {{ zh = "{regime}", en = "{regime}" }}
regime = "{regime}"
world = "zhejiang"
effective = "2015Q2"
quarters = 6
"""


def named_in(folder: Path) -> set[tuple[str, str]]:
    """Real names that the files of a folder hold; an SVG keeps its texts as comments."""
    files = [path for path in folder.rglob("*") if path.suffix in READ]
    assert files
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    return {(file, name) for file, text in texts.items() for name in NAMES if name in text}


def test_a_town_is_called_by_a_neutral_label_unless_names_are_asked_for():
    for site, name in enumerate(PLACES.towns.known):
        label = spoken(town(PLACES, site), "en")
        assert label.endswith(f" {site + 1}") and label[0].isupper() and not any("一" < sign for sign in label)
        assert spoken(town(PLACES, site), "zh").endswith(f"镇 {site + 1}")
        assert spoken(town(PLACES, site, names=True), "en") == (name or label)
    unit = PLACES.counties.known.index("南湖区")
    assert spoken(county(PLACES, unit), "zh").startswith("嘉兴第") and "Jiaxing, unit" in spoken(
        county(PLACES, unit), "en"
    )
    assert spoken(county(PLACES, unit, names=True), "en") == "南湖区"


def test_no_default_page_of_a_comparison_holds_a_real_name(tmp_path):
    """Brief, summary, tables, and the texts of every figure that is drawn."""
    study = tmp_path / "named.toml"
    regimes = ("zhejiang_2015", "guizhou_2019")
    study.write_text(STUDY + "".join(SCENARIO.format(regime=one) for one in regimes), encoding="utf-8")
    folder = tmp_path / "out"
    run_study(study, library=library(), out=folder, workers=1)
    report(folder)
    assert {"network.zh.svg", "linkage.zh.svg"} <= {path.name for path in folder.rglob("*.svg")}
    assert list(folder.rglob("*.html")) and not named_in(folder)


def test_tables_of_single_towns_hold_labels_and_names_when_asked(tmp_path):
    for names in (False, True):
        folder = tmp_path / str(names)
        repeat("zhejiang_2015", quarters=2, tables="towns,counties", names=names, out=folder, workers=1)
        assert {name for _, name in named_in(folder)} == (set(NAMES) if names else set())
        with (folder / "towns-000.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [row["town_en"] for row in rows] == [
            spoken(town(PLACES, site, names=names), "en") for site in range(len(rows))
        ]


def test_the_fates_of_towns_are_told_by_labels_and_by_names_when_asked(tmp_path):
    for names in (False, True):
        folder = tmp_path / str(names)
        attribute(
            "zhejiang_2015", "zhejiang_2015_yiwu", "public_cost", replicates=2, quarters=5, names=names, out=folder,
            by="instrument", workers=1, behaviour="central",
        )  # fmt: skip
        assert {name for _, name in named_in(folder)} == (set(NAMES) if names else set())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_of_places_names_every_town_and_says_what_it_must_not_be_used_for(lang):
    text = markdown(Page("", screen("zhejiang")), lang)
    assert all(name in text for name in NAMES)
    assert ("县属推定" if lang == "zh" else "county assigned") in text
    assert ("不能用来" if lang == "zh" else "must not be used to rank") in text
    page = (DOCS / names_of("worlds")[lang]).read_text(encoding="utf-8")
    assert ("不能用来" if lang == "zh" else "must not be used to rank") in page and all(name in page for name in NAMES)


def test_the_list_is_no_key_to_the_labels():
    """It does not hold the number by which other pages call a listed town."""
    rows = document("zhejiang")
    assert [row["name"]["zh"] for row in rows[:79]] == NAMES and len(rows) == 130
    assert not any("number" in row or "镇 " in row["name"]["zh"] for row in rows[:79])
    assert all(row["marks"] == ["drawn_site"] for row in rows[79:])


def test_how_sure_a_listed_town_is():
    jiangsu = {one.name: marks(one) for one in load_world("jiangsu").listed}
    assert jiangsu["丹阳眼镜风尚小镇"] == ["confirmed"]
    assert jiangsu["沙集电商小镇"] == ["assigned"]
    assert jiangsu["宿迁保险小镇"] == ["county_drawn"]
    assert jiangsu["泰兴凤栖小镇"] == ["confirmed", "industry_drawn"]


@pytest.mark.parametrize("world", ["zhejiang", "jiangsu", "fujian"])
def test_the_map_names_every_listed_town_and_few_names_meet(world):
    facts = load_world(world)
    with styled():
        made = draw(facts, build_geography(facts), "zh")
        canvas = made.figure.canvas
        canvas.draw()
        said = {one.get_text(): one for one in made.figure.findobj(matplotlib.text.Text) if one.get_text()}
        boxes = [said[one.name.removesuffix("小镇")].get_window_extent() for one in facts.listed]
    meet = sum(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert meet <= 4, "signs of a name stand a little over its line"
    assert np.all([box.width > 0 for box in boxes])


def test_a_map_is_written_where_it_is_asked_for(tmp_path):
    assert map_of("tongzhou", tmp_path / "map.svg", "en").stat().st_size > 10_000
    with pytest.raises(CommandError):
        map_of("tongzhou", tmp_path / "map.doc")
