"""What the fit says: the committed posterior, the documents written from it, and the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calibration.fit.known import known
from calibration.fit.publish import TARGETS, UNCERTAINTIES
from calibration.fit.stages import targets_hash
from calibration.fit.trial import COVERAGE
from calibration.targets import load_targets
from experiments.plan.behaviour import ABOUT, DRAWS, draws, posterior_folder, read
from report.pages import calibration as report
from report.text.catalogue import under
from tests import worlds

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def library():
    return worlds.library()


@pytest.fixture(scope="module")
def found(library):
    return known(library)


# --- the committed posterior -----------------------------------------------------------------------------------------


def test_the_committed_posterior_belongs_to_these_priors_and_figures(library, found):
    fitted = read(library)
    assert fitted.values.shape == (found.about["size"]["sample"], len(library.uncertainties))
    assert found.about["targets_sha256"] == targets_hash(load_targets()) and not found.stale
    assert len(draws("posterior", library, 400)) == 400


def test_at_least_twenty_of_the_figures_lie_inside(found):
    inside = [row["inside"] for row in found.targets.values()]
    assert len(inside) == 24 and sum(inside) >= 20 and sum(inside) == found.about["found"]["figures_inside"]
    for row in found.targets.values():
        assert row["inside"] == (row["posterior_q05"] <= row["value"] <= row["posterior_q95"]), row["id"]


def test_identified_uncertainties_are_covered_and_their_ranks_uniform(found):
    identified = [row for row in found.uncertainties.values() if row["identified"]]
    assert len(identified) >= 5 and found.about["found"]["trials"] >= 20
    assert all(COVERAGE[0] <= row["trial_coverage"] <= COVERAGE[1] for row in identified)
    assert found.about["found"]["least_rank_p_after_holm"] > 0.05
    assert all(row["informed_by"] for row in identified)


def test_what_moves_no_figure_keeps_its_prior(found):
    still = [row for row in found.uncertainties.values() if not row["moves_a_figure"]]
    assert still and all(row["sd_ratio"] == 1.0 and not row["identified"] for row in still)


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_documents_are_what_the_files_say(library, lang):
    text = (DOCS / report.NAMES[lang]).read_text(encoding="utf-8")
    assert text == report.document(lang, library)
    assert all(target.title[lang] in text for target in load_targets().values())
    assert (DOCS / f"{report.FIGURE}.{lang}.png").exists()


def test_what_the_data_fix_only_together_is_told(library):
    tied = report.tied(read(library))
    assert any({"project.rate", "project.budget_median"} == {one, other} and r < 0 for one, other, r in tied)


def test_every_figure_has_an_explanation_should_it_be_among_the_worst():
    assert set(under("calibration.why")) == {f"calibration.why.{name}" for name in load_targets()}


# --- the command line ------------------------------------------------------------------------------------------------


def test_recovery_is_told_without_running_anything(ask, library):
    code, out, _ = ask("calibrate", "--recovery", "--json")
    told = json.loads(out)
    assert code == 0 and len(told["uncertainties"]) == 101 and len(told["targets"]) == 24
    code, out, _ = ask("calibrate", "--recovery", "--out", str(posterior_folder(library)))
    assert code == 0 and "firm.output_per_worker" in out and not list(Path().iterdir())
    assert "检验" in ask("calibrate", "--recovery", "--lang", "zh")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("calibrate", "--resume", "--out", "nothing"), "nothing"),
        (("calibrate", "--recovery", "--out", "nothing"), "calibrate"),
        (("calibrate", "--quick", "--install"), "small fit"),
        (("calibrate", "--workers", "0"), "--workers"),
        (("calibrate", "--out", "file.txt"), "file.txt"),
        (("calibrate", "--out", "full"), "full"),
    ],
)
def test_a_line_that_cannot_be_carried_out_is_told_once_and_touches_nothing(ask, words, told):
    Path("file.txt").write_text("x")
    Path("full").mkdir()
    Path("full/mine.txt").write_text("x")
    before = sorted(p.as_posix() for p in Path().rglob("*"))
    code, out, err = ask(*words)
    assert code == 2 and told in err and out == "" and "Traceback" not in err
    assert sorted(p.as_posix() for p in Path().rglob("*")) == before


def test_show_tells_what_the_data_say_of_an_uncertainty(ask, found):
    known_best = min(found.uncertainties.values(), key=lambda row: row["sd_ratio"])
    code, out, _ = ask("show", "uncertainty", known_best["key"])
    assert code == 0 and "posterior" in out and "yes: in" in out and known_best["informed_by"][0] in out
    still = next(row["key"] for row in found.uncertainties.values() if not row["moves_a_figure"])
    assert "keeps its prior" in ask("show", "uncertainty", still)[1]
    told = json.loads(ask("show", "uncertainty", known_best["key"], "--json")[1])
    assert told["identified"]["zh"].startswith("能识别") and told["informed_by"][0]["id"] in found.targets


@pytest.mark.slow
def test_a_small_fit_of_the_model_itself_is_the_same_whatever_the_workers(library, tmp_path):
    from calibration.fit.publish import calibrate
    from calibration.fit.stages import FitSpec

    small = FitSpec(
        draws=24, luck_draws=2, luck_replicates=4, refine=2, particles=100, moves=2, sample=8, truths=2, check=4
    )
    for name, workers in (("one", 1), ("two", 2)):
        calibrate(small, library, tmp_path / name, workers)
    for name in (DRAWS, ABOUT, UNCERTAINTIES, TARGETS):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    read(library, tmp_path / "one")
