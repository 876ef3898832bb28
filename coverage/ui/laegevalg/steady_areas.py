"""The area table with candidates, where what they do not change stays as it was shown.

Persons are rounded together, so that a table adds up. A candidate far away can
then move the rounding of a kommune by one person, and a planner would read
that a new practice takes a choice away. Where the exact number of persons is
the same, the number shown is therefore that of the baseline.
"""

from collections.abc import Mapping

import pandas as pd

from coverage.exports.area_table import PERSON_COLUMNS

_HALF_PERSON = 0.5


def keep_unchanged(
    now: pd.DataFrame,
    before: pd.DataFrame,
    exact_now: Mapping[str, pd.DataFrame],
    exact_before: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return ``now`` with the persons of ``before`` where they differ by less than a half.

    Parameters
    ----------
    now, before
        ``build_area_table`` with and without candidates, of the same areas.
    exact_now, exact_before
        ``Assessment.by_area`` of the same, persons with fractions.
    """
    moved = (_exact_persons(exact_now) - _exact_persons(exact_before)).abs() >= _HALF_PERSON
    places = pd.MultiIndex.from_frame(now[["area_level", "area_id"]])
    columns = list(PERSON_COLUMNS)
    # A kommune where nobody lives has no exact row, and nothing to change.
    changed = moved.reindex(places, fill_value=False).to_numpy()
    steady = now.reset_index(drop=True)
    steady[columns] = (
        now[columns].reset_index(drop=True).where(changed, before[columns].reset_index(drop=True))
    )
    return steady


def _exact_persons(by_area: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    levels = {
        level: summary.set_index("area_id")[list(PERSON_COLUMNS)]
        for level, summary in by_area.items()
    }
    return pd.concat(levels, names=["area_level", "area_id"])
