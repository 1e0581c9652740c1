"""Documents that are written from the model and its files: how they are printed, written to ``docs/`` and checked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from report.text.language import FALLBACK, LANGS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def names(stem: str) -> dict[str, str]:
    """Name of a document in each language: English has none in its name."""
    return {lang: f"{stem}.md" if lang == FALLBACK else f"{stem}.{lang}.md" for lang in LANGS}


@dataclass(frozen=True)
class Document:
    """A document in both languages.

    Attributes:
        module: Module that is run to write it, such as "report.pages.odd".
        about: What it is, for the command's help.
        files: Name in ``docs/`` by language.
        make: Its text in a language.
    """

    module: str
    about: str
    files: Mapping[str, str]
    make: Callable[[str], str]

    def stale(self) -> list[str]:
        """Names of the files in ``docs/`` that are missing or differ from what would be written now."""
        return [
            name
            for lang, name in self.files.items()
            if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != self.make(lang)
        ]

    def main(self, arguments: list[str] | None = None) -> int:
        """Print, write or check; returns the exit status (1: ``--check`` found a stale file)."""
        options = self._options(arguments)
        if options.check:
            old = self.stale()
            hint = f"refresh it with: python -m {self.module} --write"
            print("\n".join(f"docs/{name} is out of date; {hint}" for name in old))
            return 1 if old else 0
        if options.write:
            self._write()
            return 0
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        print(self.make(options.lang), end="")
        return 0

    def _options(self, arguments: list[str] | None) -> argparse.Namespace:
        parser = argparse.ArgumentParser(prog=f"python -m {self.module}", description=self.about)
        parser.add_argument("--lang", choices=sorted(self.files), default="en", help="language of what is printed")
        todo = parser.add_mutually_exclusive_group()
        todo.add_argument("--write", action="store_true", help=f"write {' and '.join(self.files.values())} in docs")
        todo.add_argument("--check", action="store_true", help="fail when those files are out of date")
        return parser.parse_args(arguments)

    def _write(self) -> None:
        DOCS.mkdir(exist_ok=True)
        for lang, name in self.files.items():
            (DOCS / name).write_text(self.make(lang), encoding="utf-8", newline="\n")
            print(f"docs/{name}")


def known_language(lang: str) -> None:
    """Refuse a language that no text has.

    Raises:
        ValueError: Another language than those of :data:`report.text.language.LANGS`.
    """
    if lang not in LANGS:
        raise ValueError(f"lang is one of {', '.join(LANGS)}, not {lang!r}")
