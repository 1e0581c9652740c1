"""Small pieces of Markdown: tables, code fences, numbers, units, names of functions and files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from report.render.markdown import table as table
from sim.parameters import Library


def code(name: object) -> str:
    """A name in code type; nothing for nothing."""
    return f"`{name}`" if str(name) else ""


def codes(names: Iterable[object]) -> str:
    """Names in code type, in one cell."""
    return ", ".join(code(name) for name in names)


def fence(text: str) -> str:
    """A docstring as it stands."""
    return f"```text\n{text.strip()}\n```"


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


def unit(library: Library, name: str, lang: str) -> str:
    """Title of a unit; empty for "none", the name itself where it is a title already."""
    if name == "none":
        return ""
    return library.units[name].title[lang] if name in library.units else name


def where(item: Callable[..., Any] | ModuleType | type) -> str:
    """Where something stands: ``sim/agents/county.py`` or ``sim/agents/county.py: plan``."""
    module = item.__name__ if isinstance(item, ModuleType) else item.__module__
    file = module.replace(".", "/") + ".py"
    return file if isinstance(item, ModuleType) else f"{file}: {item.__qualname__}"


def doc(item: object) -> str:
    """Docstring without indentation; Google sections (Args, Returns, ...) left out."""
    text = inspect.getdoc(item) or ""
    return re.split(r"\n\n(?:Args|Returns|Raises|Attributes|Yields):\n", text)[0].strip()
