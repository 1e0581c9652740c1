"""Blocks in every format: one escaping rule each, and the language is the renderer's."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from report.blocks import (
    Code,
    Count,
    Estimated,
    Filled,
    Fold,
    Grid,
    Interval,
    Item,
    Joined,
    Link,
    Mono,
    Page,
    Paragraph,
    Picture,
    Points,
    Quantity,
    Section,
    Sentence,
    Strong,
    Title,
    Unit,
    between,
    estimated,
    message,
    noted,
    title,
    within,
)
from report.render import json, terminal
from report.render.html import html
from report.render.markdown import markdown
from report.text.spoken import runs, spoken

BAD = Title({"zh": "甲|乙<script>*", "en": "a|b<script>*"})
TOWNS = Quantity(12.4, "town")


@dataclass
class Found:
    value: float = 0.123
    low: float = 0.1
    high: float = 0.15
    unit: str = "share"
    method: str = "hall-t"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("id_1", "id_1", "id_1"),
        (title({"zh": "浙江", "en": "Zhejiang"}), "浙江", "Zhejiang"),
        (message("language.told", name="a", what=3), "a：3", "a: 3"),
        (Joined(("a", "", "b", "c"), "and"), "a、b和c", "a, b and c"),
        (Joined(("a", "b"), "semicolon"), "a；b", "a; b"),
        (Sentence("so."), "so。", "so."),
        (Sentence(""), "", ""),
        (Quantity(1.5, "yi_yuan", sign=True), "+1.50 亿元", "+0.150 billion yuan"),
        (TOWNS, "12个", "12 towns"),
        (Quantity(0.02, "share", sign=True, difference=True), "+2.00个百分点", "+2.00 points"),
        (Quantity(0.02, "hazard", bare=True), "2.00", "2.00"),
        (Interval(-0.01, 0.02, "share", sign=True), "−1.0 至 +2.0", "−1.0 to +2.0"),
        (estimated(Found()), "12.3 (10.0 至 15.0)", "12.3 (10.0 to 15.0)"),
        (Estimated(3.0, 3.0, 3.0, "firm", constant=True), "3 ∗", "3 ∗"),
        (Quantity(float("nan"), "share", difference=True), "–", "–"),
        (Unit("hazard", difference=True), "百分点/年", "points a year"),
    ],
)  # fmt: skip
def test_a_text_is_said_in_the_language_of_the_renderer(text, zh, en):
    assert (spoken(text, "zh"), spoken(text, "en")) == (zh, en)


def test_marks_are_kept_inside_a_message():
    said = runs(message("language.told", name=Strong("a"), what=Mono("b")), "en")
    seen = [(run.text, run.strong, run.mono) for run in said]
    assert seen == [("a", True, False), (": ", False, False), ("b", False, True)]


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (40, 30), (200, 30, 30)).save(tmp_path / "chart.en.png")
    Image.new("RGB", (40, 30), (200, 30, 30)).save(tmp_path.parent / "secret.en.png")
    return tmp_path


def page() -> Page:
    grid = Grid((BAD, "n"), [[BAD, Strong("3")], ["line\nbreak", "4"]], caption=BAD)
    blocks = (
        Section(BAD, (Paragraph(BAD), Points((Item(BAD, "Head", "up"),), "Claim", "note"), grid), "part"),
        Section("More", (Section("Inside", (Fold("Detail", (Code("do | it", "sh"),)),)),), "more"),
        Picture("chart", BAD, "caption"),
        Picture("../secret", "never", ""),
        Paragraph(Link("there", "#en-part"), "lead"),
    )
    return Page(BAD, blocks, question="Why?", facts=(("Place", "here"),))


def test_markdown_tables_hold_whatever_a_title_holds():
    text = markdown(page(), "en")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows == [
        "| a\\|b\\<script>\\* | n |",
        "| --- | ---: |",
        "| a\\|b\\<script>\\* | **3** |",
        "| line break | 4 |",
    ]
    for piece in (
        "# a|b",
        "> Why?",
        "- Place: here",
        "## More",
        "### Inside",
        "```sh\ndo | it\n```",
        "[there](#en-part)",
    ):
        assert piece in text
    assert "![a|b<script>*](chart.en.png)" in text


def test_html_escapes_and_reads_no_picture_outside(folder):
    text = html(page(), ("en",), folder)
    assert "<script" not in text and "a|b&lt;script&gt;*" in text
    assert text.count("<img ") == 1 and "never" not in text
    assert (
        '<li class="up">' in text
        and "<details>" in text
        and "<details open>" in html(page(), ("en",), folder, unfolded=True)
    )
    assert text.count("<h3>Inside</h3>") == 1 and 'id="en-part"' in text


def test_terminal_prints_tables_and_marks_what_stands(folder):
    sink = io.StringIO()
    terminal.show(page().blocks, "en", Console(file=sink, width=100))
    assert "a|b<script>*" in sink.getvalue() and "3 *" in sink.getvalue() and "do | it" in sink.getvalue()


@pytest.mark.parametrize(("width", "said"), [(60, "12.3 (10.0 to 15.0) *"), (24, "12.3 *\n"), (18, "12.3 *")])
def test_intervals_go_under_their_numbers_where_a_terminal_is_narrow_and_away_where_it_is_narrower(width, said):
    sink = io.StringIO()
    grid = Grid(("what", "how much"), (("name", Strong(estimated(Found()))),))
    terminal.show((grid,), "en", Console(file=sink, width=width))
    lines = "\n".join(line.rstrip() for line in sink.getvalue().splitlines())
    assert said in lines
    assert ("10.0" in lines) == (width > 18)


@pytest.mark.parametrize("width", [60, 24])
def test_equal_runs_are_not_marked_as_what_stands_is(width):
    sink = io.StringIO()
    grid = Grid(("", "n"), (("a", Estimated(3.0, 3.0, 3.0, "firm", constant=True)), ("b", Strong("4"))), "“∗”: equal")
    terminal.show((grid,), "en", Console(file=sink, width=width))
    told = " ".join(sink.getvalue().split())  # a caption is broken at the width of its table
    assert "3 =" in told and "“=”: equal" in told and "∗" not in told


def test_blocks_come_back_from_their_data_in_every_language(folder):
    first = replace(page(), blocks=page().blocks[:-1])
    again = json.restored(json.plain(first), folder)
    for lang in ("zh", "en"):
        assert markdown(again, lang) == markdown(first, lang)
    assert html(again, ("en",), Path("/nowhere")) == html(first, ("en",), folder), "pictures know their folder"


def test_parts_of_a_page_are_chosen_by_their_ids(folder):
    assert [b.title for b in page().only("more", "nothing", "part").blocks] == ["More", BAD]
    moved = within(page(), folder)
    assert moved.blocks[2].folder == folder


def test_a_sentence_of_a_file_is_filled_in_each_language():
    words = {"zh": "每{value}付{sum}", "en": "every {value} pays {sum}"}
    values = {"value": Count(1.0, "regimes.counted.year"), "sum": Count(3e5, "regimes.counted.wan_yuan", "money")}
    said = [spoken(Filled(words, values), lang) for lang in ("zh", "en")]
    assert said == ["每年付30亿元", "Every year pays 3 billion yuan"]


def test_lists_may_be_numbered_and_sections_led_to():
    points = Points([Item("a"), Item("b")], numbered=True)
    page = Page("t", (Section("s", (points,), "here", anchor=True),))
    assert markdown(page, "en") == '# t\n\n<a id="here"></a>\n\n## s\n\n1. a\n2. b\n'
    assert spoken(noted("x", between(", ", ("a", "b"))), "zh") == "x（a, b）" and noted("x", "") == "x"
