"""Running many: order, repeatability, failures."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest

from experiments.errors import FailedRun, RunFailures, StudyError
from experiments.run.runner import chunk_size, cuts, run_many
from report.text.errors import told
from tests import fakes


def bits(results):
    return [
        (r.spec_key, np.array(list(r.summary.values())).tobytes(), np.stack(list(r.yearly.values())).tobytes())
        for r in results
    ]


def test_results_come_in_spec_order_and_are_the_same_however_run():
    specs = fakes.specs(replicates=9)
    alone = run_many(specs, workers=1, task=fakes.fake_run)
    assert [r.spec_key for r in alone] == [s.scenario.fingerprint for s in specs]
    assert bits(run_many(specs, threads=3, task=fakes.fake_run)) == bits(alone)
    assert bits(run_many(specs, workers=2, task=fakes.fake_run)) == bits(alone)


def test_progress_ends_at_the_total_and_never_falls():
    for how in ({"workers": 1}, {"threads": 2}):
        seen = []
        run_many(
            fakes.specs(("null",), 7),
            task=fakes.fake_run,
            progress=lambda done, total, seen=seen: seen.append((done, total)),
            **how,
        )
        assert seen[-1] == (7, 7)
        assert seen == sorted(seen)


def test_one_failing_run_is_a_record_and_the_rest_goes_on():
    specs = fakes.specs(("null", "zhejiang_2015"), 5)
    for how in ({"workers": 1}, {"threads": 2}):
        results = run_many(specs, task=fakes.failing_run, allow_failures=True, **how)
        failed = [r for r in results if isinstance(r, FailedRun)]
        assert [f.spec.replicate for f in failed] == [3, 3]
        assert failed[0].stage == "audit"
        assert "ValueError: account 7 does not balance" in failed[0].cause
        assert "failing_run" in failed[0].trace
        assert sum(isinstance(r, fakes.RunResult) for r in results) == 8


def test_failures_are_raised_at_the_end_naming_the_first():
    with pytest.raises(RunFailures) as caught:
        run_many(fakes.specs(("null", "zhejiang_2015"), 5), task=fakes.failing_run, threads=2)
    for lang, word in (("zh", "步骤 audit"), ("en", "stage audit")):
        message = told(caught.value, lang)
        assert word in message
        assert "account 7 does not balance" in message
    assert len(caught.value.results) == 10


def test_a_worker_that_dies_costs_only_its_own_run():
    results = run_many(fakes.specs(("null",), 8), task=fakes.dying_run, workers=2, allow_failures=True)
    assert [i for i, r in enumerate(results) if isinstance(r, FailedRun)] == [5]
    assert results[5].stage == "worker"


def test_a_failed_run_crosses_process_borders():
    failed = FailedRun(fakes.specs(("null",), 1)[0], "land", "ValueError: no")
    assert pickle.loads(pickle.dumps(failed)) == failed


@pytest.mark.parametrize("how", [{"workers": 0}, {"threads": 0}, {"workers": -2}])
def test_a_count_below_one_is_an_input_error(how):
    with pytest.raises(StudyError) as caught:
        run_many(fakes.specs(("null",), 2), task=fakes.fake_run, **how)
    assert "0" in told(caught.value, "zh") or "-2" in told(caught.value, "zh")


def test_nothing_to_run_gives_nothing():
    assert run_many([], task=fakes.fake_run, workers=4) == []


@pytest.mark.parametrize(("jobs", "workers"), [(1, 1), (7, 2), (100, 3), (100_000, 64)])
def test_chunks_cover_every_job_once(jobs, workers):
    size = chunk_size(jobs, workers)
    parts = list(pairwise(cuts(0, jobs, size)))
    assert [i for a, b in parts for i in range(a, b)] == list(range(jobs))
    assert size <= 32
