"""From the name of a study to its scenarios, each with every lever resolved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.errors import StudyError
from sim.parameters import Library, Resolved
from sim.parameters.compose import resolve
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


def resolve_all(record: Any, library: Library, overrides: Mapping[str, object]) -> list[tuple[str, Any, Resolved]]:
    """Resolve every scenario of a study.

    Returns:
        (id, title by language, resolved) in study order.

    Raises:
        InputError: If an override is not acceptable.
        StudyError: If the study is empty.
    """
    behaviour: dict[str, Any] = {k: v for k, v in overrides.items() if k in library.uncertainties}
    levers = {k: v for k, v in overrides.items() if k not in behaviour}
    found = [
        (
            one.id,
            one.title.as_dict(),
            resolve(
                library,
                one.regime,
                world=one.world,
                start=one.start,
                quarters=one.quarters,
                effective=one.effective,
                levers=None if one.regime == "null" else levers,
                behaviour=behaviour,
                study_set=one.set,
                study_behaviour=one.behaviour,
                fill=one.fill,
            ),
        )
        for one in record.scenarios
    ]
    if not found:
        raise StudyError("empty_study", found=record.id)
    return found
