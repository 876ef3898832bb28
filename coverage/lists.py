"""Lists of practices: from how many patients one may close, and how many more it can take.

A closing limit is persons per capacity. One capacity should cover about 1,600
group-1 patients (dst.dk, Lægedækning); since 1 July 2025 the region sets the
limit per clinic (LOV 718/2025), and the register or the study's own list says so.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.rule_groups import CapacityRules

Floats = npt.NDArray[np.float64]

LIMIT_SOURCES = ("register", "file", "kommune", "rule")


def effective_closing_limits(
    practices: pd.DataFrame,
    closing_limits: pd.DataFrame,
    kommune_of_practice: "pd.Series[str]",
    rules: CapacityRules,
) -> pd.DataFrame:
    """Return the closing limit that applies to each practice, and who set it.

    The register's own goes first, then the file's for the ydernummer, then the
    file's for the kommune, then the rule.

    Parameters
    ----------
    practices, closing_limits
        Tables PRACTICES and CLOSING_LIMITS.
    kommune_of_practice
        Ydernummer -> kommune code; missing outside the study.

    Returns
    -------
    DataFrame
        One row a practice, in their order: ``closing_limit_persons`` per capacity
        and ``closing_limit_source``, one of LIMIT_SOURCES.
    """
    of_one = closing_limits["ydernummer"].notna()
    by_practice = closing_limits[of_one].set_index("ydernummer")["limit_persons"]
    by_kommune = closing_limits[~of_one].set_index("kommune_code")["limit_persons"]
    ydernumre = practices["ydernummer"]
    kommune = ydernumre.map(kommune_of_practice)
    candidates: Sequence[Floats] = (
        practices["closing_limit_persons"].to_numpy(np.float64),
        ydernumre.map(by_practice).to_numpy(np.float64),
        kommune.map(by_kommune).to_numpy(np.float64),
        np.full(len(practices), rules.closing_limit_persons),
    )
    known = [~np.isnan(limits) for limits in candidates]
    return pd.DataFrame(
        {
            "closing_limit_persons": np.select(known, candidates),
            "closing_limit_source": pd.Series(
                np.select(known, LIMIT_SOURCES, LIMIT_SOURCES[-1]), dtype="str"
            ),
        }
    )


def describe_lists(
    practices: pd.DataFrame,
    closing_limit_persons: npt.ArrayLike,
    displaced_persons: npt.ArrayLike = 0.0,
) -> pd.DataFrame:
    """Return each practice's patients per capacity, free places and room, in persons.

    An unknown intake counts as closed.

    Parameters
    ----------
    practices
        Table PRACTICES.
    closing_limit_persons
        Shape (practices,): per capacity.
    displaced_persons
        Shape (practices,): how many on each list have no place there (``PlanTables.displaced``).

    Returns
    -------
    DataFrame
        One row a practice, in their order.

        - ``patients_per_capacity``: missing without a list or capacities, or with
          0 capacities.
        - ``free_places``: of an open practice the limit x capacities - listed
          persons, at least 0, missing if either is; of others 0.
        - ``room_persons``: the list that it can hold. Of an open practice the
          limit x capacities, or its list where that is longer (the limit alone
          where the list is missing); of others the list that it has. Displaced
          persons make no room.
    """
    capacities = practices["capacities"].to_numpy(np.float64)
    listed = practices["listed_persons"].to_numpy(np.float64)
    full_list = np.asarray(closing_limit_persons, dtype=np.float64) * capacities
    is_open = takes_new_patients(practices)
    free_places = np.maximum(0.0, full_list - listed)
    placed = listed - np.asarray(displaced_persons, dtype=np.float64)
    # fmax passes over a missing list; a missing capacity must stay missing.
    open_room = np.where(np.isnan(full_list), np.nan, np.fmax(full_list, placed))
    return pd.DataFrame(
        {
            "patients_per_capacity": listed / np.where(capacities > 0, capacities, np.nan),
            "free_places": np.where(is_open, free_places, 0.0),
            "room_persons": np.where(is_open, open_room, placed),
        }
    )


def takes_new_patients(practices: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which practices say that they are open, shape (practices,)."""
    return practices["intake_open"].fillna(value=False).to_numpy(dtype=np.bool_)
