"""All result files of a run, written together or not at all."""

from collections.abc import Callable, Mapping
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

    def write_all(staged: Path) -> None:
        for number, (name, write) in enumerate(WRITERS.items()):
            if progress:
                progress(STAGE, number / len(OUTPUT_NAMES))
            write(staged / name, assessment, stamp, language)
        _write_annex(staged, assessment, stamp, language)
        outputs = [staged / name for name in OUTPUT_NAMES if name != RUN_RECORD_NAME]
        write_run_record(staged / RUN_RECORD_NAME, assessment, stamp, outputs)

    written = replace_together(folder, OUTPUT_NAMES, write_all)
    if progress:
        progress(STAGE, 1.0)
    return written


def _write_annex(folder: Path, assessment: Assessment, stamp: RunStamp, language: Language) -> None:
    """Write the annex's CSV files and its workbook, of tables that are built once."""
    tables = annex_tables(assessment, stamp, language)
    for file_name, name in ANNEX_FILES.items():
        write_annex_csv(folder / file_name, tables[name], assessment, stamp, language)
    write_annex_tables(folder / ANNEX_BOOK_NAME, tables, assessment, stamp, language)
