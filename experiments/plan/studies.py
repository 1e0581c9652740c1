"""From the name of a study to its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.parameters import Library
from sim.parameters.errors import InputErrors
from sim.parameters.loader import Loader
from sim.parameters.read import read_document


def find_study(study: str | Path, library: Library) -> Any:
    """The record of a study by id, or read from a file of one's own.

    Raises:
        InputError: If there is no such study, or its file is not sound.
    """
    name = str(study)
    if not name.endswith(".toml") and not isinstance(study, Path):
        if name not in library.studies:
            # The library's own message lists the studies and guesses which one was meant.
            library.resolve_study(name)
        return library.studies[name]
    return _read_study(Path(study), library)


def _read_study(path: Path, library: Library) -> Any:
    loader = Loader(library.root)
    parts = loader.load()
    document = read_document(path, path.name)
    record = loader._study(document, parts)
    if document.problems or record is None:
        raise InputErrors(document.problems)
    return record
