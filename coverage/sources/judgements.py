"""What people judged of areas: circumstances that no register knows, and the final word.

The file is a history that the program adds to and a person may edit; an entry
is never removed, a later one speaks instead of it.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from coverage.plan_tables import JUDGEMENTS
from coverage.sentences import sentence
from coverage.sources.decision_columns import (
    AREA_SYNONYMS,
    read_areas,
    read_dates,
    read_entries,
    read_texts,
    refuse_cells,
)
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, Synonyms
from coverage.sources.spelling import compact_key
from coverage.tables import check_table, empty_table

ROLE = "judgements"
REQUIRED = ("area_id", "criterion", "met", "entered_on", "author", "reason")
# The first header, or word, of each is the one that the program writes.
SYNONYMS: Synonyms = {
    **AREA_SYNONYMS,
    "criterion": ("Kriterium", "kriterie"),
    "met": ("Opfyldt", "fulfilled"),
    "entered_on": ("Dato", "date", "entered"),
    "author": ("Forfatter", "indtastet af"),
    "reason": ("Begrundelse", "explanation"),
}
CRITERION_WORDS: Mapping[str, tuple[str, ...]] = {
    "special_circumstances": ("Særlige forhold", "kendte særlige forhold"),
    "clinic_need": (
        "Behov for udbuds- eller regionsklinik",
        "need for a tendered or regional clinic",
    ),
    "override": ("Tilsidesættelse af signal", "tilsidesættelse", "override of signal"),
}
MET_WORDS: Mapping[bool | None, tuple[str, ...]] = {
    True: ("Ja", "j", "yes", "y", "true", "sand", "1", "x"),
    False: ("Nej", "n", "no", "false", "falsk", "0"),
    None: ("Trukket tilbage", "trukket", "tilbagetrukket", "withdrawn"),
}


def read_judgements(path: Path, *, as_of: date | None) -> tuple[pd.DataFrame, Provenance]:
    """Return the judgements of a CSV or Excel file, in the order of the file.

    Parameters
    ----------
    path
        With the columns ``Niveau;Områdekode;Kriterium;Opfyldt;Dato;Forfatter;
        Begrundelse``, or their English names; ``Niveau`` may be left out or blank
        for a kommune. A file with a header and no row holds no judgement.
    as_of
        The date that the file speaks of.

    Returns
    -------
    DataFrame, Provenance
        Contract JUDGEMENTS. Every entry is kept: which one speaks is decided
        where they are used.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of judgements.
    InvalidValueError
        A cell that is blank, no date, no criterion, or neither yes, no nor withdrawn.
    UnknownKommuneError
        A kommune that Denmark does not have.
    PersonalDataError
        A text holds what may be a CPR number.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_entries(path, SYNONYMS, REQUIRED, role=ROLE)
    if sheet is None:
        note = (sentence("The file has no row: nothing has been judged yet"),)
        return empty_table(JUDGEMENTS), stamp.account(
            ROLE, as_of=as_of, rows_read=0, rows_kept=0, notes=note
        )
    levels, areas = read_areas(sheet)
    judgements = pd.DataFrame(
        {
            "area_level": levels,
            "area_id": areas,
            "criterion": _read_words(sheet, "criterion", CRITERION_WORDS).astype("str"),
            "met": _read_words(sheet, "met", MET_WORDS).astype("boolean"),
            "entered_on": read_dates(sheet, "entered_on", required=True),
            "author": read_texts(sheet, "author", required=True),
            "reason": read_texts(sheet, "reason", required=True),
            "source_row": sheet.source_rows,
        }
    )
    return check_table(judgements, JUDGEMENTS, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(judgements),
        dropped=sheet.dropped,
    )


def _read_words(
    sheet: Sheet,
    name: str,
    words: Mapping[str, tuple[str, ...]] | Mapping[bool | None, tuple[str, ...]],
) -> pd.Series:
    """Return what the words of a required column stand for."""
    meanings = {
        compact_key(word): meaning
        for meaning, spellings in words.items()
        for word in (*spellings, str(meaning))
    }
    keys = [compact_key(text) for text in read_texts(sheet, name, required=True)]
    unknown = pd.Series([key not in meanings for key in keys], dtype="bool")
    choices = tuple(f"'{spellings[0]}'" for spellings in words.values())
    hint = sentence("Write one of: {choices}.", choices=choices)
    refuse_cells(sheet, name, unknown, "Cells are not understood", hint=hint)
    return pd.Series([meanings[key] for key in keys], dtype="object")
