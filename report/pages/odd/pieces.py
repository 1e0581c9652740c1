"""Small pieces of the description: numbered sections, tables, ids in a row, numbers, units, names of functions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

from report.blocks import Block, Grid, Mono, Section, Text, between, glued, message, title
from sim.parameters import Library


def section(number: str, *blocks: Block) -> Section:
    """A section under its numbered heading."""
    return Section(glued(f"{number} ", message(f"odd.headings.{number}")), blocks)


def table(columns: Sequence[str], rows: Iterable[Sequence[Text]]) -> Grid:
    """A table of words under heads of the catalogue, told by their ids."""
    return Grid([message(f"odd.columns.{name}") for name in columns], list(rows), words=True)


def codes(names: Iterable[str]) -> Text:
    """Names in code type, in one cell."""
    return between(", ", map(Mono, names))


def number(value: object) -> str:
    """A number at most six digits long; tuples with slashes, truth values as words of TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:.6g}" if abs(value) < 1e6 or value != int(value) else f"{int(value)}"
    if isinstance(value, (tuple, list)):
        parts = [number(part) for part in value]
        return parts[0] if len(parts) > 1 and len(set(parts)) == 1 else " / ".join(parts)
    return str(value)


def unit(library: Library, name: str) -> Text:
    """Title of a unit; empty for "none", the name itself where it is a title already."""
    if name == "none":
        return ""
    return title(library.units[name].title) if name in library.units else name


def where(item: Callable[..., Any] | ModuleType | type) -> Mono:
    """Where something stands: ``sim/agents/county.py`` or ``sim/agents/county.py: plan``."""
    module = item.__name__ if isinstance(item, ModuleType) else item.__module__
    file = module.replace(".", "/") + ".py"
    return Mono(file if isinstance(item, ModuleType) else f"{file}: {item.__qualname__}")


def doc(item: object) -> str:
    """Docstring without indentation; Google sections (Args, Returns, ...) left out."""
    text = inspect.getdoc(item) or ""
    return re.split(r"\n\n(?:Args|Returns|Raises|Attributes|Yields):\n", text)[0].strip()
