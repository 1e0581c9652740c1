"""Checks of what is named outside the scenario files: county tables and result folders, before anything runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from experiments.errors import FolderError
from sim.world.build import build_geography, load_world
from xiaozhen.errors import CommandError


def place(path: str | Path) -> Path:
    """A place as it was written.

    Raises:
        CommandError: If it can be no path.
    """
    if "\0" in str(path):
        raise CommandError("unwritable", found=str(path).replace("\0", "\\0"), why="\\0")
    return Path(path)


def folder_for(path: str | Path) -> Path:
    """Make a folder for results and check that it can be written.

    Raises:
        CommandError: If it cannot.
    """
    folder = place(path)
    if folder.exists() and not folder.is_dir():
        raise CommandError("not_folder", found=folder.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CommandError("unwritable", found=str(path), why=error.strerror or str(error)) from None
    return folder


def free(path: str | Path, force: bool) -> Path:
    """A place where no results stand, unless they may be replaced.

    Raises:
        FolderError: If there are some.
    """
    there = place(path)
    held = sorted(p.name for p in there.iterdir()) if there.is_dir() else [there.name] * there.exists()
    if held and not force:
        what = ", ".join(held[:3]) + (", …" if len(held) > 3 else "")
        raise FolderError("holds_results", file=there.name, details={"what": what})
    return there


def free_folder(path: str | Path, force: bool) -> Path:
    """The same where it is to be a folder.

    Raises:
        CommandError: If it is a file.
        FolderError: If results stand there.
    """
    if place(path).exists() and not place(path).is_dir():
        raise CommandError("not_folder", found=place(path).name)
    return free(path, force)


def known_towns(world: str, counties: str | Path | None = None) -> tuple[str, ...]:
    """Real names of a world's town sites, "" of drawn ones."""
    return build_geography(load_world(world), Path(counties) if counties else None).towns.known


def county_table(path: str | Path | None, worlds: Iterable[str]) -> str | None:
    """Check a county table in this process, so that its mistakes are told once and not by every worker.

    Args:
        path: As it was written, or None.
        worlds: Worlds that it is to stand in for.

    Returns:
        The full path, or None.

    Raises:
        CommandError: If there is no such file.
        InputErrors: What is wrong in it.
    """
    if path is None:
        return None
    file = place(path)
    if not file.is_file():
        raise CommandError("no_county_file", found=str(path))
    for world in dict.fromkeys(worlds):
        build_geography(load_world(world), file)
    return str(file.resolve())
