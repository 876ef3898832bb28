"""What a run was: inputs with digests, rules, version, row counts, timings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coverage.sources.provenance import Provenance


@dataclass(frozen=True)
class RunStamp:
    """The account of one run, for ``run.json`` and the sheet "Grundlag".

    Attributes
    ----------
    study_title, study_file
        As the study names itself, and its file's name.
    as_of
        The day whose rules apply.
    ruleset_id
        With overrides, the derived id.
    version
        Of this software.
    resolution
        ``cell``, ``250m`` or ``address``: where people are measured from.
    inputs
        One account a file.
    row_counts
        Table -> rows: practices, origins, pairs, areas …
    timings_s
        Stage -> seconds; in ``run.json`` only, so that tables do not change with the clock.
    """

    study_title: str
    study_file: str
    as_of: date
    ruleset_id: str
    version: str
    resolution: str
    inputs: tuple[Provenance, ...]
    row_counts: Mapping[str, int]
    timings_s: Mapping[str, float]
