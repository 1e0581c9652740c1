"""Documents that are written from the model and its files: how they are printed, written to ``docs/`` and checked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.blocks import Page
from report.render.markdown import markdown
from report.text.language import FALLBACK, LANGS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def names(stem: str) -> dict[str, str]:
    """Name of a document in each language: English has none in its name."""
    return {lang: f"{stem}.md" if lang == FALLBACK else f"{stem}.{lang}.md" for lang in LANGS}


@dataclass(frozen=True)
class Document:
    """A page of the product that is written to ``docs/`` in every language.

    Attributes:
        module: Module that is run to write it, such as "report.pages.odd".
        about: What it is, for the command's help.
        stem: Name in ``docs/`` without language and suffix.
        page: Makes it; what it takes is read from the product's files when not given.
        draw: Writes its figures into a folder; says where they are.
    """

    module: str
    about: str
    stem: str
    page: Callable[..., Page]
    draw: Callable[[Path], Iterable[Path]] | None = None

    @property
    def files(self) -> dict[str, str]:
        """Name in ``docs/`` by language."""
        return names(self.stem)

    def text(self, lang: str, *of: Any) -> str:
        """The page in a language.

        Args:
            lang: One of :data:`report.text.language.LANGS`.
            of: What the page is made of, such as the scenario files.

        Raises:
            ValueError: Another language.
        """
        if lang not in LANGS:
            raise ValueError(f"lang is one of {', '.join(LANGS)}, not {lang!r}")
        return markdown(self.page(*of), lang)

    def texts(self) -> dict[str, str]:
        """The page in every language by name of its file."""
        page = self.page()
        return {name: markdown(page, lang) for lang, name in self.files.items()}

    def stale(self) -> list[str]:
        """Names of the files in ``docs/`` that are missing or differ from what would be written now."""
        return [
            name
            for name, text in self.texts().items()
            if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
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
        print(self.text(options.lang), end="")
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
        for name, text in self.texts().items():
            (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
            print(f"docs/{name}")
        for path in self.draw(DOCS) if self.draw else ():
            print(path.relative_to(DOCS.parent).as_posix())
