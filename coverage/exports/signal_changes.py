"""Which areas change their signal: between two sets of thresholds, and step by step."""

import pandas as pd

from coverage.designation import SENSITIVITY_STEPS_PCT

_AREA = ["area_level", "area_id", "area_name"]
STEPS_PCT = tuple(sorted(sign * step for step in SENSITIVITY_STEPS_PCT for sign in (-1, 1)))


def changed_signals(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the areas whose signal, an override considered, is another one.

    Parameters
    ----------
    before, after
        ``Designation.areas`` of the same areas.

    Returns
    -------
    DataFrame
        ``area_level, area_id, area_name, before, after``, in the order of ``after``.
    """
    earlier = before[["area_level", "area_id", "signal"]].rename(columns={"signal": "before"})
    both = after[[*_AREA, "signal"]].rename(columns={"signal": "after"})
    both = both.merge(earlier, on=["area_level", "area_id"], validate="one_to_one")
    changed = both[both["before"] != both["after"]]
    return changed[[*_AREA, "before", "after"]].reset_index(drop=True)


def flips_by_step(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the flips with one row an area and criterion, and a column for each step.

    Parameters
    ----------
    sensitivity
        ``Designation.sensitivity``.

    Returns
    -------
    DataFrame
        ``area_level, area_id, area_name, criterion, before`` and, by every step of
        ``STEPS_PCT`` (in %, as text: ``-20`` to ``20``), the signal that the area
        changes to; missing where it does not.
    """
    rows = [*_AREA, "criterion", "before"]
    wide = sensitivity[rows].drop_duplicates()
    for step in STEPS_PCT:
        flips = sensitivity.loc[sensitivity["change_pct"] == step, [*rows, "after"]]
        wide = wide.merge(flips.rename(columns={"after": str(step)}), on=rows, how="left")
    return wide.reset_index(drop=True)
