"""An instrument of one's own: three files in a folder, and it acts, is paid as expected, is covered and described.

The files are those of ``docs/how-to/instrument.md``.

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
from tests import howto

HERE = Path(__file__).resolve().parents[2]
TOML, CODE, TEST = (text for _, _, text in howto.blocks("instrument"))
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
        (made / name).write_text(text, encoding="utf-8")
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
