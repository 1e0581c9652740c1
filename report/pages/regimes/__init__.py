"""Each regime in prose, written from the scenario files: who, when, what it pays, takes back, leaves open.

``account(regime, library)`` is the section of one regime; ``python -m report.pages.regimes --write`` writes
``docs/regimes.md`` and ``docs/regimes.zh.md``. Values, dates, clauses and gaps come from the regime's own file, the
sentences around the values from the instruments' files; a lever without a sentence is told by its title.
"""

from __future__ import annotations

from collections.abc import Iterator

from report.blocks import Block, Item, Link, Mono, Page, Paragraph, Points, glued, message, title
from report.pages.regimes.regime import account, slug, told
from report.render.documents import Document
from report.text.enforcement import of_regime
from sim.parameters import Library, load_library

BASELINE = "null"
"""The regime that sets nothing."""

__all__ = ["DOCUMENT", "FILES", "account", "accounts", "page", "screen"]


def page(library: Library | None = None) -> Page:
    """The accounts of all regimes.

    Args:
        library: The scenario files; read when not given.

    Raises:
        sim.parameters.InputErrors: Problems in the scenario files.
    """
    library = library or load_library()
    regimes = [one for one in library.regimes.values() if one.id != BASELINE]
    index = [Item(glued(Link(title(one.title), f"#{slug(one)}"), " ", Mono(one.id))) for one in regimes]
    note = Paragraph(message("regimes.prose.note"))
    return Page(message("regimes.prose.title"), (note, Points(index), *(account(one, library) for one in regimes)))


def screen(name: str, library: Library) -> Iterator[Block]:
    """What a regime says in sentences, for a screen."""
    for head, text in told(library, library.regimes[name]):
        yield Paragraph(message("language.told", name=head, what=text))
        yield Paragraph("")
    for note in of_regime(library, name):
        yield Paragraph(note)
        yield Paragraph("")


DOCUMENT = Document("report.pages.regimes", "Accounts of all regimes.", "regimes", page)
FILES, accounts = DOCUMENT.files, DOCUMENT.text
