"""What can be wrong with a sweep as it was asked for, and how one that stopped goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError
from experiments.store.errors import StoreFull

MESSAGES: Mapping[str, str] = {
    "bad_shard": "a shard is written i/n; 2/8 is the second of eight parts",
    "declined": (
        "nothing more was run, as you asked; the {runs} pilot runs are kept. To go on: xiaozhen resume {folder}"
    ),
    "full": "the disk is full. All {done} finished runs are kept; free some space, then: xiaozhen resume {folder}",
}
"""Sentences by id."""


class SweepError(ExperimentError):
    """A sweep that cannot be run as asked, or that stopped."""

    topic: ClassVar[str] = "sweep"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES


class SweepFull(StoreFull):
    """The disk is full; the message tells how to go on."""

    topic: ClassVar[str] = "sweep"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES
