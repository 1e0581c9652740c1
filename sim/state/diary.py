"""What a run writes down by quarter or year and no rule reads again, but for last year's arrivals of talents."""

from __future__ import annotations

import numpy as np

from sim.engine.column import State, column


class Diary(State):
    """Counts of events over the run."""

    exposed = column(("year", 12), np.int64)
    """Firm-quarters at risk, by calendar year and year of age."""
    gone = column(("year", 12), np.int64)
    """Closures, by calendar year and year of age."""
    announced = column("quarter", np.int64)
    """Projects announced."""
    fallen = column(("quarter", 2), np.int64)
    """Projects not signed, and projects that fell through later."""
    abandoned = column("quarter", np.int64)
    finished = column("quarter", np.int64)
    """Projects that became enterprises."""
    startups = column("quarter", np.int64)
    to_village = column("quarter", np.int64)
    """Money from towns and counties to villages, 万元."""
    to_town = column("quarter", np.int64)
    """Money (万元) and commuters from villages to towns."""
    talents_in = column(("quarter", "town"), np.int64)
    """Talents who came."""
