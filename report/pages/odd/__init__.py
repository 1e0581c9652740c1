"""A description of the model after the ODD protocol, written from the code and the scenario files themselves.

``odd("en")`` and ``odd("zh")`` give Markdown; ``python -m report.pages.odd --write`` writes ``docs/odd.md`` and
``docs/odd.zh.md``. Steps come from :data:`sim.schedule.STEPS`, state variables from the views of
:mod:`sim.mesa.views`, mechanisms from the docstrings of agents and instruments, everything with a source from
``scenarios/``. Only the prose of ``texts.toml`` is written for the description alone.
"""

from __future__ import annotations

from report.pages.odd.sections import concepts, entities, head, initial, inputs, process
from report.pages.odd.submodels import submodels
from report.render.documents import known_language, names
from sim.parameters import Library, load_library

FILES = names("odd")
"""Name in ``docs/`` of each language's description."""

__all__ = ["FILES", "odd"]


def odd(lang: str = "en", library: Library | None = None) -> str:
    """The model description.

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
    parts = (
        head(lang),
        entities(lang),
        process(lang),
        concepts(lang, library),
        initial(lang, library),
        inputs(lang, library),
        submodels(lang, library),
    )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
