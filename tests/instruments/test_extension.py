"""An instrument of one's own: three files in a folder, and it acts, is paid as expected, is covered and described.

The runs are made in a process of their own, since instruments are found when the package is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import scenarios
from sim.engine.kernel import cache_folder, source_fingerprint

HERE = Path(__file__).resolve().parents[2]
TOML = """
[instrument]
id = "bonus"
title = { zh = "命名奖金", en = "Bonus on being named" }
what = { zh = "命名后一次性奖励小镇。", en = "A sum for a town on the day it is named." }
section = "money"

[lever.amount]
title = { zh = "奖金", en = "Amount" }
what = { zh = "每个命名小镇的奖金。", en = "Sum for each town that is named." }
sentence = { zh = "命名后奖励{value}", en = "{value} on being named" }
type = "number"
unit = "wan_yuan"
min = 0
max = 100000
inert = 0
source = ["G"]
evidence = "assumption"
"""
CODE = '''
"""A sum for each town on the day it is named."""

import numpy as np

from sim.engine.column import column
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind

BONUS = reason("money", "bonus", "命名奖金", "bonus", policy=True)


class Levers(LeverSet):
    """What a government sets."""

    amount: float


class Bonus(Instrument[Levers]):
    """Bonus."""

    received = column("town", np.int64, zh="已得命名奖金，万元", en="Bonus received")

    @at("acceptance")
    def reward(self, p, now: Levers) -> None:
        """Pay the towns that were named in this quarter."""
        if now.amount > 0.0:
            paid = np.where(p.towns.named_at == p.t, int(now.amount), 0).astype(np.int64)
            p.money.post(BONUS, government.authority(p), p.books.chart.of(Kind.TOWN), paid, clause="G")
            self.received += paid

    @expected
    def stake(self, p, ahead: Levers, f: Forecast) -> Floats | None:
        """Amount times the chance of being named within the horizon."""
        if ahead.amount == 0.0:
            return None
        near = (f.years_left <= p.behaviour["official.horizon"]) * p.towns.to_be_accepted()
        return f.listed * near * f.p_three * ahead.amount
'''
TEST = """
from sim.engine.ledger import REASONS
from tests.instruments.kit import EASY, Case, Effect, Promise, ZJ, flow

FREE = {**EASY, "acceptance.function_min": 0}
EFFECT = Effect(ZJ, {"bonus.amount": 0}, {"bonus.amount": 5000}, 6, flow(REASONS["bonus"]), +1, FREE)
CASES = {"amount": Case(ZJ, 5000, FREE)}
PROMISE = Promise(
    ZJ, {**FREE, "bonus.amount": 5000}, lambda it: it.total("bonus"), who=lambda it: it.before.towns.listed_at == 1
)
"""
ASK = """
import json
from experiments.analysis.coverage.register import is_read, mechanism
from report.pages.odd import odd
from sim.engine.kernel import source_fingerprint
from sim.parameters import show
from tests.instruments.kit import EASY, ZJ, played, small
from tests.worlds import digest, library

free = {**EASY, "acceptance.function_min": 0}
off, on = (played(small(ZJ, 6, levers={**free, "bonus.amount": x})) for x in (0, 5000))
bonus = next(i for i in on.policy.instruments if i.id == "bonus")
print(json.dumps({
    "named": int((on.towns.named_at >= 0).sum()), "received": int(bonus.received.sum()),
    "digests": [digest(off), digest(on)], "columns": [k for k in on.snapshot() if k.startswith("bonus.")],
    "read": is_read("bonus.amount"), "mechanism": mechanism(library().levers["bonus.amount"]),
    "shown": show(library(), "instrument", "bonus")["title"]["en"], "odd": "`bonus.amount`" in odd("en", library()),
    "unread": sorted({"bonus.amount"} - on.policy.levers_read()), "sources": source_fingerprint(),
}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three files of one name."""
    made = tmp_path_factory.mktemp("mine")
    for name, text in (("bonus.toml", TOML), ("bonus.py", CODE), ("test_bonus.py", TEST)):
        (made / name).write_text(text.lstrip(), encoding="utf-8")
    return made


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A process that finds the instruments of a folder."""
    paths = {"PYTHONPATH": str(HERE), "NUMBA_CACHE_DIR": str(cache_folder()), scenarios.EXTENSIONS: str(folder)}
    return subprocess.run(
        [sys.executable, *words], cwd=HERE, env={**os.environ, **paths}, capture_output=True, text=True, timeout=300
    )


def test_it_passes_what_every_instrument_must_pass(folder):
    """Inert it is nothing, on it pays, not before it is announced; its lever matters; counties get what they expect."""
    ran = python(folder, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-k", "bonus or types or promise",
                 "tests/instruments/test_every_instrument.py")  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:]
    for test in (
        "an_inert_instrument_is_as_good_as_none[bonus]",
        "nothing_moves_before_an_instrument_is_announced[bonus]",
        "switching_an_instrument_on_moves_its_own_outcome_the_right_way[bonus]",
        "every_lever_moves_something[bonus.amount]",
        "counties_get_what_they_expect[bonus]",
    ):
        assert f"PASSED tests/instruments/test_every_instrument.py::test_{test}" in ran.stdout


def test_it_acts_and_is_covered_described_shown_and_hashed(folder):
    ran = python(folder, "-c", ASK)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["named"] > 5 and found["received"] == 5000 * found["named"]
    assert found["digests"][0] != found["digests"][1] and found["columns"] == ["bonus.received"]
    assert found["read"] and found["mechanism"].endswith("bonus.py: Bonus") and not found["unread"]
    assert found["shown"] == "Bonus on being named" and found["odd"]
    assert found["sources"] != source_fingerprint(), "a result made with it is another model's"


def test_a_hook_that_nobody_calls_stops_the_import_and_says_so(tmp_path):
    (tmp_path / "bonus.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "bonus.py").write_text(CODE.replace('@at("acceptance")', '@at("accept")'), encoding="utf-8")
    ran = python(tmp_path, "-c", "import sim.instruments")
    assert ran.returncode != 0
    assert "no moment is called 'accept' (did you mean acceptance?)" in ran.stderr.splitlines()[-1]
