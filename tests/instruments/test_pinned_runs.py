"""No run moves unnoticed: for every lever, what came out of the run of its case is what came out before.

What is pinned is a hash of every outcome and of the tables of towns, counties and villages, one for each lever and one
for each instrument's own effect. A change that is meant to move runs shows here which levers it moved. Then write them
anew, and say in the changelog what moved and why::

    python -m tests.instruments.test_pinned_runs
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from sim.outcomes import summarise, tables
from sim.parameters import Resolved
from tests.instruments.kit import make, small
from tests.instruments.test_every_instrument import CASES, DATA
from tests.worlds import play

FILE = Path(__file__).with_name("pinned.json")
PINNED = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {"outcomes": [], "columns": {}, "runs": {}}
TABLES = ("towns", "counties", "villages")
PLACES = ("x", "y", "key", "name")
"""Columns that no instrument moves."""


def scenarios(name: str) -> dict[str, Resolved]:
    """A run for each lever of an instrument (its case), and one for the instrument at work (its effect)."""
    made = {
        key: small(case.regime, case.quarters, levers={**case.context, key: case.value})
        for key, case in CASES.items()
        if key.startswith(f"{name}.")
    }
    e = DATA[name].EFFECT
    return {**made, name: small(e.regime, max(e.quarters, 10), levers={**e.common, **e.on}, behaviour=e.behaviour)}


def fingerprint(made: Resolved, outcomes: list[str], columns: dict[str, list[str]]) -> str:
    """Hash of what comes out of a run: some outcomes, and some columns of the tables; numbers to seven digits, so that
    it is the same on machines that add up in another order.
    """
    p = play(make(made))
    summary, out = summarise(p), hashlib.sha256()
    found = [[summary[name] for name in outcomes]]
    found += [table[column].tolist() for name, table in tables(p, TABLES).items() for column in columns[name]]
    for values in found:
        out.update(" ".join(v if isinstance(v, str) else f"{v:.6e}" for v in values).encode())
    return out.hexdigest()[:16]


@pytest.mark.parametrize("name", DATA)
def test_what_comes_out_of_a_run_is_what_came_out_before(name: str) -> None:
    found = {key: fingerprint(one, PINNED["outcomes"], PINNED["columns"]) for key, one in scenarios(name).items()}
    moved = [key for key, mark in found.items() if mark != PINNED["runs"].get(key, mark)]
    assert not moved, f"what comes out has moved with {', '.join(moved)}; see {Path(__file__).name} for what to do"


def test_the_levers_of_the_product_are_pinned() -> None:
    """A lever of a new instrument is compared from the time on that somebody pins it; what is gone is not kept."""
    assert set(PINNED["runs"]) <= {*CASES, *DATA} and len(PINNED["runs"]) > 200


def write() -> None:
    """Pin what comes out now."""
    p = play(make(small("null", 4)))
    columns = {name: [c for c in table if c not in PLACES] for name, table in tables(p, TABLES).items()}
    outcomes = list(summarise(p))
    runs = {key: fingerprint(one, outcomes, columns) for name in DATA for key, one in scenarios(name).items()}
    FILE.write_text(json.dumps({"outcomes": outcomes, "columns": columns, "runs": runs}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write()
