"""A whole study: files, bytes, folders, reports and figures."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from experiments.analysis.load import load_study
from experiments.errors import FolderError, RunFailures, StudyError
from experiments.plan.behaviour import behaviours_for
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.manifest import unsound as changed_files
from report.figures.draw import drawable
from report.figures.registry import Scene, figures
from report.pages.comparison.write import write_pages
from report.text.errors import told as message_in
from sim.parameters import InputError, load_library
from tests import briefs, fakes, worlds
from xiaozhen.api.comparison import run_study

QUICK = {"figures": (), "task": fakes.fake_run, "replicates": 3, "workers": 1}


@pytest.fixture(scope="module")
def library():
    return worlds.library()


STUDY = "three_regimes"


def bytes_of(folder):
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_a_study_leaves_all_its_files(tmp_path, library):
    told = []
    result = run_study(STUDY, library=library, out=tmp_path / "r", progress=lambda *at: told.append(at), **QUICK)
    names = {p.relative_to(tmp_path / "r").as_posix() for p in result.files}
    tables = {f"{t}.{e}" for t in ("runs", "yearly", "cohorts", "estimates", "outcomes") for e in ("csv", "parquet")}
    store = {"plan.json", "points.parquet", "runs/part-00000.parquet", "manifest.json"}
    assert names == tables | store | {"context.json", "summary.zh.md", "summary.en.md"}
    assert told[-1] == (12, 12)
    assert len(result.frame("runs")) == 12
    with pytest.raises(KeyError):
        result.frame("nothing")


def test_the_manifest_knows_every_file_and_finds_a_change(tmp_path, library):
    out = run_study(STUDY, library=library, out=tmp_path / "r", **QUICK).folder
    listed = json.loads((out / "manifest.json").read_text())["files"]
    assert set(listed) == set(bytes_of(out)) - {"manifest.json", "manifest.sha256"}
    assert changed_files(out) == []
    (out / "runs.csv").write_text("0")
    (out / "cohorts.csv").unlink()
    assert changed_files(out) == ["cohorts.csv", "runs.csv"]


def test_the_record_says_what_was_run_and_nothing_of_the_machine(tmp_path, library):
    out = tmp_path / "r"
    run_study(
        "three_regimes",
        library=library,
        out=out,
        overrides={"clawback.multiple": 3, "exit.hazard_year1": 0.02},
        **QUICK,
    )
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    null, zhejiang = plan["scenarios"][:2]
    assert null["levers_not_inert"] == {}
    assert zhejiang["levers_not_inert"]["clawback.multiple"][-1][0] == 3
    assert zhejiang["overridden"]["clawback.multiple"] == "command line"
    assert null["behaviour_overridden"] == zhejiang["behaviour_overridden"] == {"exit.hazard_year1": 0.02}
    assert plan["identity"]["scheme"].startswith("xz-draws")
    assert plan["command"] == (
        "xiaozhen compare three_regimes --replicates 3 --set clawback.multiple=3 --set exit.hazard_year1=0.02"
    )
    text = "".join(p.read_text(encoding="utf-8") for p in out.glob("*.[jm]*"))
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text


def test_an_uncertainty_newer_than_the_fit_stops_no_study_and_is_said_to_be_at_its_prior(tmp_path, library):
    root = tmp_path / "scenarios"
    shutil.copytree(library.root, root, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    file = root / "behaviour" / "central.toml"
    text = file.read_text(encoding="utf-8")
    record = text[text.index('[uncertainty."exit.hazard_year1"]') : text.index('[uncertainty."exit.hazard_year2"]')]
    file.write_text(record.replace("exit.hazard_year1", "exit.novel") + "\n" + text, encoding="utf-8")
    found = run_study(STUDY, library=load_library(root), out=tmp_path / "r", **QUICK)
    drawn = [spec.scenario.behaviour["exit.novel"] for spec in found.study.groups[0].specs]
    assert drawn[0] == drawn[1] != drawn[2], "two replicates of each draw"
    newer = behaviours_for("posterior", library, 1).at_prior
    assert set(found.study.at_prior) == {"exit.novel", *newer}
    plan = json.loads((tmp_path / "r" / "plan.json").read_text(encoding="utf-8"))
    assert plan["behaviour"]["at_prior"] == list(found.study.at_prior)
    for lang, said in (("zh", "exit.novel"), ("en", "newer than the fit, drawn from the prior")):
        assert said in (tmp_path / "r" / f"summary.{lang}.md").read_text(encoding="utf-8")


def test_bytes_do_not_depend_on_the_workers(tmp_path, library):
    seen = []
    for workers in (1, 2):
        options = {**QUICK, "workers": workers, "replicates": 6}
        seen.append(bytes_of(run_study(STUDY, library=library, out=tmp_path / str(workers), **options).folder))
    assert seen[0] == seen[1]


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_workers_with_figures(tmp_path, library):
    seen = []
    for workers in (1, 2, 4):
        options = {**QUICK, "workers": workers, "replicates": 6, "figures": ("spending", "completion")}
        seen.append(bytes_of(run_study(STUDY, library=library, out=tmp_path / str(workers), **options).folder))
    assert seen[0] == seen[1] == seen[2]


def test_an_earlier_result_is_kept_unless_told_and_then_replaced_whole(tmp_path, library):
    out = tmp_path / "r"
    run_study(STUDY, library=library, out=out, **{**QUICK, "figures": ("spending",)})
    (out / "notes.txt").write_text("mine")
    before = bytes_of(out)
    with pytest.raises(StoreError) as caught:
        run_study(STUDY, library=library, out=out, **{**QUICK, "replicates": 1})
    assert bytes_of(out) == before and caught.value.message_id == "other_plan"
    for lang in ("zh", "en"):
        assert "xiaozhen compare" in message_in(caught.value, lang) and "--force" in message_in(caught.value, lang)
    run_study(STUDY, library=library, out=out, force=True, **{**QUICK, "langs": ("zh",)})
    assert not list((out / "figures").glob("*"))
    assert not (out / "summary.en.md").exists()
    assert (out / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path, library):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(FolderError) as caught:
        run_study(STUDY, library=library, out=tmp_path, **QUICK)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]
    assert isinstance(caught.value, InputError)
    for lang, word in (("zh", "不是以前的结果"), ("en", "no earlier result")):
        assert word in message_in(caught.value, lang)
    with pytest.raises(FolderError):
        run_study(STUDY, library=library, out=tmp_path / "thesis.docx", **QUICK)


class Counted:
    """A task that counts its runs, and is interrupted at one of them."""

    def __init__(self, stop=10**9):
        self.runs, self.stop = 0, stop

    def __call__(self, spec):
        if self.runs >= self.stop:
            raise KeyboardInterrupt
        self.runs += 1
        return fakes.fake_run(spec)


def test_an_interrupted_comparison_goes_on_by_the_same_command_and_a_finished_one_is_not_run_again(tmp_path, library):
    out, first, second, third = tmp_path / "r", Counted(7), Counted(), Counted()
    with pytest.raises(KeyboardInterrupt):
        run_study(STUDY, library=library, out=out, **{**QUICK, "task": first})
    assert not (out / "summary.en.md").exists()
    fresh = run_study(STUDY, library=library, out=out, **{**QUICK, "task": second})
    assert first.runs == 7 and 0 < second.runs < 12, "what was stored is not run again"
    run_study(STUDY, library=library, out=tmp_path / "calm", **QUICK)
    assert bytes_of(out) == bytes_of(tmp_path / "calm")
    written = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    again = run_study(STUDY, library=library, out=out, **{**QUICK, "task": third})
    assert third.runs == 0 and {p: p.stat().st_mtime_ns for p in written} == written
    assert repr(again.study.estimate_records()) == repr(fresh.study.estimate_records()) and len(again.files) == 17


def test_pages_that_were_cut_off_are_written_again_without_a_run(tmp_path, library):
    out, task = tmp_path / "r", Counted()
    before = bytes_of(run_study(STUDY, library=library, out=out, **QUICK).folder)
    (out / "summary.zh.md").unlink()
    run_study(STUDY, library=library, out=out, **{**QUICK, "task": task})
    assert task.runs == 0 and bytes_of(out) == before


def test_more_replicates_are_added_and_the_pages_follow(tmp_path, library):
    out, task = tmp_path / "r", Counted()
    run_study(STUDY, library=library, out=out, **QUICK)
    run_study(STUDY, library=library, out=out, **{**QUICK, "replicates": 4, "task": task})
    assert task.runs == 4, "one more of each scenario"
    assert bytes_of(out) == bytes_of(
        run_study(STUDY, library=library, out=tmp_path / "f", **{**QUICK, "replicates": 4}).folder
    )


def test_a_study_and_its_maps_come_back_from_the_folder_alone(tmp_path, library):
    fresh = run_study(STUDY, library=library, out=tmp_path / "r", **QUICK).study
    study = load_study(tmp_path / "r", library)
    assert repr(study.estimate_records()) == repr(fresh.estimate_records()) and study.fingerprint == fresh.fingerprint
    towns = study.groups[1].runs[0].tables["towns"]
    assert set(towns) == {"status", "investment"} and towns["investment"].dtype == np.int64
    assert not study.groups[1].runs[1].tables, "maps are of the first replicate"


@pytest.mark.parametrize(
    "asked",
    [
        {"study": "province"},
        {"study": "no_such.toml"},
        {"overrides": {"clawback.multple": 3}},
        {"overrides": {"clawback.multiple": 99}},
        {"replicates": 0},
        {"replicates": True},
        {"langs": ("xx",)},
        {"workers": 0},
    ],
)
def test_what_cannot_be_run_is_an_input_error_and_writes_nothing(tmp_path, library, asked):
    options = {**QUICK, "study": "three_regimes", **asked}
    with pytest.raises(InputError) as caught:
        run_study(options.pop("study"), library=library, out=tmp_path / "r", **options)
    assert message_in(caught.value, "zh")
    assert str(caught.value)
    assert not (tmp_path / "r").exists()


def test_a_failed_run_leaves_no_page_and_keeps_the_others(tmp_path, library):
    with pytest.raises(RunFailures, match="account 7"):
        run_study(STUDY, library=library, out=tmp_path / "r", **{**QUICK, "task": fakes.failing_run, "replicates": 4})
    assert not list((tmp_path / "r").glob("summary.*"))
    assert Store.open(tmp_path / "r").counts() == {"all": 16, "done": 12, "failed": 4, "waiting": 0}


def test_a_study_file_of_ones_own(tmp_path, library):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[study]\nid = "mine"\ntitle = { zh = "我的", en = "Mine" }\nreplicates = 2\n'
        'what = { zh = "两种情景。", en = "Two scenarios." }\n'
        '[[scenario]]\nid = "a"\ntitle = { zh = "甲", en = "A" }\nregime = "null"\nworld = "zhejiang"\n'
        '[[scenario]]\nid = "b"\ntitle = { zh = "乙", en = "B" }\nregime = "zhejiang_2015"\nworld = "zhejiang"\n'
        'set = { "clawback.multiple" = 4 }\n',
        encoding="utf-8",
    )
    result = run_study(path, library=library, out=tmp_path / "r", **{**QUICK, "replicates": None})
    assert [g.id for g in result.study.groups] == ["a", "b"]
    assert result.study.group("b").resolved.levers["clawback.multiple"][-1] == 4
    assert result.study.replicates == 2
    path.write_text("[study]\nid = 3\n", encoding="utf-8")
    with pytest.raises(InputError):
        run_study(path, library=library, out=tmp_path / "r2", **QUICK)


def test_the_report_answers_the_question_in_both_languages(tmp_path, library):
    out = run_study(STUDY, library=library, out=tmp_path / "r", **QUICK).folder
    for lang, words in (
        (
            "zh",
            (
                "## 要点",
                "## 与基准的差异",
                "整体移到2015年第2季度",
                "没有写明",
                "项取值是假定",
                "取后验的2次抽样",
                "## 哪些结论站得住",
                "## 自检",
            ),
        ),
        (
            "en",
            (
                "## In short",
                "## Differences",
                "moved as a whole to 2015Q2",
                "leaves unstated",
                "2 draws from the posterior",
                "## Which findings survive",
                "## Checks",
            ),
        ),
    ):
        text = (out / f"summary.{lang}.md").read_text(encoding="utf-8")
        for word in (*words, "xiaozhen compare three_regimes --replicates 3"):
            assert word in text
        assert "nan" not in text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "r"
    places = fakes.geography()
    result = write_pages(fakes.study(5), briefs.library(), folder, spec={}, langs=("zh",), geography=places, workers=1)
    return result, folder


def test_every_figure_is_drawn_without_a_missing_sign(drawn, recwarn):
    result, folder = drawn
    names = [name for name in drawable(result.study) if name != "linkage"]
    assert len(names) == 9
    for name in names:
        for kind in ("png", "svg"):
            assert (folder / "figures" / f"{name}.zh.{kind}").stat().st_size > 5_000
        assert f"(figures/{name}.zh.png)" in (folder / "summary.zh.md").read_text(encoding="utf-8")
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


def test_svg_holds_no_date_and_no_text_that_needs_a_font(drawn):
    _, folder = drawn
    for path in (folder / "figures").glob("*.svg"):
        content = path.read_text(encoding="utf-8")
        assert "<dc:date>" not in content
        assert "<text" not in content


def test_text_stays_inside_the_page():
    """No letter of any figure lies outside the page, in either language."""
    import matplotlib

    from report.figures.style import styled

    study = fakes.study(3)
    with styled():
        for lang in ("zh", "en"):
            for name in ("completion", "differences", "spending"):
                figure = figures()[name].draw(Scene(study, None, lang)).figure
                figure.set_dpi(200)
                figure.canvas.draw()
                page = figure.bbox
                for text in figure.findobj(matplotlib.text.Text):
                    if text.get_text() and text.get_visible():
                        box = text.get_window_extent()
                        assert box.x0 >= page.x0 - 1, (name, lang, text.get_text())
                        assert box.x1 <= page.x1 + 1, (name, lang, text.get_text())


@pytest.mark.slow
def test_figures_are_the_same_in_one_process_and_two(tmp_path):
    study, seen = fakes.study(4), []
    for workers in (1, 2):
        folder = tmp_path / str(workers) / "r"
        write_pages(study, briefs.library(), folder, spec={}, geography=fakes.geography(), workers=workers)
        seen.append(bytes_of(folder))
    assert seen[0] == seen[1]


@pytest.mark.slow
def test_the_model_itself_runs_a_study(tmp_path):
    result = run_study("three_regimes", replicates=2, out=tmp_path / "r", workers=2)
    assert changed_files(result.folder) == []
    assert not [f for f in result.findings if f.status == "alarm"]


def test_errors_name_no_language_that_does_not_exist():
    with pytest.raises(StudyError):
        raise StudyError("bad_language", found="xx")
