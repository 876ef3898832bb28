"""Doctors' ages, and the capacities that are expected to end within the rules' years.

No source found says when Danish GPs stop (the design's domain notes, section 6):
the share of an age group that stops within a year is a rule with the status
assumption. Only the year of birth is known, so an age is the one that the
doctor reaches in the year.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.rule_groups import WorkforceRules

Floats = npt.NDArray[np.float64]

# The bands that the rules' names speak of: under 60, 60 to 64, 65 to 69, from 70.
_BAND_STARTS_YEARS = (60.0, 65.0, 70.0)
_PCT = 100.0


def annual_exit_pct(age_years: npt.ArrayLike, rules: WorkforceRules) -> Floats:
    """Return the percentage of doctors of each age who stop within a year, in ages' shape."""
    by_band = np.array(
        [
            rules.exit_under_60_pct,
            rules.exit_60_to_64_pct,
            rules.exit_65_to_69_pct,
            rules.exit_from_70_pct,
        ]
    )
    ages = np.asarray(age_years, dtype=np.float64)
    return by_band[np.searchsorted(_BAND_STARTS_YEARS, ages, side="right")]


def exit_shares(age_years: npt.ArrayLike, rules: WorkforceRules) -> Floats:
    """Return the probability, 0 to 1, that a doctor of each age stops within the horizon.

    ``1 - prod over t = 0 .. horizon - 1 of (1 - p(age + t))``, with p the yearly
    share: a doctor grows older, and stops once.
    """
    ages = np.asarray(age_years, dtype=np.float64)
    stays = np.ones(ages.shape)
    for year in range(round(rules.horizon_years)):
        stays = stays * (1.0 - annual_exit_pct(ages + year, rules) / _PCT)
    return 1.0 - stays


def expected_exits(
    practices: pd.DataFrame, doctors: pd.DataFrame, rules: WorkforceRules, as_of: date
) -> pd.DataFrame:
    """Return the doctors of each practice by age, and what of its capacity is expected to end.

    A practice's capacities are shared evenly among its doctors.

    Parameters
    ----------
    practices, doctors
        Tables PRACTICES and DOCTORS.

    Returns
    -------
    DataFrame
        One row a practice, in their order: ``ydernummer``; ``doctors``,
        ``doctors_older`` and ``doctors_old`` (from the rules' ages on);
        ``exit_share`` (0 to 1); ``capacities_expected_to_end``. Missing where the
        register gives no doctor for the practice, the last also without capacities.
    """
    ages = as_of.year - doctors["birth_year"].to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "ydernummer": doctors["ydernummer"],
            "doctors": 1.0,
            "doctors_older": (ages >= rules.older_age_years).astype(np.float64),
            "doctors_old": (ages >= rules.old_age_years).astype(np.float64),
            "exit_share": exit_shares(ages, rules),
        }
    )
    sums = table.groupby("ydernummer").sum().reindex(practices["ydernummer"])
    sums["exit_share"] = sums["exit_share"] / sums["doctors"]
    sums["capacities_expected_to_end"] = sums["exit_share"].to_numpy() * practices[
        "capacities"
    ].to_numpy(np.float64)
    return sums.reset_index()
