"""A user's county table: read in any order, gaps filled by rule, every mistake told with line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from report.text.errors import told
from sim.engine.draws import Draws
from sim.parameters.errors import InputError, InputErrors
from sim.world.build import build_geography, draw_population, load_world
from sim.world.county_file import load_counties, stem
from tests.world_checks import check_counties

HEADER = (
    "code,prov,city,county,pop2020,urban2020,college2020,bachelor2020,inmig_same_prov,inmig_other_prov,"
    "emp_sample_total,emp_manuf,lon,lat,area_km2"
)
ROWS = [
    "330102,浙江省,杭州市,上城区,357657,357657,45409,79371,65232,88368,14358,627,120.22,30.29,120.6",
    "330106,浙江省,杭州市,西湖区,1112992,1080774,168553,354679,231813,269931,58130,3534,,,",
    "330203,浙江省,宁波市,海曙区,1041285,906375,111924,123331,186946,318145,59049,19167,121.35,29.82,594.9",
    "331127,浙江省,丽水市,景宁畲族自治县,111011,64616,6513,6431,5687,3032,,,119.61,27.89,1944.5",
    "320102,江苏省,南京市,玄武区,537825,537825,,,,,,,118.8,32.05,75",
]


@pytest.fixture(scope="module")
def facts():
    return load_world()


def written(folder: Path, rows: list[str], header: str = HEADER, pairs: str = "") -> Path:
    path = folder / "counties.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    if pairs:
        (folder / "county_adjacency.csv").write_text(pairs, encoding="utf-8")
    return path


def test_table_is_filtered_completed_and_built(tmp_path, facts):
    place = build_geography(facts, written(tmp_path, ROWS))
    counties = place.counties
    assert counties.name == ("上城区", "西湖区", "海曙区", "景宁畲族自治县")
    assert counties.land_grade.tolist() == [1, 1, 1, 9] and counties.poor.tolist() == [False, False, False, True]
    assert counties.college_share[0] == pytest.approx((45409 + 79371) / 357657)
    assert counties.manufacturing_share[3] == pytest.approx(facts.county.manufacturing_deciles[5])
    assert np.all(np.isfinite(counties.x)) and np.all(np.diff(counties.neighbours_start) >= 1)
    assert place.towns.key.size == sum(
        n for n, p in zip(facts.town.sites, facts.prefectures, strict=True) if p.id in ("hangzhou", "ningbo", "lishui")
    )
    assert draw_population(place, facts, Draws(1)).firm_key.size > 5_000


def test_order_of_lines_changes_nothing(tmp_path, facts):
    one = build_geography(facts, written(tmp_path, ROWS))
    two = build_geography(facts, written(tmp_path, ROWS[::-1]))
    assert one is not two
    assert np.array_equal(one.towns.x, two.towns.x) and np.array_equal(one.counties.revenue, two.counties.revenue)


def test_adjacency_beside_the_table_is_used(tmp_path, facts):
    path = written(tmp_path, ROWS, pairs="a,b\n330102,330203\n330102,330113\n")
    edges = load_counties(path, facts, Draws(1)).edges
    assert [0, 2] in edges.tolist() and np.count_nonzero(edges == 3) <= 1
    (tmp_path / "county_adjacency.csv").write_text("a,b\n330102\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_counties(path, facts, Draws(1))
    assert caught.value.problems[0].line == 2


def changed(row: int, old: str, new: str) -> list[str]:
    assert old in ROWS[row]
    return [line.replace(old, new, 1) if i == row else line for i, line in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("rows", "header", "kind", "line", "column"),
    [
        (changed(0, "357657", "many"), HEADER, "WrongType", 2, "pop2020"),
        (changed(2, "1041285", ""), HEADER, "WrongType", 4, "pop2020"),
        (changed(2, "1041285", "-5"), HEADER, "OutOfBounds", 4, "pop2020"),
        (changed(0, "120.22", "1e999"), HEADER, "WrongType", 2, "lon"),
        (changed(0, "30.29", "130.29"), HEADER, "OutOfBounds", 2, "lat"),
        (changed(2, "111924", "1111924"), HEADER, "OutOfBounds", 4, "college2020+bachelor2020"),
        (changed(0, "杭州市", "杭洲市"), HEADER, "UnknownName", 2, "city"),
        (changed(2, "330203", "330102"), HEADER, "DuplicateKey", 4, "code"),
        (changed(0, ",120.6", ""), HEADER, "WrongType", 2, ""),
        ([ROWS[4]], HEADER, "UnknownName", None, "prov"),
        (ROWS, HEADER.replace("pop2020", "population"), "MissingKey", 1, ""),
        (ROWS, HEADER.replace("lat", "lon"), "DuplicateKey", 1, "lon"),
        ([], HEADER, "UnreadableFile", None, ""),
    ],
)
def test_each_mistake_is_told_with_line_and_column(tmp_path, facts, rows, header, kind, line, column):
    with pytest.raises(InputError) as caught:
        load_counties(written(tmp_path, rows, header), facts, Draws(1))
    first = caught.value.problems[0] if isinstance(caught.value, InputErrors) else caught.value
    assert (type(first).__name__, first.line, first.key) == (kind, line, column)
    assert told(first, "zh") and str(first)


def test_suggestion_for_a_misspelled_city(tmp_path, facts):
    with pytest.raises(InputErrors) as caught:
        load_counties(written(tmp_path, changed(0, "杭州市", "杭洲市")), facts, Draws(1))
    assert "杭州" in str(caught.value.problems[0].allowed)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xd5\xe3\xbd\xad,prov\n",
        b"\0\0\0",
        b'code,prov,city,county,pop2020\n"1,2\n',
        "\ufeff".encode() + HEADER.encode() + b"\n",
    ],
)
def test_files_that_are_no_table_are_told_too(tmp_path, facts, raw):
    path = tmp_path / "counties.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        load_counties(path, facts, Draws(1))
    assert told(caught.value, "zh") and str(caught.value)
    with pytest.raises(InputError):
        load_counties(tmp_path / "missing.csv", facts, Draws(1))
    with pytest.raises(InputError):
        load_counties(tmp_path, facts, Draws(1))


def test_byte_order_mark_is_let_pass(tmp_path, facts):
    path = written(tmp_path, ROWS)
    path.write_bytes("\ufeff".encode() + path.read_bytes())
    assert len(load_counties(path, facts, Draws(1)).name) == 4


def test_suffixes():
    assert [stem(name) for name in ("杭州市", "上城区", "安吉县", "市")] == ["杭州", "上城", "安吉", "市"]


def whole_province(facts) -> list[str]:
    """A made-up table of every county of the province: its sizes and shares are those the world draws for itself, and
    where a prefecture has poorer counties by name, its first ones bear those names.
    """
    drawn, rows = build_geography(facts).counties, []
    for i, prefecture in enumerate(facts.prefectures):
        names = facts.province.poor_counties[i]
        for k, j in enumerate(np.flatnonzero(drawn.prefecture == i)):
            people = int(drawn.population[j])
            urban, college, migrant = (round(people * float(share[j])) for share in (
                drawn.urban_share, drawn.college_share, drawn.migrant_share))  # fmt: skip
            employed = round(1e5 * float(drawn.manufacturing_share[j]))
            area = facts.province.area[i] / facts.province.units[i]
            name = names[k] if k < len(names) else f"{prefecture.title.zh}{k}区"
            rows.append(f"33{i:02d}{k:02d},浙江省,{prefecture.title.zh}市,{name},{people},{urban},{college},0,{migrant},0,"
                        f"100000,{employed},,,{area}")  # fmt: skip
    return rows


def test_a_whole_province_read_from_a_table_keeps_its_statistics(tmp_path, facts):
    path = written(tmp_path, whole_province(facts))
    checks = check_counties(load_counties(path, facts, Draws(facts.seed)), facts)
    limits = {"talent_gini": 0.06, "degree": 0.25, "area": 0.01, "population_gini": 0.03}
    for check in checks:
        assert check.id == "isolates" or abs(check.gap) <= limits.get(check.id, 0.02), check
    place = build_geography(facts, path)
    assert place.counties.poor.sum() == 26 and place.towns.key.size == 130
