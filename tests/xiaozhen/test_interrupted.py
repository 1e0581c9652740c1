"""A comparison that is stopped on the way says what is kept and how to go on."""

from __future__ import annotations

import pytest

from sim.run import run as the_model
from tests.lines import Ask

LINE = ("compare", "three_regimes", "--replicates", "2", "--behaviour", "central", "--workers", "1", "--out", "r")


@pytest.mark.slow
def test_an_interrupted_comparison_names_its_folder_and_goes_on(ask: Ask, monkeypatch: pytest.MonkeyPatch):
    seen = []

    def run(spec):
        seen.append(spec.key)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return the_model(spec)

    monkeypatch.setattr("experiments.run.carry.task_of", lambda name: run)
    stopped = ask(*LINE, "--lang", "en")
    assert stopped.code == 130 and "kept in r" in stopped.err and "Interrupted" in stopped.err
    before = len(seen)
    assert ask(*LINE, "--lang", "zh").code == 0
    assert len(set(seen)) == 8 and len(seen) - before == 8 - 3
