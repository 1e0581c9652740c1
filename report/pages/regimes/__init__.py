"""Each regime in prose, written from the scenario files: who, when, what it pays, takes back, leaves open.

``account("zhejiang_2015", "en")`` gives Markdown; ``python -m report.pages.regimes --write`` writes
``docs/regimes.md`` and ``docs/regimes.zh.md``. Values, dates, clauses and gaps come from the regime's own file, the
sentences around the values from the instruments' files; a lever without a sentence is told by its title.
"""

from __future__ import annotations

from collections.abc import Iterator

from report.blocks import Block, Paragraph, Title, message
from report.pages.regimes.regime import account, slug, told
from report.render.documents import known_language, names
from report.text.catalogue import say
from report.text.language import LANGS
from sim.parameters import Library, load_library

FILES = names("regimes")
"""Name in ``docs/`` of each language's accounts."""
BASELINE = "null"
"""The regime that sets nothing."""

__all__ = ["FILES", "account", "accounts", "screen", "told"]


def accounts(lang: str = "en", library: Library | None = None) -> str:
    """The accounts of all regimes.

    Args:
        lang: "zh" or "en".
        library: The scenario files; read when not given.

    Returns:
        Markdown that ends in a newline.

    Raises:
        ValueError: Another language.
        sim.parameters.InputErrors: Problems in the scenario files.
    """
    known_language(lang)
    library = library or load_library()
    regimes = [one for one in library.regimes.values() if one.id != BASELINE]
    index = "\n".join(f"* [{one.title[lang]}](#{slug(one)}) `{one.id}`" for one in regimes)
    parts = [
        say("regimes.prose.title", lang),
        say("regimes.prose.note", lang),
        index,
        *(account(one.id, lang, library) for one in regimes),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def screen(name: str, library: Library) -> Iterator[Block]:
    """What a regime says in sentences, for a screen."""
    said = [told(library, library.regimes[name], lang) for lang in LANGS]
    for parts in zip(*said, strict=True):
        titles, texts = ({lang: part[k] for lang, part in zip(LANGS, parts, strict=True)} for k in (0, 1))
        yield Paragraph(message("language.told", name=Title(titles), what=Title(texts)))
        yield Paragraph("")
