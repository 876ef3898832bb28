"""What the figures of a practice register cannot be together, and what is rare enough to show.

Refused is what no practice can be: the cell is wrong, though nobody can tell which. What a
practice may be, however seldom, is kept and named in the provenance.
"""

import numpy as np
import pandas as pd

from coverage.errors import InvalidValueError, describe_rows
from coverage.sentences import Notes, Sentence, phrase, sentence
from coverage.sources.kommune_codes import known_kommuner
from coverage.sources.sheets import Sheet

# Lists of a size that is possible but rare: shown, not refused (data-sources 5.2).
FEW_PERSONS_PER_CAPACITY = 400
MANY_PERSONS_PER_CAPACITY = 3500
# Three times the usual list: a digit too few in the capacity or too many in the list.
MOST_PERSONS_PER_CAPACITY = 5000
# More patients than any practice has, where no capacity tells what is too many.
MOST_LISTED_PERSONS = 60_000
# A closing limit per capacity outside this range is probably the limit of the whole practice.
USUAL_CLOSING_LIMIT_PERSONS = (1000, 2500)
# A doctor may hold several capacities and employ others, or share one: shown, not refused.
MANY_CAPACITIES_PER_DOCTOR = 3

_EXAMPLES_SHOWN = 3


def refuse_impossible(practices: pd.DataFrame, sheet: Sheet) -> None:
    """Raise InvalidValueError where capacities, lists and doctors cannot belong together.

    ``practices`` has one row a practice with doctor_count and birth_years (tuples).
    """
    _refuse_lists(practices, sheet)
    _refuse_doctors(practices, sheet)


def _refuse_lists(practices: pd.DataFrame, sheet: Sheet) -> None:
    capacities, persons = practices["capacities"], practices["listed_persons"]
    _refuse(
        practices,
        (capacities == 0) & (persons > 0),
        "Practices have listed patients and a capacity of 0",
        sheet.where,
        "Write the capacity; leave it blank if the patients belong to another practice.",
    )
    _refuse(
        practices,
        persons > MOST_PERSONS_PER_CAPACITY * capacities,
        sentence("More than {most:,} listed patients per capacity", most=MOST_PERSONS_PER_CAPACITY),
        sheet.where,
        "Is a digit or a comma of the capacity missing, or a digit too many in the list?"
        " Correct the rows; leave blank what is not known.",
    )
    _refuse(
        practices,
        capacities.isna() & (persons > MOST_LISTED_PERSONS),
        sentence("More than {most:,} listed patients in one practice", most=MOST_LISTED_PERSONS),
        sheet.where,
        "Is a decimal comma missing, or is this the sum of several practices? Correct the rows.",
    )


def _refuse_doctors(practices: pd.DataFrame, sheet: Sheet) -> None:
    counts = practices["doctor_count"]
    years = practices["birth_years"].map(len)
    differ = counts.notna() & (years > 0) & (counts != years)
    if not differ.any():
        return
    shown = tuple(
        sentence(
            "{ydernummer} has {count:.0f} and {named}",
            ydernummer=ydernummer,
            count=float(count),
            named=int(named),
        )
        for ydernummer, count, named in zip(
            practices.loc[differ, "ydernummer"][:_EXAMPLES_SHOWN],
            counts[differ],
            years[differ],
            strict=False,
        )
    )
    _refuse(
        practices,
        differ,
        sentence(
            "The number of doctors is not the number of years of birth: {examples}", examples=shown
        ),
        sheet.where_column("doctor_count"),
        "Write the number of doctors of the whole practice and a year of birth for each; leave"
        " the number or the years blank where they are not known.",
    )


def _refuse(practices: pd.DataFrame, bad: pd.Series, what: str, where: str, hint: str) -> None:
    if bad.any():
        rows = [int(row) for row in practices.loc[bad, "source_row"]]
        raise InvalidValueError(what, where=where, rows=rows, hint=hint)


def flag_rare(practices: pd.DataFrame) -> Notes:
    """Return notes on what is possible but rare; ``practices`` as in ``refuse_impossible``."""
    capacities = practices["capacities"].where(practices["capacities"] > 0)
    persons = practices["listed_persons"] / capacities
    doctors = _known_doctors(practices)
    low, high = USUAL_CLOSING_LIMIT_PERSONS
    limits = practices["closing_limit_persons"]
    flags = (
        (
            sentence("fewer than {few} listed patients per capacity", few=FEW_PERSONS_PER_CAPACITY),
            persons < FEW_PERSONS_PER_CAPACITY,
        ),
        (
            sentence(
                "more than {many} listed patients per capacity", many=MANY_PERSONS_PER_CAPACITY
            ),
            persons > MANY_PERSONS_PER_CAPACITY,
        ),
        (
            sentence(
                "closing limit outside {low}-{high} persons per capacity: is it per capacity?",
                low=low,
                high=high,
            ),
            (limits < low) | (limits > high),
        ),
        (
            sentence("more than {many} capacities per doctor", many=MANY_CAPACITIES_PER_DOCTOR),
            capacities > MANY_CAPACITIES_PER_DOCTOR * doctors,
        ),
        (phrase("no name, the ydernummer is shown"), practices["name"] == practices["ydernummer"]),
        (
            phrase("in another region than most practices of the file"),
            _in_other_region(practices),
        ),
    )
    return tuple(
        _note(meaning, practices.loc[flag, "source_row"]) for meaning, flag in flags if flag.any()
    )


def _note(meaning: Sentence, rows: pd.Series) -> Sentence:
    rows_text = describe_rows([int(row) for row in rows])
    return sentence("{meaning}: {rows}", meaning=meaning, rows=rows_text)


def _known_doctors(practices: pd.DataFrame) -> pd.Series:
    """Return the doctors of each practice: the number given, else the years of birth; or NaN."""
    years = practices["birth_years"].map(len).astype("float64")
    return practices["doctor_count"].fillna(years.where(years > 0, np.nan))


def _in_other_region(practices: pd.DataFrame) -> pd.Series:
    kommuner = known_kommuner().set_index("kommune_code")["region"]
    regions = practices["kommune_code"].map(kommuner)
    if regions.notna().sum() == 0:
        return pd.Series(data=False, index=practices.index)
    usual = regions.mode().iloc[0]
    return regions.notna() & regions.ne(usual)
