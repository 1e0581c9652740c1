"""``xiaozhen show``: what a name means, where it comes from, and what depends on it."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.errors import CommandError
from xiaozhen.requests import Show


def show(asked: Show, screen: Screen) -> Answer:
    """Explain a name, or list every name of a kind."""
    from report.pages import entry, regimes
    from xiaozhen.api import names
    from xiaozhen.api.library import load

    words = asked.words
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
