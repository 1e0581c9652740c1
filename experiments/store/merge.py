"""Finish a store: all records in canonical order, a manifest, and only then the shards go.

Everything is first written to ``staging``. One rename to ``ready`` is the moment at which the store is finished; what
follows only moves files to their places and can be done again from any point (:mod:`recover`). The bytes depend on the
plan and the numbers alone, not on who ran what, when, or how often it was interrupted.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from experiments.store import manifest
from experiments.store.disk import sync, sync_folder, told, write_text
from experiments.store.errors import StoreError
from experiments.store.folder import Folder, remove_pages
from experiments.store.index import READY, RUNS, Place, scan
from experiments.store.layout import PLAN
from experiments.store.layout import STORE as MARK
from experiments.store.plan_file import COUNTIES, SCHEMA
from experiments.store.points import POINTS, points_table
from experiments.store.recover import MERGED, STAGING, recover
from experiments.store.rows import chunks
from experiments.store.shards import SHARDS, write_parquet

RUNS_A_PART, ROWS_A_GROUP = 8192, 2048


def finish(store: Folder) -> Path:
    """Merge all records in canonical order, write the manifest, remove the shards.

    Returns:
        The manifest.

    Raises:
        StoreError: If a run has no record yet, a file is damaged, or another process is finishing.
        StoreFull: If the disk is full; nothing is lost.
    """
    folder = store.folder
    with told(folder), _alone(folder):
        recover(folder)
        merged = sorted(path.name for path in (folder / SHARDS).glob("*.parquet"))
        held = scan(store.source)
        missing = len({key for key in store.keys if key not in held})
        if missing:
            raise StoreError("unfinished", file=folder.name, details={"runs": str(missing)})
        if store.finished and not merged:
            return folder / manifest.MANIFEST
        remove_pages(folder)
        _stage(store, held)
        write_text(folder / STAGING / MERGED, "".join(f"{name}\n" for name in merged))
        os.replace(folder / STAGING, folder / READY)
        sync_folder(folder)
        recover(folder)
    return folder / manifest.MANIFEST


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the plan file; systems without such locks go on without.

    Raises:
        StoreError: If another process holds it.
    """
    try:
        import fcntl  # Windows has no such module
    except ImportError:
        yield
        return
    with (folder / PLAN).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError("busy", file=folder.name) from error
        yield


def _stage(store: Folder, held: dict[str, Place]) -> None:
    """Write everything that a finished store has, beside what stands."""
    folder, stage = store.folder, store.folder / STAGING
    (stage / RUNS).mkdir(parents=True)
    files = []
    for number, table in enumerate(chunks(store, held, RUNS_A_PART)):
        files.append(stage / RUNS / f"part-{number:05d}.parquet")
        write_parquet(table, files[-1], **options(table.schema))
        sync(files[-1])
    files.append(stage / POINTS)
    write_parquet(points_table(store.file), files[-1])
    sync(files[-1])
    sync_folder(stage / RUNS)
    own = [folder / name for name in (PLAN, COUNTIES) if name == PLAN or store.plan.counties]
    listed = {**manifest.entries(folder, own), **manifest.entries(stage, files)}
    head = {
        MARK: SCHEMA,
        "command": store.file.command,
        "model": store.file.common.model,
        "versions": dict(store.file.versions),
        "counts": {name: n for name, n in store.counts(held).items() if name != "waiting"},
    }
    manifest.write(folder, head, dict(sorted(listed.items())), into=stage)
    sync_folder(stage)


def options(schema: pa.Schema) -> dict[str, object]:
    """How columns are packed: text as dictionaries, numbers split by byte, which suits doubles best."""
    numbers = [f.name for f in schema if pa.types.is_floating(f.type)]
    lists = [f"{f.name}.list.element" for f in schema if pa.types.is_list(f.type)]
    texts = [f.name for f in schema if f.name not in numbers and not pa.types.is_list(f.type)]
    return {"row_group_size": ROWS_A_GROUP, "use_dictionary": [*texts, *lists], "use_byte_stream_split": numbers}
