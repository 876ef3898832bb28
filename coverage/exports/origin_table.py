"""``choice_by_origin.parquet``: the lægevalg of every home, exact, for other programs."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from coverage.assessment import Assessment
from coverage.exports.stamp import RunStamp
from coverage.wording import Language

# Where the table of the core leaves the unit to the reader.
_WITH_UNITS = {
    "road_open_within": "road_open_within_limit_practices",
    "straight_open_within": "straight_open_within_limit_practices",
}


def write_origin_table(
    path: Path, assessment: Assessment, stamp: RunStamp, language: Language
) -> None:
    """Write ``Choice.by_origin`` with the cell of each home; metadata under ``laegedaekning``.

    The same in every language: its columns are named as in the code. Metadata
    is JSON: title, as-of date, ruleset, illustration, notices and the sources.
    """
    choice = assessment.choice.by_origin.rename(columns=_WITH_UNITS)
    choice.insert(1, "cell_id", assessment.origins.table["cell_id"].to_numpy())
    table = pa.Table.from_pandas(choice, preserve_index=False)
    about = {
        "study_title": stamp.study_title,
        "as_of": stamp.as_of.isoformat(),
        "ruleset_id": stamp.ruleset_id,
        "illustrative": assessment.illustrative,
        "resolution": stamp.resolution,
        "version": stamp.version,
        "crs": "EPSG:25832",
        "notices": [notice.say(language) for notice in assessment.notices],
        "sources": [
            {
                "role": source.role,
                "file_name": source.file_name,
                "sha256": source.sha256,
                "as_of": source.as_of.isoformat() if source.as_of else None,
            }
            for source in stamp.inputs
        ],
    }
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    metadata = {**(table.schema.metadata or {}), b"laegedaekning": text.encode()}
    with path.open("wb") as stream:
        pq.write_table(table.replace_schema_metadata(metadata), stream, compression="zstd")
