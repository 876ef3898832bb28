"""Join the rows of a register that has one row a doctor into one row a practice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from coverage.errors import DuplicateIdError
from coverage.sentences import Notes, Sentence, phrase, sentence
from coverage.sources.spelling import word_key

# Fields of the practice, the same on each of its rows; merged rows must agree on them.
_PRACTICE_FIELDS = (
    "name",
    "address",
    "postcode",
    "town",
    "kommune_code",
    "capacities",
    "listed_persons",
    "closing_limit_persons",
    "intake_open",
    "intake_text",
    "clinic_form",
    "accessible",
    "doctor_count",
    "x_m",
    "y_m",
)
# intake_open follows from the text, of which "Åben" and "åben for tilgang" may be two forms.
_COMPARED_FIELDS = tuple(field for field in _PRACTICE_FIELDS if field != "intake_text")


def merge_practice_rows(rows: pd.DataFrame, *, where: str) -> tuple[pd.DataFrame, Notes]:
    """Return one row a practice: its first row, blanks filled from its other rows; notes.

    Parameters
    ----------
    rows
        One row for each row of the file: the fields of a practice, ydernummer,
        source_row, owner and birth_years (tuples). Owners may differ from row to
        row, as each doctor of a kompagniskab is one: they are joined.
    where
        File and sheet, for messages.

    Raises
    ------
    DuplicateIdError
        Rows of one ydernummer that differ in a field of the practice.
    """
    repeated = rows[rows.duplicated("ydernummer", keep=False)]
    if repeated.empty:
        return rows.reset_index(drop=True), ()
    for field in _COMPARED_FIELDS:
        _refuse_contradiction(repeated, field, where)
    merged = rows.drop_duplicates("ydernummer").set_index("ydernummer", drop=False)
    groups = repeated.groupby("ydernummer", sort=False)
    first = groups[list(_PRACTICE_FIELDS)].first()
    filled = int(
        (merged.loc[first.index, list(_PRACTICE_FIELDS)].isna() & first.notna()).sum().sum()
    )
    merged.loc[first.index, list(_PRACTICE_FIELDS)] = first
    years = {ydernummer: joined_years(group) for ydernummer, group in groups["birth_years"]}
    owners = {str(ydernummer): _distinct_owners(group) for ydernummer, group in groups["owner"]}
    merged["birth_years"] = [
        years.get(ydernummer, own)
        for ydernummer, own in zip(merged["ydernummer"], merged["birth_years"], strict=True)
    ]
    merged["owner"] = _join_owners(merged, owners)
    twins = sum(len(group) > len(set(group)) for group in years.values())
    several = sum(len(group) > 1 for group in owners.values())
    joined = sentence(
        "practices with a row for each doctor: {practices}, on {rows} rows;"
        " capacities and lists were taken once and not added up",
        practices=len(first),
        rows=len(repeated),
    )
    return merged.reset_index(drop=True), (joined, *_counted(filled, twins, several))


def _counted(filled: int, twins: int, several: int) -> Iterator[Sentence]:
    """Yield what there is of cells filled, doctors of one year of birth, and several owners."""
    if filled:
        yield sentence("blank cells filled from other rows of the practice: {count}", count=filled)
    if twins:
        yield sentence(
            "practices with two doctors of one year of birth: {count}; rows repeated?",
            count=twins,
        )
    if several:
        yield sentence("practices whose rows name several owners, all kept: {count}", count=several)


def _distinct_owners(owners: pd.Series) -> tuple[str, ...]:
    """Return the owners of a practice's rows, each once, in the order of the file."""
    found: dict[str, str] = {}
    for owner in owners.dropna():
        found.setdefault(word_key(owner), owner)
    return tuple(found.values())


def _join_owners(merged: pd.DataFrame, owners: Mapping[str, Sequence[str]]) -> pd.Series:
    """Return the owners of each practice as one text; those of one row stay as they are."""
    joined = [
        "; ".join(owners[ydernummer]) or None if ydernummer in owners else own
        for ydernummer, own in zip(merged["ydernummer"], merged["owner"], strict=True)
    ]
    return pd.Series(joined, index=merged.index, dtype="str")


def _refuse_contradiction(repeated: pd.DataFrame, field: str, where: str) -> None:
    values = repeated[field]
    if field in ("name", "address", "town"):
        values = values.map(word_key, na_action="ignore")
    counts = values.groupby(repeated["ydernummer"]).nunique()
    bad = list(counts.index[counts > 1])
    if not bad:
        return
    rows = repeated.loc[repeated["ydernummer"] == bad[0]]
    values = rows[field].dropna().unique()[:2].tolist()
    raise DuplicateIdError(
        sentence(
            "Ydernummer {ydernummer} has rows that differ {in_field}: {values: and }",
            ydernummer=str(bad[0]),
            in_field=phrase(f"in {field}"),
            values=tuple(_said(value) for value in values),
        ),
        where=where,
        rows=[int(row) for row in rows["source_row"]],
        hint=_how_to_agree(len(bad) - 1),
    )


def _said(value: object) -> object:
    """Return a value as a sentence mentions it: text in quotation marks, a number as it is."""
    if isinstance(value, str):
        return repr(value)
    return str(value) if isinstance(value, bool) else value


def _how_to_agree(others: int) -> str:
    advice = (
        "A practice may have one row for each doctor, but these must agree on the practice."
        " Correct them; mark a second address of the practice with 'Satellit' in a column 'Type',"
        " or write it in a column 'Satellitadresse' of the practice's row."
    )
    if not others:
        return advice
    return sentence(
        "{advice} The same holds for {count} other ydernumre.", advice=phrase(advice), count=others
    )


def joined_years(lists: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the years of all rows; a list of two or more that each row repeats counts once."""
    filled = [years for years in lists if years]
    if len(filled) > 1 and len(filled[0]) > 1 and len(set(filled)) == 1:
        return tuple(filled[0])
    return tuple(year for years in filled for year in years)
