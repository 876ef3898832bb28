"""A path to the national target with all that its tables and files say of it."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.stamp import RunStamp, TrialAccount
from coverage.exports.withholding import WithheldPath, areas_of_rows, withhold_path
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway
from coverage.wording import Notice

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HeldRows:
    """Which rows of a table are withheld.

    Attributes
    ----------
    areas
        In what follows from ages.
    closing
        In what changes when a single practice closes.
    """

    areas: Bools
    closing: Bools


@dataclass(frozen=True)
class PlannedPath:
    """A path, its bands, and what they are of.

    Attributes
    ----------
    pathway
        The expected path.
    bands
        What chance adds; None where none was drawn.
    assessment, stamp
        What the path starts from; the stamp with the scenario that was carried out first.
    before
        Of the register as it was read, where the path is of a scenario.
    """

    pathway: Pathway
    bands: Bands | None
    assessment: Assessment
    stamp: RunStamp
    before: Assessment | None = None

    @property
    def first_year(self) -> int:
        """The year of today, in which nothing follows from an age."""
        return self.pathway.model.years[0]

    @property
    def has_years(self) -> bool:
        """Whether there are years to reckon."""
        return self.pathway.model.steps > 0

    @cached_property
    def withheld(self) -> WithheldPath:
        """Of which areas less is published of coming years."""
        return withhold_path(self.assessment, self.before)

    def held_rows(self, table: pd.DataFrame, *, publish: bool) -> "HeldRows":
        """Return what is withheld in a table with ``year, area_level, area_id``."""
        if not publish or table.empty:
            nothing = np.zeros(len(table), dtype=np.bool_)
            return HeldRows(nothing, nothing)
        coming = (table["year"] > self.first_year).to_numpy(dtype=np.bool_)
        areas, closing = (
            coming & areas_of_rows(one, table)
            for one in (self.withheld.areas, self.withheld.closing)
        )
        return HeldRows(areas, closing)

    @property
    def is_held_whole(self) -> bool:
        """Whether nothing of coming years is published of any area."""
        return self.has_years and bool(self.withheld.areas.all())

    def told(self) -> tuple[Assessment, RunStamp]:
        """Return the assessment with the notices of the path, and the stamp with the trial."""
        notices = (*self.interrupted, *self.assessment.notices, *self.pathway.notices)
        assessment = replace(self.assessment, notices=notices)
        stamp = replace(self.stamp, trial=self.trial_account, study_title=assessment.title)
        return assessment, stamp

    @property
    def interrupted(self) -> tuple[Notice, ...]:
        """The notice that somebody stopped the runs, if so."""
        account = self.trial_account
        counts = (("runs", account.runs), ("asked", account.runs_asked))
        return (Notice("pathway_interrupted", counts),) if account.interrupted else ()

    @property
    def trial_account(self) -> TrialAccount:
        """What chance was asked for, and what came of it; no runs where none was drawn."""
        if self.bands is None:
            return TrialAccount(runs_asked=0, runs=0, seed=0, spread=0.0)
        trial = self.bands.trial
        return TrialAccount(trial.runs, self.bands.runs, trial.seed, trial.spread)
