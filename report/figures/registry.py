"""Figures of a study: each is declared where it is drawn, and found by looking through this folder.

A file that holds one or more figures declares each with :func:`figure`; its name stands in the catalogue under
``figures.title.<id>``. Nothing else lists it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import report.figures
from experiments.analysis.study import Study
from report.blocks import Text, message
from report.figures.across import is_across
from report.figures.style import Page


@dataclass(frozen=True)
class Scene:
    """What a figure is drawn from: a finished study, its places where they are known, and a language."""

    study: Study
    geography: Any
    lang: str


@dataclass(frozen=True)
class Figure:
    """A figure of a study.

    Attributes:
        id: Files are ``<id>.<lang>.png`` and ``.svg``.
        order: Place among the figures of a page.
        draw: Draws it, or says None where the runs do not carry what it shows.
        finding: What it shows, in words, for its title and for those who do not see it.
        title: What it is about.
        many: For studies of more regimes than colours, not for those of few.
        places: Whether it needs the places of the world.
    """

    id: str
    order: int
    draw: Callable[[Scene], Page | None]
    finding: Callable[[Study], Text] | None
    title: Text
    many: bool = False
    places: bool = False

    def applies(self, study: Study) -> bool:
        """Whether it is a figure for this study: rows for many regimes, colours for few."""
        return is_across(study) == self.many

    def said(self, study: Study) -> Text:
        """Its finding; nothing where it is of another kind of study or of outcomes that these runs do not carry."""
        if self.finding is None or not self.applies(study):
            return ""
        try:
            return self.finding(study)
        except KeyError:
            return ""


_DECLARED: dict[str, Figure] = {}


def declare(found: Figure) -> None:
    """Make a figure known.

    Raises:
        ValueError: If another one has its id.
    """
    if found.id in _DECLARED:
        raise ValueError(f"two figures are called {found.id}")
    _DECLARED[found.id] = found


def figure(
    id: str, *, order: int, finding: Callable[[Study], Text] | None = None, many: bool = False, places: bool = False
) -> Callable[[Callable[[Scene], Page | None]], Callable[[Scene], Page | None]]:
    """Declare a function that draws a figure."""

    def declared(draw: Callable[[Scene], Page | None]) -> Callable[[Scene], Page | None]:
        declare(Figure(id, order, draw, finding, message(f"figures.title.{id}"), many, places))
        return draw

    return declared


@cache
def figures() -> Mapping[str, Figure]:
    """All figures by id, in their order."""
    for module in pkgutil.iter_modules(report.figures.__path__, "report.figures."):
        importlib.import_module(module.name)
    return dict(sorted(_DECLARED.items(), key=lambda pair: pair[1].order))
