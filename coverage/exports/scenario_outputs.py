"""What the scenario commands write: every output of a run after a scenario, and comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coverage.assessment import Assessment
from coverage.comparison import Comparison, Variant
from coverage.exports.comparison_book import write_comparison_book
from coverage.exports.comparison_persons import shown_by_area
from coverage.exports.comparison_tables import ComparisonTables, comparison_tables
from coverage.exports.outputs import (
    OUTPUT_NAMES,
    RUN_RECORD_NAME,
    StageProgress,
    Step,
    output_steps,
    write_together,
)
from coverage.exports.said_table import said_csv
from coverage.exports.stamp import RunStamp
from coverage.exports.withholding import withhold_changes
from coverage.scenario.actions import Scenario
from coverage.wording import Language, Notice, say

SCENARIO_NAME = "scenario.toml"
COMPARISON_BOOK_NAME = "comparison.xlsx"
# File -> table of ``ComparisonTables``.
COMPARISON_FILES: Mapping[str, str] = {
    "comparison.csv": "by_area",
    "losing_places.csv": "losing",
}
_COMPARISON_NAMES = (*COMPARISON_FILES, COMPARISON_BOOK_NAME)
COMPARISON_OUTPUTS = (*_COMPARISON_NAMES, RUN_RECORD_NAME)
SCENARIO_OUTPUTS = (*OUTPUT_NAMES[:-1], *_COMPARISON_NAMES, SCENARIO_NAME, RUN_RECORD_NAME)


@dataclass(frozen=True)
class ComparedStudy:
    """A comparison, what was compared, and the account of it.

    Attributes
    ----------
    comparison
        Of the others with the reference and each other.
    reference
        The baseline, by the name that the reader sees.
    others
        The scenarios.
    stamp
        Of the baseline, with the ``scenarios`` of the others in their order.
    """

    comparison: Comparison
    reference: Variant
    others: tuple[Variant, ...]
    stamp: RunStamp

    def shown(self) -> pd.DataFrame:
        """Return the figures by area as they are shown (``comparison_persons``)."""
        return shown_by_area(self.comparison, self.reference, self.others)

    def tables(self, language: Language = "da") -> ComparisonTables:
        """Return the comparison's tables in words."""
        return comparison_tables(self.comparison, self.reference, self.others, self.stamp, language)


def write_comparison_outputs(
    compared: ComparedStudy,
    folder: Path,
    language: Language = "da",
    progress: StageProgress | None = None,
) -> tuple[Path, ...]:
    """Write ``COMPARISON_OUTPUTS`` into a folder, all of them or none.

    Raises
    ------
    OutputError
        As ``write_outputs``.
    """
    steps = [_comparison_step(compared, language)]
    assessment = compared.reference.assessment
    return write_together(folder, steps, assessment, compared.stamp, progress)


def write_scenario_outputs(
    compared: ComparedStudy,
    after_stamp: RunStamp,
    content: bytes,
    folder: Path,
    language: Language = "da",
    progress: StageProgress | None = None,
) -> tuple[Path, ...]:
    """Write ``SCENARIO_OUTPUTS`` of one scenario into a folder, all of them or none.

    Every output of a run stands for the register after the scenario and says so, in its
    title and its notices. Figures on doctors' ages are shown where the register's own
    outputs show the same (``withhold_changes``).

    Parameters
    ----------
    compared
        One scenario with the baseline.
    after_stamp
        The account of the register after the scenario.
    content
        The scenario's file as it was read.

    Raises
    ------
    OutputError
        As ``write_outputs``.
    """
    (other,) = compared.others
    after = titled_after(compared, language)
    stamp = replace(after_stamp, study_title=after.title)
    withheld = withhold_changes(compared.reference.assessment, other.assessment)
    steps = [
        *output_steps(after, stamp, language, withheld),
        _comparison_step(compared, language),
        Step((SCENARIO_NAME,), lambda staged: _write_bytes(staged / SCENARIO_NAME, content)),
    ]
    return write_together(folder, steps, after, stamp, progress)


def titled_after(compared: ComparedStudy, language: Language) -> Assessment:
    """Return the assessment after one scenario, its title and notices naming the scenario."""
    (other,) = compared.others
    (account,) = compared.stamp.scenarios
    return titled(other.assessment, account.scenario, language)


def titled(after: Assessment, scenario: Scenario, language: Language) -> Assessment:
    """Return the assessment after a scenario, its title and notices naming the scenario."""
    title = say("comparison.title", language, title=after.title, scenario=scenario.name)
    notice = Notice("scenario", (("name", scenario.name), ("count", len(scenario.actions))))
    return replace(after, title=title, notices=(notice, *after.notices))


def _comparison_step(compared: ComparedStudy, language: Language) -> Step:
    def write(staged: Path) -> None:
        tables = compared.tables(language)
        reference = compared.reference.assessment
        for file_name, name in COMPARISON_FILES.items():
            content = said_csv(
                getattr(tables, name),
                compared.stamp,
                language,
                illustrative=reference.illustrative,
            )
            _write_bytes(staged / file_name, content)
        write_comparison_book(
            staged / COMPARISON_BOOK_NAME, tables, reference, compared.stamp, language
        )

    return Step(_COMPARISON_NAMES, write)


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
