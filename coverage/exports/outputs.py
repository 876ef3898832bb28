"""All result files of a run, written together or not at all."""

from collections.abc import Callable, Mapping
from pathlib import Path

from coverage.assessment import Assessment
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
WRITERS: Mapping[str, Writer] = {
    "choice_by_area.csv": write_area_csv,
    "choice.xlsx": write_workbook,
    "choice_by_origin.parquet": write_origin_table,
    "coverage.gpkg": write_geopackage,
    "map.html": write_map,
}
OUTPUT_NAMES = (*WRITERS, RUN_RECORD_NAME)


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
        outputs = [staged / name for name in WRITERS]
        write_run_record(staged / RUN_RECORD_NAME, assessment, stamp, outputs)

    written = replace_together(folder, OUTPUT_NAMES, write_all)
    if progress:
        progress(STAGE, 1.0)
    return written
