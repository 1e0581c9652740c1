"""Following a how-to: the files of its worked example, laid over the product from a folder of their own.

A block of a how-to says what happens to which file: ``title="path"`` writes a new one, ``append="path"`` adds to the
end of one, ``edit="path"`` puts the lines that begin with ``+`` behind the line before them. :func:`follow` writes what
comes of it into a folder that else holds nothing but the scenario files and the catalogue; :func:`lay_over` lets a
process find that folder's files in place of the product's.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from sim.engine.kernel import cache_folder

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs" / "how-to"
NAMES = ("instrument", "regime", "outcome", "rule", "figure", "language", "towns")
COPIED = ("scenarios", "report/text/catalogue")
"""Folders whose files are read by their place."""
_BLOCK = re.compile(r'^```\w+ (title|append|edit)="([^"]+)"\n(.*?)^```$', re.M | re.S)


def blocks(name: str, lang: str = "en") -> list[tuple[str, str, str]]:
    """What a how-to does to which file with which text."""
    text = (GUIDES / f"{name}{'' if lang == 'en' else '.' + lang}.md").read_text(encoding="utf-8")
    return [match.groups() for match in _BLOCK.finditer(text)]


def files(name: str) -> dict[str, str]:
    """The files of a how-to, tests left out, by path."""
    return {path: text for _, path, text in blocks(name) if not path.startswith(("tests/", "scenarios/cases/"))}


def follow(folder: Path, *names: str) -> Path:
    """Do what some how-tos say, in a folder."""
    for copied in COPIED:
        shutil.copytree(ROOT / copied, folder / copied, ignore=shutil.ignore_patterns("__pycache__"))
    for name in names:
        for how, path, text in blocks(name):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            before = place if place.exists() else ROOT / path
            old = "" if how == "title" else before.read_text(encoding="utf-8")
            space = "" if how == "title" else "\n\n" if path.endswith(".py") else "\n"
            place.write_text(edited(old, text) if how == "edit" else old + space + text, encoding="utf-8")
    return folder


def edited(old: str, change: str) -> str:
    """A text with the lines that a change adds behind the lines that it names."""
    rows = old.splitlines()
    place = 0
    for row in change.splitlines():
        if row.startswith("+"):
            rows.insert(place, row[1:])
            place += 1
        else:
            place = rows.index(row[1:], place) + 1
    return "\n".join(rows) + "\n"


class Finder:
    """Looks for modules of a package in a folder's part of it first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """The package as it is found elsewhere, with the folder's part of it before its own."""
        place = self.folder / name.replace(".", "/")
        spec = PathFinder.find_spec(name, path) if place.is_dir() else None
        if spec is not None and spec.submodule_search_locations is not None:
            spec.submodule_search_locations.insert(0, str(place))
        return spec


def lay_over(folder: Path) -> None:
    """Let this process, which has imported nothing of the product yet, find a folder's files first."""
    vars(importlib.import_module("scenarios"))["ROOT"] = folder / "scenarios"
    for name in [name for name in sys.modules if name.split(".")[0] in ("sim", "report")]:
        del sys.modules[name]
    sys.meta_path.insert(0, Finder(folder))
    vars(importlib.import_module("report.text.catalogue"))["FOLDER"] = folder / "report/text/catalogue"


def python(folder: Path, code: str, *words: str, **variables: str) -> str:
    """What a process prints that runs some code with a folder laid over the product."""
    begin = f"from pathlib import Path; from tests.howto import lay_over; lay_over(Path({str(folder)!r}))\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache_folder()), **variables}
    ran = subprocess.run(
        [sys.executable, "-c", begin + code, *words], cwd=folder, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout
