"""One level's part of the designation, by the study's thresholds and by those of the page."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from coverage.rules import RuleSet
from coverage.study import StudyResult
from coverage.ui.laegevalg.figures import level_part


@dataclass(frozen=True)
class LevelDesignation:
    """What the page on lægedækningstruede shows.

    Attributes
    ----------
    own, moved
        The study by its own thresholds, and by those of the page; the same judgements.
    """

    own: StudyResult
    moved: StudyResult

    @property
    def level(self) -> str:
        """The level that the study designates by."""
        return self.own.study.designation_level

    @property
    def rules(self) -> RuleSet:
        """The rules of the page."""
        return self.moved.assessment.rules

    @property
    def own_areas(self) -> pd.DataFrame:
        """``Designation.areas`` by the study's own thresholds."""
        return level_part(self.own.assessment.designation.areas, self.level)

    def table(self, name: Literal["areas", "criteria", "sensitivity", "agenda"]) -> pd.DataFrame:
        """Return a table of ``Designation`` by the thresholds of the page."""
        table = getattr(self.moved.assessment.designation, name)
        return level_part(table, self.level).reset_index(drop=True)
