"""What can be wrong with a sweep as it was asked for, and how one that stopped goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError
from experiments.store.errors import StoreFull

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "bad_shard": {
        "zh": "分片应写成 i/n，例如 2/8 表示八份中的第二份",
        "en": "a shard is written i/n; 2/8 is the second of eight parts",
    },
    "declined": {
        "zh": "按您的意思没有继续；试运行的 {runs} 次已保存，随时可以继续：xiaozhen resume {folder}",
        "en": "nothing more was run, as you asked; the {runs} pilot runs are kept. To go on: xiaozhen resume {folder}",
    },
    "full": {
        "zh": "磁盘已满。已完成的 {done} 次运行都已保存；腾出空间后继续：xiaozhen resume {folder}",
        "en": "the disk is full. All {done} finished runs are kept; free some space, then: xiaozhen resume {folder}",
    },
}
"""Sentences by message id, in both languages."""


class SweepError(ExperimentError):
    """A sweep that cannot be run as asked, or that stopped."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES


class SweepFull(StoreFull):
    """The disk is full; the message tells how to go on."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES
