"""What the command ``pathway`` writes."""

from collections.abc import Mapping
from pathlib import Path

from coverage.exports.outputs import RUN_RECORD_NAME, StageProgress, Step, write_together
from coverage.exports.pathway_book import write_pathway_book
from coverage.exports.pathway_tables import pathway_tables
from coverage.exports.planned_path import PlannedPath
from coverage.exports.said_table import said_csv
from coverage.exports.scenario_outputs import SCENARIO_NAME
from coverage.wording import Language

PATHWAY_BOOK_NAME = "pathway.xlsx"
# File -> table of ``PathwayTables``.
PATHWAY_FILES: Mapping[str, str] = {
    "pathway_by_area.csv": "by_area",
    "pathway_bands.csv": "bands",
    "pathway_by_year.csv": "by_year",
}
PATHWAY_OUTPUTS = (*PATHWAY_FILES, PATHWAY_BOOK_NAME, RUN_RECORD_NAME)


def pathway_csv(planned: PlannedPath, name: str, language: Language = "da") -> bytes:
    """Return the content of one of ``PATHWAY_FILES``, for a download."""
    assessment, stamp = planned.told()
    table = getattr(pathway_tables(planned, language), PATHWAY_FILES[name])
    return said_csv(table, stamp, language, illustrative=assessment.illustrative)


def write_pathway_outputs(
    planned: PlannedPath,
    folder: Path,
    language: Language = "da",
    progress: StageProgress | None = None,
    *,
    scenario: bytes | None = None,
) -> tuple[Path, ...]:
    """Write ``PATHWAY_OUTPUTS`` into a folder, all of them or none.

    Parameters
    ----------
    scenario
        The file of the scenario that was carried out first, as it was read: it is written
        too, so that the folder can be replayed.

    Raises
    ------
    OutputError
        As ``write_outputs``.
    """
    assessment, stamp = planned.told()

    def write_tables(staged: Path) -> None:
        tables = pathway_tables(planned, language)
        for file_name, name in PATHWAY_FILES.items():
            table = getattr(tables, name)
            content = said_csv(table, stamp, language, illustrative=assessment.illustrative)
            (staged / file_name).write_bytes(content)
        write_pathway_book(staged / PATHWAY_BOOK_NAME, planned, tables, language)

    steps = [Step((*PATHWAY_FILES, PATHWAY_BOOK_NAME), write_tables)]
    if scenario is not None:
        content = scenario

        def write_scenario(staged: Path) -> None:
            (staged / SCENARIO_NAME).write_bytes(content)

        steps.append(Step((SCENARIO_NAME,), write_scenario))
    return write_together(folder, steps, assessment, stamp, progress)
