"""A shard: the part of a plan that one job of an array runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from experiments.run.errors import SweepError

MOST = 100_000


@dataclass(frozen=True)
class Shard:
    """Part ``index`` of ``count``, both from 1."""

    index: int = 1
    count: int = 1

    def mine(self, runs: Iterable[int]) -> Iterator[int]:
        """Those of some runs (indices into ``plan.runs``) that belong here.

        By index and not by what is left, so that every run has one owner whenever and however often shards start.
        """
        return (i for i in runs if i % self.count == self.index - 1)


def shard_of(text: str) -> Shard:
    """Read "i/n".

    Raises:
        SweepError: If it is not written so, or i is not one of 1 ... n.
    """
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*", str(text))
    if found:
        index, count = int(found[1]), int(found[2])
        if 1 <= index <= count <= MOST:
            return Shard(index, count)
    raise SweepError("bad_shard", key="--shard", found=str(text), allowed="1/n ... n/n")
