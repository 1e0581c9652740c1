"""The manifest of a result folder: size and SHA-256 of every file, and a digest of the manifest itself.

Any folder of results has the same two files: ``manifest.json``, and ``manifest.sha256`` in the form that the usual
``sha256sum -c`` reads. Together they cover every byte of the folder, their own included.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from experiments.store.disk import sync_folder, write_text
from experiments.store.errors import StoreError

MANIFEST, DIGEST = "manifest.json", "manifest.sha256"
FILES = "files"


def file_hash(path: Path) -> str:
    """SHA-256 of a file, "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def entries(folder: Path, files: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 by path relative to the folder, sorted by path."""
    names = sorted({path.relative_to(folder).as_posix() for path in files})
    return {n: {"sha256": file_hash(folder / n), "bytes": (folder / n).stat().st_size} for n in names}


def write(folder: Path, head: Mapping[str, Any], listed: Mapping[str, Any], *, into: Path | None = None) -> Path:
    """Write manifest and digest.

    Args:
        folder: The result folder.
        head: What stands before the files: the folder's mark and whatever else is to be told.
        listed: From :func:`entries`.
        into: Where to write them, if they are to be moved to the folder later.

    Returns:
        The manifest.
    """
    place = into or folder
    text = json.dumps({**head, FILES: dict(listed)}, ensure_ascii=False, indent=1) + "\n"
    (place / MANIFEST).unlink(missing_ok=True)
    write_text(place / DIGEST, digest_line(text.encode()))
    write_text(place / MANIFEST, text)
    return place / MANIFEST


def digest_line(content: bytes) -> str:
    """The only line of the digest's file."""
    return f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n"


def withdraw(folder: Path) -> None:
    """Remove manifest and digest, the manifest first: without it the folder counts as unfinished."""
    for name in (MANIFEST, DIGEST):
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)


def read(folder: Path) -> dict[str, Any]:
    """The manifest; empty where there is none or it cannot be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get(FILES), dict) else {}


def listed_files(folder: Path) -> Iterator[Path]:
    """Files that the manifest lists and that lie inside the folder."""
    for name in read(folder).get(FILES, {}):
        path = PurePosixPath(name)
        if not path.is_absolute() and ".." not in path.parts and not set(name) & set(":\\\0"):
            yield folder / name


def add(folder: Path, files: Iterable[Path]) -> Path:
    """Put files that were written later, such as a report, into the manifest.

    Raises:
        StoreError: If the folder is not what its manifest says: signing it again would hide that.
    """
    files = list(files)
    mine = {path.relative_to(folder).as_posix() for path in files}
    if other := [name for name in unsound(folder) if name not in mine]:
        raise StoreError("broken_manifest", file=folder.name, details={"what": ", ".join(other)})
    return _add(folder, files, {})


def _add(folder: Path, files: Sequence[Path], head: Mapping[str, Any]) -> Path:
    found = {name: entry for name, entry in read(folder).items()}
    listed = {**found.pop(FILES), **entries(folder, files)}
    return write(folder, {**found, **head}, dict(sorted(listed.items())))


def add_pages(folder: Path, files: Sequence[Path], asked: Mapping[str, Any]) -> Path:
    """Put a result's pages into the manifest, in the place of those that stood there before.

    Args:
        folder: The result.
        files: The pages' files.
        asked: What they were made for: languages, figures, versions.
    """
    found = read(folder)
    kept = {name: entry for name, entry in found[FILES].items() if (folder / name).exists()}
    write(folder, {**{k: v for k, v in found.items() if k != FILES}, "pages": dict(asked)}, kept)
    return _add(folder, files, {})


def pages(folder: Path, asked: Mapping[str, Any]) -> tuple[Path, ...]:
    """Every file of a result whose pages were made for the same; none where they were not, or are not whole."""
    found = read(folder)
    if found.get("pages") != dict(asked) or unsound(folder):
        return ()
    return (*(folder / name for name in found[FILES]), folder / MANIFEST)


def digest_holds(folder: Path) -> bool:
    """Whether the digest is that of the manifest, to the byte."""
    with contextlib.suppress(OSError):
        return (folder / DIGEST).read_bytes() == digest_line((folder / MANIFEST).read_bytes()).encode()
    return False


def unsound(folder: Path) -> list[str]:
    """Files that are missing or not what the manifest says; the manifest itself where its digest does not hold."""
    missing, differ, _ = changed(folder)
    return [*([] if digest_holds(folder) else [MANIFEST]), *sorted([*missing, *differ])]


def changed(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Compare a folder with its manifest.

    Returns:
        Paths of files that are missing, that differ, and that the manifest does not know; each sorted.
    """
    listed = {n: e.get("sha256") if isinstance(e, dict) else None for n, e in read(folder).get(FILES, {}).items()}
    here = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()}
    known = {*listed, MANIFEST, DIGEST}
    missing = [name for name in listed if name not in here]
    differ = [name for name in listed if name in here and file_hash(folder / name) != listed[name]]
    return sorted(missing), sorted(differ), sorted(here - known)
