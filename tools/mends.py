"""What each mend moved: ``python -m tools.mends [--only E5] [--replicates 20] [--write]``, into ``docs/mends.json``.

A mend is a commit whose message ends with a line ``Mends: E5``. It and its parent are checked out apart and play the
same scenarios with the same random numbers: the headline comparison in Zhejiang's world, and at home the regimes that
the finding's row in ``scenarios/fidelity`` names. Of a mend in several commits the differences are added replicate by
replicate: what lies between them is another's. What was played is kept in ``.cache/mends`` by the contents of ``sim``
and ``scenarios``, so an interrupted round goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.analysis.estimates.contrasts import mean_estimate
from experiments.plan.behaviour import behaviours_for
from sim.outcomes.records import OUTCOMES
from sim.parameters import Library, load_library
from sim.run import RunSpec, run

ROOT = Path(__file__).resolve().parents[1]
FILE, CACHE, ROWS = ROOT / "docs" / "mends.json", ROOT / ".cache" / "mends", ROOT / "scenarios" / "fidelity"
HEADLINE = ("null", "zhejiang_2015", "tongzhou_2017", "pingxiang_2017")
WORLD, EFFECTIVE, QUARTERS = "zhejiang", "2015Q2", 40
FORMAT = "%H%x09%(trailers:key=Mends,valueonly,separator=%x2C)"
MAIN = tuple(name for name, one in OUTCOMES.items() if "main" in one.shown)
"""Outcomes of the table of main results."""

Played = Mapping[str, Sequence[float]]
"""Outcome to its value in every replicate."""


Scenario = tuple[str, bool]
"""A regime, and whether it is played at home."""


def play(scenarios: Iterable[Scenario], replicates: int) -> dict[str, dict[str, list[float]]]:
    """Play scenarios with the model that Python finds here, replicate k with draw k of the behaviour.

    Returns:
        What each comes to, by "regime.place"; nothing for a regime that the files do not have.
    """
    files = load_library()
    return {_name(one): _played(files, *one, replicates) if one[0] in files.regimes else {} for one in scenarios}


def _name(scenario: Scenario) -> str:
    return f"{scenario[0]}.{'home' if scenario[1] else WORLD}"


def _played(files: Library, regime: str, home: bool, replicates: int) -> dict[str, list[float]]:
    where = {"world": files.regimes[regime].home or WORLD} if home else {"world": WORLD, "effective": EFFECTIVE}
    drawn = behaviours_for(None, files, replicates, each=1)
    found: dict[str, list[float]] = {}
    for k in range(replicates):
        one = files.resolve(regime, quarters=QUARTERS, behaviour=drawn.of(k), **where)  # type: ignore[arg-type]
        for name, value in run(RunSpec(one, k)).summary.items():
            found.setdefault(name, []).append(float(value))
    return found


def git(*arguments: str) -> str:
    """What git says."""
    return subprocess.run(("git", *arguments), cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def commits(log: str) -> dict[str, list[str]]:
    """Commits by mend, oldest first, from lines "hash<tab>trailers"."""
    found: dict[str, list[str]] = {}
    for line in log.splitlines():
        commit, _, trailers = line.partition("\t")
        for mend in trailers.replace(",", " ").split():
            found.setdefault(plain(mend), []).append(commit)
    return dict(sorted(found.items(), key=lambda item: (item[0][0] != "E", item[0])))


def plain(mend: str) -> str:
    """A mend's id as the rows have it: E5 is E05; a word stays as it is."""
    head, number = mend[:1], mend[1:]
    return f"{head}{int(number):02}" if number.isdigit() else mend


def at_home(folder: Path) -> dict[str, tuple[str, ...]]:
    """Regimes that each row names."""
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    return {name: tuple(row.get("regimes", ())) for rows in read for name, row in rows.items()}


class Trees:
    """Commits checked out in one worktree, and what was played in them."""

    def __init__(self, replicates: int) -> None:
        self.replicates = replicates
        self.tree = CACHE / "tree"

    def played(self, commit: str, scenarios: Sequence[Scenario]) -> list[Played]:
        """What scenarios come to at a commit; nothing where the commit does not know a regime."""
        parts = "-".join(git("rev-parse", f"{commit}:{part}")[:12] for part in ("sim", "scenarios"))
        kept = {one: CACHE / f"{parts}.{_name(one)}.{self.replicates}.json" for one in scenarios}
        wanted = [one for one in scenarios if not kept[one].is_file()]
        found = self._play(commit, wanted) if wanted else {}
        for one in wanted:
            kept[one].parent.mkdir(parents=True, exist_ok=True)
            kept[one].write_text(json.dumps(found[_name(one)]), encoding="utf-8")
        return [json.loads(kept[one].read_text(encoding="utf-8")) for one in scenarios]

    def _play(self, commit: str, scenarios: Sequence[Scenario]) -> dict[str, Played]:
        if not (self.tree / ".git").exists():
            git("worktree", "prune")
            git("worktree", "add", "--detach", str(self.tree), commit)
        subprocess.run(("git", "checkout", "-q", "--detach", commit), cwd=self.tree, check=True)
        arguments = ("--play", *map(_name, scenarios), "--replicates", str(self.replicates))
        command, there = (sys.executable, str(Path(__file__)), *arguments), {**os.environ, "PYTHONPATH": str(self.tree)}
        told = subprocess.run(command, cwd=self.tree, check=True, stdout=subprocess.PIPE, text=True, env=there)
        found: dict[str, Played] = json.loads(told.stdout)
        return found

    def remove(self) -> None:
        """Take the worktree away; what was played stays."""
        if self.tree.exists():
            git("worktree", "remove", "--force", str(self.tree))


def differences(
    mend: str, names: Sequence[str], scenario: Mapping[str, Any], pairs: Iterable[tuple[Played, Played]]
) -> Iterator[dict[str, Any]]:
    """Rows of one mend in one scenario, an outcome each.

    Args:
        mend: Its id.
        names: Its commits.
        scenario: Regime and world.
        pairs: For each commit what was played before it and at it.
    """
    known = [(before, after) for before, after in pairs if before and after]
    for outcome in MAIN:
        sides = [(np.array(b[outcome]), np.array(a[outcome])) for b, a in known if outcome in b and outcome in a]
        if not sides:
            continue
        moved = np.sum([after - before for before, after in sides], axis=0)
        found, first = mean_estimate(moved, unit=OUTCOMES[outcome].unit), mean_estimate(sides[0][0]).value
        numbers = {"before": first, "after": first + found.value, "diff": found.value, "low": found.low}
        yield {
            "mend": mend, "commit": " ".join(name[:7] for name in names), **scenario, "replicates": found.n,
            "outcome": outcome, **{key: float(f"{x:.5g}") for key, x in {**numbers, "high": found.high}.items()},
        }  # fmt: skip


def rows_of(mend: str, names: Sequence[str], trees: Trees, homes: Sequence[str]) -> list[dict[str, Any]]:
    """Every row of one mend."""
    worlds = {name: one.home or WORLD for name, one in load_library().regimes.items()}
    found: list[dict[str, Any]] = []
    away = [name for name in homes if name not in HEADLINE or worlds[name] != WORLD]
    scenarios = [*((name, False) for name in HEADLINE), *((name, True) for name in away)]
    sides = [(trees.played(f"{c}^", scenarios), trees.played(c, scenarios)) for c in names]
    for at, (regime, home) in enumerate(scenarios):
        scenario = {"regime": regime, "world": worlds[regime] if home else WORLD}
        found += differences(mend, names, scenario, [(before[at], after[at]) for before, after in sides])
    return found


def main(arguments: list[str] | None = None) -> int:
    """Play what is asked for; with ``--write`` put it into the stored file, in place of what it held of that mend."""
    parser = argparse.ArgumentParser(prog="python -m tools.mends", description="What each mend moved.")
    parser.add_argument("--only", nargs="*", default=[], help="mends such as E5; all unless told")
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--branch", default="main")
    parser.add_argument("--write", action="store_true", help=f"store in {FILE.relative_to(ROOT)}")
    parser.add_argument("--play", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.play:
        wanted = [(regime, place == "home") for regime, _, place in (one.rpartition(".") for one in asked.play)]
        print(json.dumps(play(wanted, asked.replicates)))
        return 0
    log = git("log", "--no-merges", "--reverse", f"--format={FORMAT}", asked.branch)
    only, homes, trees = {plain(one) for one in asked.only}, at_home(ROWS), Trees(asked.replicates)
    try:
        for mend, names in commits(log).items():
            if not only or mend in only:
                rows = rows_of(mend, names, trees, homes.get(mend, ()))
                stand = [row for row in rows if row["low"] * row["high"] > 0]
                print(mend, *(f"{row['regime']} {row['outcome']} {row['diff']:+.4g};" for row in stand), flush=True)
                if asked.write:
                    _store(mend, rows)
    finally:
        trees.remove()
    return 0


def _store(mend: str, rows: Sequence[Mapping[str, Any]]) -> None:
    held = json.loads(FILE.read_text(encoding="utf-8"))["rows"] if FILE.is_file() else []
    told = [row for row in rows if row["diff"] or row["outcome"] == MAIN[0]]  # one row says that a scenario was tried
    kept = [row for row in held if row["mend"] != mend] + told
    kept.sort(key=lambda row: (row["mend"][0] != "E", row["mend"]))
    text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in kept)
    FILE.write_text(f'{{"rows": [\n{text}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
