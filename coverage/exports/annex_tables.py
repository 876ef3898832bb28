"""The tables of the annex to a praksisplan, as the CSV files, the workbook and the app show them.

Each is a table of columns of ``annex_columns.FIELDS`` with its words already in
the reader's language, its figures as numbers (km for metres, whole persons that
add up) and, beside it, which cells a table for publication withholds.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.annex_columns import FIELDS
from coverage.exports.annex_designation import (
    AGENDA_COLUMNS,
    CRITERIA_COLUMNS,
    DESIGNATION_COLUMNS,
    SENSITIVITY_COLUMNS,
    agenda_table,
    criteria_table,
    designation_table,
    sensitivity_table,
)
from coverage.exports.annex_persons import whole_persons_by_area
from coverage.exports.annex_skal import (
    AGREEMENT_COLUMNS,
    PAIR_COLUMNS,
    SKAL_COLUMNS,
    agreement_table,
    or_pairs_table,
    skal_areas_table,
)
from coverage.exports.annex_table import AnnexTable, finish_table
from coverage.exports.map_layers import address_text, intake_state
from coverage.exports.stamp import RunStamp
from coverage.exports.withholding import AGE_COLUMNS, Withheld, withhold_ages
from coverage.wording import Language

_NAMES = list(FIELDS)
CAPACITY_COLUMNS = tuple(_NAMES[: _NAMES.index("signal")])
PRACTICE_COLUMNS = (
    *("ydernummer", "name", "address", "satellite_address", "kommune_name", "place_name"),
    *("is_last", "intake", "clinic_form", "accessible", "capacities", "listed_persons"),
    *("patients_per_capacity", "closing_limit_persons", "closing_limit_source", "free_places"),
    *("doctors", "persons_assigned", "persons_lose_practice", "persons_lose_choice"),
    *("match", "source_row"),
)
COLUMNS: Mapping[str, Sequence[str]] = {
    "capacity_by_area": CAPACITY_COLUMNS,
    "designation": DESIGNATION_COLUMNS,
    "criteria": CRITERIA_COLUMNS,
    "sensitivity": SENSITIVITY_COLUMNS,
    "agenda": AGENDA_COLUMNS,
    "skal_areas": SKAL_COLUMNS,
    "or_pairs": PAIR_COLUMNS,
    "agreement": AGREEMENT_COLUMNS,
    "practices": PRACTICE_COLUMNS,
}


def annex_tables(
    assessment: Assessment,
    stamp: RunStamp,
    language: Language = "da",
    withheld: Withheld | None = None,
) -> Mapping[str, AnnexTable]:
    """Return every table of the annex, by name, in the order of the workbook's sheets.

    Parameters
    ----------
    withheld
        Where nothing about ages is published; by default what the register itself asks for
        (a scenario beside its baseline asks for more: ``withhold_changes``).
    """
    withheld = withheld or withhold_ages(assessment)
    tables = (
        capacity_table(assessment, stamp, withheld, language),
        designation_table(assessment, withheld, language),
        criteria_table(assessment, withheld, language),
        sensitivity_table(assessment, withheld, language),
        agenda_table(assessment, language),
        skal_areas_table(assessment, withheld, language),
        or_pairs_table(assessment, language),
        agreement_table(assessment, language),
        practices_table(assessment, language),
    )
    return {table.name: table for table in tables}


def capacity_table(
    assessment: Assessment, stamp: RunStamp, withheld: Withheld, language: Language
) -> AnnexTable:
    """Return lists, doctors, people and access of every area of every level."""
    whole = whole_persons_by_area(assessment, stamp)
    levels = []
    for level, table in assessment.capacity.by_area.items():
        persons = whole[level].reindex(table["area_id"].to_numpy()).reset_index(drop=True)
        counted = {str(name): persons[name] for name in persons}
        levels.append(table.reset_index(drop=True).assign(area_level=level, **counted))
    table = pd.concat(levels, ignore_index=True)
    held = dict.fromkeys(AGE_COLUMNS, withheld.of_rows(table))
    return finish_table("capacity_by_area", table, CAPACITY_COLUMNS, language, held)


def practices_table(assessment: Assessment, language: Language) -> AnnexTable:
    """Return every practice of the register, by ydernummer; no doctor's age is in it."""
    practices = assessment.tables.practices
    table = practices.assign(
        address=[address_text(row) for row in practices.to_dict("records")],
        intake=practices["intake_open"].map(intake_state),
        match=practices["match_level"],
        kommune_name=_kommune_names(assessment),
    ).drop(columns="closing_limit_persons")
    table = table.set_index("ydernummer").join(_satellite_addresses(assessment))
    own = assessment.capacity.by_practice.set_index("ydernummer")
    table = table.join(own[[name for name in own if name not in table]])
    closing = assessment.skal.practices.set_index("ydernummer")
    names = assessment.skal.places.set_index("place_id")["name"]
    closing = closing.assign(place_name=closing["place_id"].map(names))
    table = table.join(closing[[name for name in closing if name not in table]])
    return finish_table("practices", table.sort_index().reset_index(), PRACTICE_COLUMNS, language)


def _kommune_names(assessment: Assessment) -> "pd.Series[str]":
    level = assessment.levels[0]
    return assessment.tables.practices["ydernummer"].map(level.of_practice).map(level.names)


def _satellite_addresses(assessment: Assessment) -> "pd.Series[str]":
    satellites = assessment.plan.satellites
    texts = [address_text(row) for row in satellites.to_dict("records")]
    by_practice = pd.Series(texts, index=satellites["ydernummer"], dtype="str")
    return by_practice.groupby(level=0).agg("; ".join).rename("satellite_address")
