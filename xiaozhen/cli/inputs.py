"""Checks of what a line names outside the scenario files: county tables and result folders, before anything runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from xiaozhen.cli.errors import CommandError


def folder_for(path: str | Path) -> Path:
    """Make a folder for results and check that it can be written.

    Raises:
        CommandError: If it cannot.
    """
    folder = Path(path)
    try:
        if folder.exists() and not folder.is_dir():
            raise CommandError("not_folder", found=str(path))
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        raise CommandError("unwritable", found=str(path), why=getattr(error, "strerror", None) or str(error)) from None
    return folder


def free(place: Path, force: bool) -> None:
    """Make sure that no results stand at a place, unless they may be replaced.

    Raises:
        FolderError: If there are some.
    """
    from experiments.errors import FolderError

    held = sorted(p.name for p in place.iterdir()) if place.is_dir() else [place.name] * place.exists()
    if held and not force:
        what = ", ".join(held[:3]) + (", …" if len(held) > 3 else "")
        raise FolderError("holds_results", file=place.name, details={"what": what})


def county_table(path: str | None, worlds: Iterable[str]) -> str | None:
    """Check a county table in this process, so that its mistakes are told once and not by every worker.

    Args:
        path: As written on the line, or None.
        worlds: Worlds that it is to stand in for.

    Returns:
        The full path, or None.

    Raises:
        CommandError: If there is no such file.
        InputErrors: What is wrong in it.
    """
    if path is None:
        return None
    from sim.world.build import build_geography, load_world

    file = Path(path)
    if not file.is_file():
        raise CommandError("no_county_file", found=path)
    for world in dict.fromkeys(worlds):
        build_geography(load_world(world), file)
    return str(file.resolve())
