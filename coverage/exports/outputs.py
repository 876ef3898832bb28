"""All result files of a run, written together or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coverage.assessment import Assessment
from coverage.exports.annex_book import write_annex_tables
from coverage.exports.annex_csv import write_annex_csv
from coverage.exports.annex_tables import annex_tables
from coverage.exports.csv_table import write_area_csv
from coverage.exports.geopackage import write_geopackage
from coverage.exports.map_page import write_map
from coverage.exports.origin_table import write_origin_table
from coverage.exports.run_record import write_run_record
from coverage.exports.staging import replace_together
from coverage.exports.stamp import RunStamp
from coverage.exports.withholding import Withheld
from coverage.exports.workbook import write_workbook
from coverage.wording import Language

StageProgress = Callable[[str, float], None]
Writer = Callable[[Path, Assessment, RunStamp, Language], None]

STAGE = "outputs"
RUN_RECORD_NAME = "run.json"
ANNEX_BOOK_NAME = "praksisplan.xlsx"
ANNEX_FILES: Mapping[str, str] = {
    "capacity_by_area.csv": "capacity_by_area",
    "designation.csv": "criteria",
    "skal_areas.csv": "skal_areas",
    "practices.csv": "practices",
}


WRITERS: Mapping[str, Writer] = {
    "choice_by_area.csv": write_area_csv,
    "choice.xlsx": write_workbook,
    "choice_by_origin.parquet": write_origin_table,
    "coverage.gpkg": write_geopackage,
    "map.html": write_map,
}
OUTPUT_NAMES = (*WRITERS, *ANNEX_FILES, ANNEX_BOOK_NAME, RUN_RECORD_NAME)


@dataclass(frozen=True)
class Step:
    """Files that one writer makes in a folder.

    Attributes
    ----------
    names
        Of the files.
    write
        Called with the folder.
    """

    names: tuple[str, ...]
    write: Callable[[Path], None]


def write_outputs(
    assessment: Assessment,
    stamp: RunStamp,
    folder: Path,
    language: Language = "da",
    progress: StageProgress | None = None,
) -> tuple[Path, ...]:
    """Write ``OUTPUT_NAMES`` into a folder, which is made if it is not there.

    Every file is written elsewhere first; only when all are there do they take
    the places of older ones. If anything fails, the older ones are as they
    were. Other files in the folder are never touched. Equal assessments and
    stamps give equal bytes.

    Parameters
    ----------
    language
        Of the words in the CSV file, the workbook and the map.
    progress
        Called with the stage ``outputs`` and the share of the files done.

    Returns
    -------
    tuple of Path
        In the order of ``OUTPUT_NAMES``; ``run.json``, last, lists the others
        with their SHA-256.

    Raises
    ------
    OutputError
        The folder cannot be written to, an older output is open in another
        program, or the disk is full.
    """
    steps = output_steps(assessment, stamp, language)
    return write_together(folder, steps, assessment, stamp, progress)


def output_steps(
    assessment: Assessment, stamp: RunStamp, language: Language, withheld: Withheld | None = None
) -> list[Step]:
    """Return the steps that write every output of a run but its record.

    Parameters
    ----------
    withheld
        What the annex withholds; by default what the register itself asks for.
    """

    def write_one(write: Writer, name: str, staged: Path) -> None:
        write(staged / name, assessment, stamp, language)

    def write_annex(staged: Path) -> None:
        _write_annex(staged, assessment, stamp, language, withheld)

    steps = [Step((name,), partial(write_one, write, name)) for name, write in WRITERS.items()]
    return [*steps, Step((*ANNEX_FILES, ANNEX_BOOK_NAME), write_annex)]


def write_together(
    folder: Path,
    steps: Sequence[Step],
    assessment: Assessment,
    stamp: RunStamp,
    progress: StageProgress | None = None,
    obsolete: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write the files of all steps and ``run.json``, which lists them, or none of them.

    This is how every command writes: see ``write_outputs``.

    Parameters
    ----------
    obsolete
        Files of the command that these results do not have: older ones go.

    Raises
    ------
    OutputError
        The older files are then as they were.
    """
    names = [name for step in steps for name in step.names]

    def write_all(staged: Path) -> None:
        for number, step in enumerate(steps):
            if progress:
                progress(STAGE, number / len(steps))
            step.write(staged)
        outputs = [staged / name for name in names]
        write_run_record(staged / RUN_RECORD_NAME, assessment, stamp, outputs)

    written = replace_together(folder, [*names, RUN_RECORD_NAME], write_all, obsolete)
    if progress:
        progress(STAGE, 1.0)
    return written


def _write_annex(
    folder: Path,
    assessment: Assessment,
    stamp: RunStamp,
    language: Language,
    withheld: Withheld | None,
) -> None:
    """Write the annex's CSV files and its workbook, of tables that are built once."""
    tables = annex_tables(assessment, stamp, language, withheld)
    for file_name, name in ANNEX_FILES.items():
        write_annex_csv(folder / file_name, tables[name], assessment, stamp, language)
    write_annex_tables(folder / ANNEX_BOOK_NAME, tables, assessment, stamp, language)
