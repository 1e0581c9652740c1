"""Turn briefs into one self-contained HTML page: no script, no request, its own fonts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report.pages.brief.content import Brief
from report.pages.brief.words import tell
from report.render.fonts import font_address
from report.render.html import STYLE

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")
TAG = {"zh": "zh-CN", "en": "en"}
NAMES = {"zh": "中文", "en": "English"}
MARKS = {"up": "▲", "down": "▼", "open": "○", "none": ""}
"""Signs before a statement, beside its words: more, less, cannot be told."""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def render(briefs: Sequence[Brief], *, unfolded: bool = False) -> str:
    """The page of one brief, or of the same brief in several languages with a switch between them.

    Args:
        briefs: One for each language; the first is shown first.
        unfolded: Show what is otherwise folded away, for printing.
    """
    from markupsafe import Markup

    template = _environment().get_template("page.txt")
    style = Markup(Path(STYLE).read_text(encoding="utf-8"))  # our own file
    values: dict[str, Any] = {"tag": TAG, "names": NAMES, "marks": MARKS, "tell": tell, "style": style}
    values |= {"briefs": briefs, "unfolded": unfolded}
    signs = template.render(fonts="", **values)
    return template.render(fonts=Markup(_faces(signs)), **values)


def _faces(text: str) -> str:
    rules = []
    for weight in (400, 700):
        address = font_address(text, bold=weight == 700)
        source = f'font-weight: {weight}; src: url({address}) format("woff");'
        rules.append(f'@font-face {{ font-family: "Xiaozhen Brief"; {source} }}')
    return "\n".join(rules)
