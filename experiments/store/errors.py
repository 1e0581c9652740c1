"""What can be wrong with a store: not ours, too new, full, damaged, of another plan or another model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, str] = {
    "not_a_store": "this is no store of runs written by this program; nothing was touched",
    "newer_schema": (
        "the store was written by a newer version of this program; open it with that one; nothing was touched"
    ),
    "old_schema": "the store is of a layout so old that this program cannot bring it up to date",
    "bad_plan": "the plan file of the store cannot be read",
    "other_plan": (
        "results stand here already ({what}), and {runs} of their runs the new plan does not ask for; to lose none "
        "of them nothing was written; --force (force=True in Python) replaces them, another folder keeps both"
    ),
    "other_model": (
        "the runs in the store were made by another version of the model or of the scenario files ({what}) "
        "and must not be mixed; --force (force=True in Python) replaces them, another folder keeps both"
    ),
    "unfinished": "{runs} runs have no record yet; resume the store first",
    "busy": "another process is putting this store in order at this moment",
    "damaged": "a file of the store cannot be read and may be damaged",
    "full": "the disk is full; the runs written so far are sound, free some space and resume",
    "unwritable": "this place cannot be written to",
    "parts_missing": "the store did not keep {what}; add it to the parts of the plan and run again",
    "nothing_common": "no replicate succeeded in every scenario",
    "bad_query": "the query does not hold: {what}",
    "foreign_task": (
        "the store names {task} to run it, which is no part of this program, so nothing was run; if you "
        "trust it, say so with --task {task}"
    ),
    "broken_manifest": "the folder is not what its manifest says, so the manifest was left as it is: {what}",
    "not_a_select": "one SELECT statement and nothing else is taken",
    "outside_store": "a query reads this store and nothing else: no other file, no network",
    "too_long": "table {table} has {rows} rows, beyond the {limit} of an Excel sheet; export to CSV or Parquet instead",
    "too_wide": (
        "table {table} has {rows} columns, beyond the {limit} of an Excel sheet; export to CSV or Parquet instead"
    ),
    "bad_kind": "this file format is not known",
    "bad_table": "there is no such table",
    "exists": "a file of this name exists and was not overwritten",
}
"""Sentences by id."""


class StoreError(ExperimentError):
    """A store that cannot be opened, changed or read as asked."""

    topic: ClassVar[str] = "store"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES


class StoreFull(StoreError):
    """The disk has no room for the next shard; earlier shards are sound.

    Attributes:
        details: ``runs``, how many records were not written.
    """
