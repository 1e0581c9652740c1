"""Arrays that steps use again each quarter, and tables that one step leaves for a later one of the same quarter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.engine.table import zeros
from sim.state.choice import Choice, Notes, scratch_notes
from sim.state.populations import FirmColumns, ProjectColumns, TalentColumns

Ints = NDArray[np.int64]


class Scratch:
    """Nothing here is state: every array is written before it is read in a quarter.

    Args:
        sizes: Length of each axis.
        heard: How often a prospect hears of a town.

    Attributes:
        choice: Tables of this quarter's location choice; None until prospects have looked.
        notes: Of those who choose.
        sums: Accounts of every town's firms this quarter, shape (T, 8); see :func:`sim.agents.enterprise.work`.
        villages: Flows of every village this quarter, shape (3, V).
        founders: Rows of talents who found a start-up.
    """

    def __init__(self, sizes: Mapping[str, int], heard: int) -> None:
        towns = sizes["town"]
        self.choice: Choice | None = None
        self.notes: Notes = scratch_notes(heard, towns)
        self.sums: Ints = np.zeros((towns, 8), dtype=np.int64)
        self.villages: Ints = np.zeros((3, sizes["village"]), dtype=np.int64)
        self.founders: Ints = np.zeros(40 * towns, dtype=np.int64)
        self._towns: Ints = np.zeros((3, towns), dtype=np.int64)
        self._firms, self._projects, self._talents = (
            zeros(FirmColumns, 8),
            zeros(ProjectColumns, 8),
            zeros(TalentColumns, 8),
        )

    def town(self, row: int) -> Ints:
        """Reusable array of shape (T,)."""
        array: Ints = self._towns[row]
        return array

    def firms(self, count: int) -> FirmColumns:
        """Reusable columns for prospective firms."""
        if self._firms.key.size < count:
            self._firms = zeros(FirmColumns, count + count // 4 + 8)
        return self._firms

    def projects(self, count: int) -> ProjectColumns:
        """Reusable columns for prospective projects."""
        if self._projects.key.size < count:
            self._projects = zeros(ProjectColumns, count + count // 4 + 8)
        return self._projects

    def talents(self, count: int) -> TalentColumns:
        """Reusable columns for prospective talents."""
        if self._talents.key.size < count:
            self._talents = zeros(TalentColumns, count + count // 4 + 8)
        return self._talents
