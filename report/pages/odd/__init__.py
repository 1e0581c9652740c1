"""A description of the model after the ODD protocol, written from the code and the scenario files themselves.

``odd("en")`` and ``odd("zh")`` give Markdown; ``python -m report.pages.odd --write`` writes ``docs/odd.md`` and
``docs/odd.zh.md``. Steps come from :data:`sim.schedule.STEPS`, state variables from the views of
:mod:`sim.mesa.views`, mechanisms from the docstrings of agents and instruments, everything with a source from
``scenarios/``. Only the prose of the catalogue is written for the description alone.
"""

from __future__ import annotations

from report.blocks import Page, Paragraph, message
from report.pages.odd.sections import concepts, entities, initial, inputs, process, purpose
from report.pages.odd.submodels import submodels
from report.render.documents import Document
from sim.parameters import Library, load_library

__all__ = ["DOCUMENT", "FILES", "odd", "page"]


def page(library: Library | None = None) -> Page:
    """The model description.

    Args:
        library: The scenario files; read when not given.

    Raises:
        sim.parameters.InputErrors: Problems in the scenario files.
    """
    library = library or load_library()
    sections = (
        purpose(),
        entities(),
        process(),
        concepts(library),
        initial(library),
        inputs(library),
        submodels(library),
    )
    return Page(message("odd.prose.title"), (Paragraph(message("odd.prose.note")), *sections))


DOCUMENT = Document("report.pages.odd", "The model description (ODD).", "odd", page)
FILES, odd = DOCUMENT.files, DOCUMENT.text
