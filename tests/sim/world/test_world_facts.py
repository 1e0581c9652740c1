"""The world file: every figure is typed, bounded and has a source, and every mistake is one clear message."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from report.text.errors import told
from sim.parameters.errors import InputError, InputErrors, UnknownName
from sim.world.build import load_world
from sim.world.facts import FORMS
from sim.world.facts_read import LIBRARY_ID, RELIABILITY, read_world

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "scenarios" / "worlds" / "zhejiang.toml"
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def facts():
    return load_world()


def problems(tmp_path: Path, text: str) -> list[InputError]:
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        read_world(path)
    return list(caught.value.problems)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_every_figure_has_titles_source_and_reliability(facts):
    needed = {key for key, form in FORMS.items() if form.default is None}
    assert needed <= set(facts.figures) <= set(FORMS)
    for figure in facts.figures.values():
        assert figure.title.zh and figure.title.en and figure.unit
        assert figure.source and figure.reliability in RELIABILITY
        assert all(name in facts.sources or LIBRARY_ID.fullmatch(name) for name in figure.source)
        assert figure.reliability != "assumption" or "model" in figure.source


def test_ids_named_as_sources_exist_in_the_library(facts):
    known: set[str] = set()
    for path in [ROOT / "scenarios" / "facts.toml", *(ROOT / "scenarios" / "clauses").glob("*.toml")]:
        if path.is_file():
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            known |= set(data.get("fact", {})) | set(data.get("clause", {}))
    if not known:
        pytest.skip("no register of facts and clauses yet")
    named = {name for figure in facts.figures.values() for name in figure.source} - set(facts.sources)
    assert named <= known


def test_totals_agree_with_published_ones(facts):
    province = facts.province
    assert len(facts.prefectures) == 11 and sum(province.units) == 90 and sum(province.districts) == 36
    assert sum(len(names) for names in province.poor_counties) == 26
    assert sum(province.area) == 107_638
    assert sum(province.residents_2020) == pytest.approx(64_567_588, rel=1e-3)
    assert sum(province.residents_2010) == pytest.approx(54_426_891, rel=1e-3)
    assert sum(province.gdp) == pytest.approx(42_886, rel=0.01)
    assert sum(facts.town.batch1) == 37
    assert sum(facts.town.batch2) == 42 and sum(facts.town.cultivation) == 51
    assert sum(facts.town.sites) == 130


def test_residents_at_the_start_lie_between_the_censuses(facts):
    province = facts.province
    for old, now, new in zip(province.residents_2010, facts.residents, province.residents_2020, strict=True):
        assert old < now < new


def test_fingerprint_follows_values_and_not_titles(tmp_path, facts):
    for text, same in (
        (TEXT.replace("Firms at a site at the start", "Firms"), True),
        (TEXT.replace("value = 260", "value = 261"), False),
    ):
        path = tmp_path / "zhejiang.toml"
        path.write_text(text, encoding="utf-8")
        assert (read_world(path).fingerprint == facts.fingerprint) is same


@pytest.mark.parametrize(
    ("old", "new", "kind", "key"),
    [
        ("value = 260", 'value = "many"', "WrongType", '"firm.per_site".value'),
        ("value = 260", "value = -1", "OutOfBounds", '"firm.per_site".value'),
        ("value = [0.02, 0.38, 0.60]", "value = [0.02, 0.38, 0.70]", "OutOfBounds", '"firm.kinds".value'),
        ("value = [0.02, 0.38, 0.60]", "value = [0.02, 0.98]", "WrongType", '"firm.kinds".value'),
        ('"淳安"]', '"淳案"]', "UnknownName", '"province.poor_counties".value.hangzhou[1]'),
        ('[figure."firm.per_site"]', '[figure."firm.per_sit"]', "UnknownKey", '"firm.per_sit"'),
        ('source = ["F20", "model"]', 'source = ["F20", "modle"]', "UnknownName", '"firm.own_industry".source'),
        ('source = ["F20", "model"]', "", "MissingSource", '"firm.own_industry"'),
        ("huzhou = 5843", "huzou = 5843", "UnknownKey", '"province.area".value.huzou'),
        ("seed = 330000", 'seed = "x"', "WrongType", "world.seed"),
        ('start = "2015Q1"', 'start = "2015-1"', "WrongType", "world.start"),
        ("lat = 28.45", "lat = 128.45", "OutOfBounds", "prefecture[11].lat"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path, old, new, kind, key):
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    first = problems(tmp_path, text)[0]
    assert type(first).__name__ == kind
    assert first.key.endswith(key)
    assert first.line is not None and abs(first.line - line_of(TEXT, old)) <= 8
    for lang in ("zh", "en"):
        assert str(first.line) in told(first, lang)


def test_all_problems_are_told_at_once(tmp_path):
    text = TEXT.replace("value = 260", "value = -1").replace("value = 92", 'value = "x"')
    assert len(problems(tmp_path, text)) == 2


def test_misspelled_figure_proposes_the_right_one(tmp_path):
    found = problems(tmp_path, TEXT.replace('"talent.tenure"', '"talent.tenur"'))
    assert [problem.suggestion for problem in found] == ["talent.tenure"]


def test_unknown_world_proposes_a_name():
    with pytest.raises(UnknownName) as caught:
        load_world("zhejang")
    assert caught.value.suggestion == "zhejiang"


@pytest.mark.parametrize("step", range(40))
def test_broken_files_never_raise_anything_else(tmp_path, step):
    lines = TEXT.splitlines()
    at = (step * 7919) % len(lines)
    path = tmp_path / "world.toml"
    broken = re.sub(r"[0-9]+", "[]", lines[at]) if step % 2 else ""
    path.write_text("\n".join([*lines[:at], broken, *lines[at + 1 :]]), encoding="utf-8")
    try:
        read_world(path)
    except InputError as problem:
        assert told(problem, "zh") and str(problem)
