"""``xiaozhen show``: what a name means, where it comes from, and what depends on it."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.errors import CommandError
from xiaozhen.requests import Show

WORLD = "world"


def show(asked: Show, screen: Screen) -> Answer:
    """Explain a name, or list every name of a kind."""
    from report.pages import entry, regimes
    from xiaozhen.api import names
    from xiaozhen.api.library import load

    words = asked.words
    if asked.towns or asked.map:
        return _places(asked, screen)
    if not words:
        kinds = list(map(names.plural, names.kinds()))
        raise CommandError("no_argument", name="NAME", allowed=kinds, command="xiaozhen show")
    if len(words) > 2:
        raise CommandError("extra_argument", found=words[2], command="xiaozhen show")
    kind = names.kind_of(words[0]) if len(words) == 1 else None
    if kind:
        listed = names.listed_of(kind)
        return Answer(listed, entry.listing(names.kind_title(kind), {one["id"]: one["title"] for one in listed}))
    found = names.show(words[-1], words[0] if len(words) == 2 else None)
    account = regimes.screen(found["id"], load()) if found["kind"] == "regime" else ()
    return Answer(found, [*entry.screen(found, load()), *account])


def _places(asked: Show, screen: Screen) -> Answer:
    """The town sites of a world as a list, and its map where a file is named."""
    from report.blocks import Paragraph, message
    from report.pages import places
    from xiaozhen.api import names

    words = [word for word in asked.words if names.kind_of(word) != WORLD]
    if len(words) != 1:
        raise CommandError("no_argument", name="WORLD", command="xiaozhen show")
    found = names.show(words[0], towns=asked.towns, map=asked.map, lang=screen.lang)
    blocks = [*places.screen(found["id"])] if asked.towns else []
    if asked.map:
        blocks.append(Paragraph(message("towns.map_in", file=asked.map)))
    return Answer(found, blocks)
