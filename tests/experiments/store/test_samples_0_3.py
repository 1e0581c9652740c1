"""Results that version 0.3 wrote open for reading, and a half-way sweep of it is refused in one sentence.

The samples were made by version 0.3: ``compare`` and ``sweep`` of two scenarios of eight quarters, a sweep of which one
shard of two was run, and ``run --out``.
"""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

import xiaozhen as xz
from experiments.analysis.load import load_study
from experiments.analysis.opened import COMPARE, SWEEP, open_result
from experiments.errors import FolderError
from experiments.run.carry import resume
from experiments.run.verify import verify
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.query import query
from experiments.store.reading import cohorts, frame, yearly
from report.pages.comparison.brief import write_brief
from report.pages.stores import status
from report.text.errors import told
from report.text.spoken import spoken
from sim.parameters import load_library
from tests.store_tasks import bytes_of, plan

SAMPLES = Path(__file__).with_name("samples_0_3")


@pytest.fixture(scope="module")
def library():
    return load_library()


@pytest.fixture
def sample(tmp_path):
    """A copy of a sample: what reads must not write."""
    return lambda name: Path(shutil.copytree(SAMPLES / name, tmp_path / name))


@pytest.mark.parametrize(
    ("name", "points", "counts"),
    [("compare", 2, (4, 4, 0)), ("run", 1, (2, 2, 0)), ("sweep", 2, (4, 4, 0)), ("half", 2, (4, 2, 2))],
)
def test_status_and_questions_work_and_nothing_is_touched(sample, name, points, counts):
    folder = sample(name)
    before = bytes_of(folder)
    store = Store.open(folder)
    found = store.counts()
    assert (found["all"], found["done"], found["waiting"]) == counts
    asked = query(store, "SELECT point, avg(investment_total) AS mean FROM runs GROUP BY point")
    assert len(asked) == points and all(asked["mean"] > 0)
    assert len(frame(store)) == counts[0] and len(yearly(store)) == 2 * counts[1] and len(cohorts(store)) > 0
    assert bytes_of(folder) == before


def test_a_comparison_and_a_sweep_of_the_same_runs_agree(sample, library):
    """The comparison set a lever, and its baseline has none to set."""
    compared, swept = (
        frame(Store.open(sample(name))).set_index(["point", "replicate"]) for name in ("compare", "sweep")
    )
    same = [name for name in swept.columns if name in compared.columns and name not in ("run", "status")]
    for name in same:
        a, b = compared.loc[("null", 1), name], swept.loc[("null", 1), name]
        assert a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b)), name
    study = load_study(SAMPLES / "compare", library)
    assert study.group("zhejiang_2015").resolved.levers["clawback.multiple"][-1] == 3
    assert study.behaviour == "posterior" and study.groups[0].per_draw == 2
    assert study.baseline_of == {"zhejiang_2015": "null"}


@pytest.mark.parametrize(("name", "kind"), [("compare", COMPARE), ("run", SWEEP), ("sweep", SWEEP), ("half", SWEEP)])
def test_a_brief_can_be_made(sample, tmp_path, library, name, kind):
    folder = sample(name)
    result = open_result(folder, library)
    assert result.kind == kind and not result.changed
    page = write_brief(folder, out=tmp_path / "x.html", lang="en", library=library)[0].read_text(encoding="utf-8")
    assert "xiaozhen" in page
    if name == "compare":
        assert "What does the policy change?" in page and "clawback" in page


def test_a_half_way_sweep_is_refused_in_one_sentence_and_stays_as_it_is(sample, library):
    folder = sample("half")
    before = bytes_of(folder)
    with pytest.raises(StoreError) as caught:
        resume(folder, library=library)
    assert caught.value.message_id == "other_model"
    assert all("\n" not in told(caught.value, lang) for lang in ("zh", "en"))
    assert bytes_of(folder) == before
    at = xz.status(folder)
    words = " ".join(spoken(block.text, "en") for block in status(at))
    assert not at["same_model"] and "another folder" in words and "resume" not in words, "status promises nothing else"


@pytest.mark.parametrize("name", ["compare", "run"])
def test_nothing_is_run_into_an_old_result_unless_it_may_be_replaced(sample, library, name):
    folder = sample(name)
    before = bytes_of(folder)
    with pytest.raises(FolderError) as caught:
        Store.create(folder, plan(), library=library)
    assert caught.value.message_id == "holds_results" and bytes_of(folder) == before
    with pytest.raises(StoreError):
        Store.open(folder, clean=True)


def test_the_files_of_an_old_comparison_can_be_verified(sample, library):
    found = verify(sample("compare"), library=library)
    assert {p.kind for p in found.problems} >= {"sources_differ"} and not found.grave and found.rerun == 0
