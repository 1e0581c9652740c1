"""The brief as text: what it says, what it escapes, what it refuses, and that it asks nobody for anything."""

import base64
import io
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from experiments.analysis.claims import claim
from experiments.analysis.opened import open_result
from experiments.errors import ExperimentError
from experiments.store.merge import finish
from report import blocks
from report.errors import BriefError
from report.pages.comparison import detail, doubt, lead, numbers
from report.pages.comparison.brief import brief, write_brief
from report.pages.comparison.claims import sentence
from report.render import json as data
from report.render.fonts import font_address
from report.render.html import html
from report.text.errors import told
from report.text.spoken import spoken
from tests import briefs, fakes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return briefs.result(tmp_path_factory.mktemp("brief") / "r")


@pytest.fixture(scope="module")
def page(folder):
    return shown(folder, "zh", "en")


def shown(folder, *langs):
    result = open_result(folder)
    return html(brief(result), langs, folder)


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def test_a_study_read_back_gives_the_same_estimates_to_the_bit(folder):
    again, first = open_result(folder).study, fakes.study(6)
    first = replace(first, outcomes=again.outcomes)
    assert repr(again.estimate_records()) == repr(first.estimate_records())
    assert again.fingerprint == first.fingerprint
    assert again.baseline_of == first.baseline_of


def test_every_part_stands_in_both_languages(page):
    for lang, words in (("zh", ("要点", "发现", "须知", "自检", "方法", "复现")),
                        ("en", ("In short", "Findings", "Caveats", "Checks", "Method", "To reproduce"))):  # fmt: skip
        for part in ("short", "compared", "findings", "figures", "numbers", "caveats", "checks", "method", "reproduce"):
            assert f'id="{lang}-{part}"' in page
        for word in words:
            assert f">{word}</h2>" in page
    assert "xiaozhen compare fake" in page
    assert "nan" not in " ".join(Elements(page).words).split()


def test_nothing_is_asked_of_anybody(page):
    seen = Elements(page)
    assert not seen.all("script") and not seen.all("link") and not seen.all("iframe") and not seen.all("object")
    policy = next(m["content"] for m in seen.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    for tag, attrs in seen.found:
        for name in ("src", "href", "srcset", "poster", "action"):
            assert (attrs.get(name) or "#")[0] == "#" or attrs[name].startswith("data:"), (tag, attrs)
    assert not re.search(r"url\((?!data:)", page)
    assert "@import" not in page


def test_it_can_be_read_by_those_who_do_not_see_it(page):
    seen = Elements(page)
    assert [a["lang"] for a in seen.all("article")] == ["zh-CN", "en"]
    assert all(a.get("alt") for a in seen.all("img")) and seen.all("img")
    assert all(a.get("scope") in ("col", "row") for a in seen.all("th")) and seen.all("th")
    assert len(seen.all("caption")) == len(seen.all("table")) > 4
    ids = [a["id"] for _, a in seen.found if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in seen.all("a")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in seen.found if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_a_title_is_text_and_nothing_else(tmp_path):
    found = briefs.result(tmp_path / "r", 3, title=briefs.EVIL, picture=False)
    page = write_brief(found, lang="en")[0].read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert briefs.EVIL in "".join(Elements(page).words)


def test_the_font_holds_every_sign_of_the_page(page):
    from fontTools.ttLib import TTFont

    from report.fonts import font_path

    whole = set(TTFont(font_path()).getBestCmap())
    signs = {ord(c) for c in "".join(Elements(page).words) if not c.isspace()}
    for face in re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page):
        held = set(TTFont(io.BytesIO(base64.b64decode(face))).getBestCmap())
        assert not (signs & whole) - held
    assert len(re.findall("data:font/woff", page)) == 2
    assert not {s for s in signs - whole if s > 0x2E7F}, "Chinese outside the bundled font"


def test_the_same_text_gives_the_same_font():
    assert font_address("小镇") == font_address("镇小小")
    assert font_address("小镇") != font_address("小镇", bold=True)


@pytest.mark.parametrize("regime", ["zhejiang_2015", "tongzhou_2017", "pingxiang_2017"])
def test_what_is_said_agrees_with_the_interval(regime):
    study = fakes.study(8)
    for name in study.main_ids:
        one = claim(study, study.group(regime), name)
        e = one.contrast.difference
        if one.standing in ("stands", "open"):
            assert not e.low <= 0.0 <= e.high
            assert (" more (" in spoken(sentence(study, one), "en")) == (e.value > 0.0)
            assert f"n={e.n}" in spoken(sentence(study, one), "en")
        if one.standing == "untold":
            assert e.low <= 0.0 <= e.high
            assert "anything from" in spoken(sentence(study, one), "en")
        if one.standing == "stands":
            assert one.contrast.p_holm < 0.05


def test_one_run_is_no_finding(tmp_path):
    page = write_brief(briefs.result(tmp_path / "r", 1, picture=False), lang="en")[0].read_text(encoding="utf-8")
    assert "no difference is a finding" in page
    assert "raises it by" not in page


@pytest.mark.parametrize("mode", ["central", "posterior"])
@pytest.mark.parametrize(
    ("lang", "finding", "interval"),
    [("zh", "任何差异都不能当作发现", "95%区间"), ("en", "no difference is a finding", "95% interval")],
)
def test_where_runs_give_no_interval_none_is_spoken_of(tmp_path, mode, lang, finding, interval):
    """One run at the centre, or one draw of behaviour with its two replicates."""
    study = fakes.study(1 if mode == "central" else 2)
    groups = tuple(replace(g, per_draw=1 if mode == "central" else 2) for g in study.groups)
    study = replace(study, groups=groups, behaviour=mode)
    said = "".join(spoken(item.text, lang) for item in lead.told(study, lead.compared_groups(study)))
    grids = [numbers.means(study), numbers.differences(study)]
    captions = "".join(spoken(grid.caption, lang) for grid in grids)
    for text in (said, captions):
        assert text and "–之" not in text and "within –" not in text and "(–)" not in text and "（–）" not in text
    assert interval not in captions and finding in spoken(lead._sure(study), lang)
    assert not detail.section(SimpleNamespace(study=study))
    assert not any(isinstance(b, blocks.Grid) for s in doubt.section(SimpleNamespace(study=study)) for b in s.blocks)


def test_differences_name_their_baseline_and_what_cannot_be_compared(page):
    base = fakes.TITLES["null"]
    assert f"与{base['zh']}的配对差" in page and f"Paired differences from {base['en']}" in page
    assert f"Not defined under {base['en']}, so no difference exists" in page.split('id="en-numbers"')[1]


def test_a_changed_file_is_told(tmp_path):
    found = briefs.result(tmp_path / "r", 3, picture=False)
    (found / "summary.en.md").write_text("other")
    assert "summary.en.md" in re.search('<p class="lead">.*?</p>', shown(found, "en"))[0]
    (found / "manifest.json").unlink()
    assert "interrupted" in shown(found, "en")


def bytes_of(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _newer(folder):
    plan = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps({**plan, "xiaozhen_store": 99}))


def _other_kind(folder):
    (folder / "spec.json").write_text(json.dumps({"xiaozhen_result": 1, "kind": "horoscope"}))


SPOILT = {
    "not_a_result": lambda folder: (folder / "plan.json").write_text("{}"),
    "newer_result": _newer,
    "unknown_kind": _other_kind,
    "broken_result": lambda folder: (folder / "runs" / "part-00000.parquet").write_bytes(b"PAR1 nothing"),
}


@pytest.mark.parametrize("message", SPOILT)
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path, message):
    found = briefs.result(tmp_path / "r", 2, picture=False)
    SPOILT[message](found)
    before = bytes_of(found)
    with pytest.raises(ExperimentError) as caught:
        write_brief(found)
    assert caught.value.message_id == message
    assert all(told(caught.value, lang).count("\n") <= 2 for lang in ("zh", "en"))
    assert bytes_of(found) == before


def test_no_file_of_the_result_is_written_over(tmp_path):
    found = briefs.result(tmp_path / "r", 2, picture=False)
    before = bytes_of(found)
    for out, message in (
        (found / "runs.csv", "brief_over_result"),
        (found / "plan.json", "brief_over_result"),
        (found, "brief_is_folder"),
        (found / "runs.csv" / "x.html", "brief_unwritable"),
    ):
        with pytest.raises(BriefError) as caught:
            write_brief(found, out=out)
        assert caught.value.message_id == message
    with pytest.raises(ExperimentError):
        write_brief(tmp_path / "nowhere")
    with pytest.raises(BriefError):
        write_brief(found, lang="xx")
    assert bytes_of(found) == before


def test_without_a_browser_the_page_is_there_and_the_way_to_print_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("XIAOZHEN_BROWSER", str(tmp_path / "no-such-browser"))
    found = briefs.result(tmp_path / "r", 2, picture=False)
    with pytest.raises(BriefError) as caught:
        write_brief(found, lang="zh", pdf=True)
    assert caught.value.message_id == "no_browser"
    assert "brief.zh.html" in told(caught.value, "zh")
    assert (found / "brief.zh.html").is_file()


def test_a_brief_of_the_same_result_is_the_same_to_the_byte(tmp_path, folder):
    first, second = (write_brief(folder, out=tmp_path / f"{k}.html")[0].read_bytes() for k in (1, 2))
    assert first == second


def _attribution(folder):
    """A result of another kind, which keeps its page as blocks."""
    (folder / "figures").mkdir(parents=True)
    for path in (folder / "figures" / "waterfall.en.png", folder.parent / "secret.en.png"):
        briefs.Image.new("RGB", (40, 30), (200, 30, 30)).save(path)
    grid = blocks.Grid(("group", "share"), [["Land | money", blocks.Strong("+3.2")], ["Clawback", "0"]], "What counts")
    items = (blocks.Item("land", "Largest"), blocks.Item("rest is small"))
    inside = (blocks.Picture("figures/waterfall", "Completion"), grid, blocks.Points(items),
              blocks.Picture("../secret", "Outside"), blocks.Code("xiaozhen attribute a b"))  # fmt: skip
    made = blocks.Page("Which clause made the difference", (blocks.Section("Completion", inside, "completion"),))
    (folder / data.FILE).write_text(json.dumps(data.plain(made)), encoding="utf-8")
    return folder


def test_the_page_of_another_kind_of_result_is_a_section(tmp_path):
    folder = _attribution(tmp_path / "attribution")
    (folder / "spec.json").write_text(json.dumps({"xiaozhen_result": 1, "kind": "attribution", "command": "x"}))
    seen = Elements(write_brief(folder, lang="en")[0].read_text(encoding="utf-8"))
    words = [w.strip() for w in seen.words]
    assert "Which clause made the difference" in words
    assert {"Land | money", "+3.2", "Largest", "land", "rest is small", "xiaozhen attribute a b"} <= set(words)
    assert [i["alt"] for i in seen.all("img")] == ["Completion"], "a figure outside the folder is not read"


def test_what_lies_inside_a_result_or_is_named_beside_it_goes_into_its_brief(tmp_path):
    found = briefs.result(tmp_path / "r", 2, picture=False)
    _attribution(found / "attribution")
    beside = _attribution(tmp_path / "other" / "attribution")
    page = write_brief(found, lang="en", beside=[beside], out=tmp_path / "b.html")[0].read_text(encoding="utf-8")
    assert page.count(">Which clause made the difference</h3>") == 2
    assert page.index("en-numbers") < page.index("en-attribution-2") < page.index("en-attribution-3")


def test_sections_of_ones_own_come_back_as_they_were(tmp_path):
    found = briefs.result(tmp_path / "r", 2)
    own = (
        blocks.Paragraph("Running text <b>"), blocks.Code("do it"), blocks.Points((blocks.Item("rest", "Strong"),)),
        blocks.Points((blocks.Item("what", "Who", "up"),), "Claim", "note"),
        blocks.Picture("figures/completion", "alt", "cap"),
        blocks.Fold("More", (blocks.Grid(("a", "b"), (("x", blocks.Strong("1")),), "cap"),)),
    )  # fmt: skip
    made = blocks.Page("Page", (blocks.Section("Own", own, "own"),))
    (found / data.FILE).write_text(json.dumps(data.plain(made)), encoding="utf-8")
    section = brief(open_result(found)).only("own").blocks[0]
    assert section.blocks[:4] == own[:4] and section.blocks[5] == own[5]
    assert section.blocks[4].folder == found
    assert "Running text &lt;b&gt;" in shown(found, "en")


def test_a_brief_in_its_folder_stands_in_the_manifest_and_leaves_the_rest(tmp_path):
    from experiments.store import manifest
    from experiments.store.manifest import unsound as changed_files

    found = briefs.result(tmp_path / "r", 2, picture=False)
    before = open_result(found)
    first = write_brief(found)[0].read_bytes()
    assert manifest.changed(found) == ([], [], []) and manifest.digest_holds(found)
    assert open_result(found).digest == before.digest
    assert write_brief(found)[0].read_bytes() == first
    assert changed_files(found) == []
    briefs.result(found, 2, picture=False)
    assert not (found / "brief.html").exists(), "a new result takes its old brief away"


@pytest.mark.parametrize("points", [2, 12])
def test_a_sweep_has_a_brief(tmp_path, points):
    from sim.parameters import load_library
    from tests import store_tasks

    library = load_library()
    store = store_tasks.made(tmp_path / "s", library, store_tasks.plan(3, points))
    finish(store)
    page = write_brief(tmp_path / "s", lang="en", library=library)[0].read_text(encoding="utf-8")
    assert f"{points} points, {3 * points} runs: {3 * points} done, 0 failed" in page
    assert "xiaozhen sweep trial" in page
    assert "length" in page
