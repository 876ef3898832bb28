"""Who stops within a year, as an expectation or as a draw, by one code.

A doctor of each age stops with the yearly share of ``workforce.annual_exit_pct``;
survivors grow a year older. With ``spread`` 0 an event happens to the share of its
probability, with 1 it happens or not, in between it lies between the two; the mean
is the probability in every case.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage.rule_groups import WorkforceRules
from coverage.workforce import annual_exit_pct, exit_shares

Floats = npt.NDArray[np.float64]

_PCT = 100.0


@dataclass(frozen=True)
class Chance:
    """How an event of a known probability happens.

    Attributes
    ----------
    spread
        0: to the share of its probability; 1: wholly or not at all.
    """

    spread: float = 0.0

    def happens(self, probability: Floats, uniform: Floats | None) -> Floats:
        """Return the share, 0 to 1, to which each event happens.

        Parameters
        ----------
        probability
            0 to 1.
        uniform
            Drawn evenly from 0 to 1, of a shape that broadcasts; None without a draw.
        """
        if uniform is None or self.spread == 0:
            return probability
        return probability + self.spread * ((uniform < probability) - probability)


def yearly_exits(age_years: npt.ArrayLike, years: int, rules: WorkforceRules) -> Floats:
    """Return the probability that a doctor still there stops in each coming year.

    Parameters
    ----------
    age_years
        Shape (doctors,): reached in the year before the first.

    Returns
    -------
    array
        Shape (years, doctors): of year t, at the age reached t years on.
    """
    ages = np.asarray(age_years, dtype=np.float64) + np.arange(years)[:, None]
    return annual_exit_pct(ages, rules) / _PCT


def horizon_exits(age_years: npt.ArrayLike, years: int, rules: WorkforceRules) -> Floats:
    """Return the probability of stopping within the rules' horizon, seen from each year's end.

    Returns
    -------
    array
        Shape (years + 1, doctors): now, then t years on.
    """
    ages = np.asarray(age_years, dtype=np.float64) + np.arange(years + 1)[:, None]
    return exit_shares(ages, rules)


def survivors(age_years: npt.ArrayLike, years: int, rules: WorkforceRules) -> Floats:
    """Return the probability that each doctor of today is still there: (years + 1, doctors)."""
    stays = 1.0 - yearly_exits(age_years, years, rules)
    return np.vstack([np.ones((1, stays.shape[1])), np.cumprod(stays, axis=0)])


def mean_exits(age_years: npt.ArrayLike, years: int, rules: WorkforceRules) -> Floats:
    """Return the share of those expected to be left who stop in each year, shape (years,).

    For doctors whose age nobody states; 0 where there is nobody to take the mean of.
    """
    left = survivors(age_years, years, rules).sum(axis=1)
    going = left[:-1] - left[1:]
    share = np.zeros(years)
    np.divide(going, left[:-1], out=share, where=left[:-1] > 0)
    return share
