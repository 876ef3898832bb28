"""Persons by kommune, year and age: StatBank's projection (FRKM1yy) or its count (FOLK1A).

The forms and codes are those of data-sources 4: areas of several levels in one
column, sexes with or without a total, single years of age or groups, a total
row among the ages, and quarters of which only the first is 1 January.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from coverage.errors import DuplicateIdError, InvalidValueError
from coverage.plan_tables import PROJECTION
from coverage.sentences import Notes, sentence
from coverage.sources.age_groups import AgeGroup, find_age_fault
from coverage.sources.projection_cells import (
    ALL_AGES,
    BOTH_SEXES,
    OPEN,
    Rows,
    add_ages,
    add_counts,
    add_sexes,
    keep_every_marital_status,
    keep_first_of_january,
    keep_study,
)
from coverage.sources.projection_forms import Figures, read_figures
from coverage.sources.provenance import Provenance, stamp_file
from coverage.tables import check_table

ROLE = "projection"

ONE_SEX = "of one sex, both are in a total"
AGES_IN_ALL = "all ages together, its ages are there"
SOME_AGES = "ages that do not hold everyone once, their total is there"

_KEY = ["kommune_code", "year", "age_from", "age_to"]
# Lists of single years end at 99 or 125, not always with an open end.
_OLDEST_CLOSED_YEARS = 99


def read_projection(
    path: Path, kommune_codes: Sequence[str], *, as_of: date | None
) -> tuple[pd.DataFrame, Provenance]:
    """Return the persons of the study's kommuner by year and age, sexes together.

    Where a file has a total and the ages, the ages are taken; where the ages do
    not hold everyone (a choice of them, or groups that overlap), the total.

    Parameters
    ----------
    path
        CSV or Excel from StatBank: the tidy form of its API or the matrix of
        its page; areas as codes, names or both.
    kommune_codes
        The study's kommuner.
    as_of
        The date of the projection.

    Returns
    -------
    DataFrame, Provenance
        Contract PROJECTION, by kommune, year and age. Every kommune has the
        same years and ages. Rows of the account are figures.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of either form, or no figure of 1 January.
    UnknownKommuneError
        An area that is neither a kommune nor a larger area.
    StudyError
        Kommuner of the study are not in the file.
    DuplicateIdError
        A kommune, year and age (of one sex) twice.
    InvalidValueError
        Letters, fractions, negative numbers or missing figures in the study's
        kommuner; unknown ages, sexes or years; one sex without the other; ages
        that do not hold everyone, without a total.
    """
    stamp = stamp_file(path, role=ROLE)
    figures = read_figures(path, role=ROLE)
    rows = keep_study(figures, kommune_codes)
    rows = keep_first_of_january(rows, figures)
    rows = keep_every_marital_status(rows, figures)
    rows = add_ages(rows, figures)
    rows = add_sexes(rows, figures)
    rows = add_counts(rows, figures)
    _refuse_twice(rows, figures)
    rows = _sexes_together(rows, figures)
    _refuse_holes(rows, kommune_codes, figures)
    rows = _ages_or_total(rows, figures)
    projection = _as_contract(rows.table, figures)
    return projection, stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=len(figures.table) + sum(figures.dropped.values()),
        rows_kept=len(projection),
        dropped=rows.dropped,
        merged_rows=rows.merged,
        notes=rows.notes,
    )


def _refuse_twice(rows: Rows, figures: Figures) -> None:
    twice = rows.table.duplicated([*_KEY, "sexes"], keep=False)
    if not twice.any():
        return
    first = rows.table[twice].iloc[0]
    raise DuplicateIdError(
        sentence(
            "A kommune, year and age is there more than once: {key}",
            key=_key_text(first["kommune_code"], first["year"], first["age_from"], first["age_to"]),
        ),
        where=figures.where,
        rows=rows.file_rows(twice),
        hint="Keep one row of each; download without further columns that divide the people.",
    )


def _sexes_together(rows: Rows, figures: Figures) -> Rows:
    """Return one row a key: the total of both sexes where there is one, else their sum."""
    keys = pd.MultiIndex.from_frame(rows.table[_KEY])
    is_total = (rows.table["sexes"] == BOTH_SEXES).to_numpy()
    in_total = pd.Series(keys.isin(keys[is_total]), index=rows.table.index)
    rows = rows.leave_out(in_total & ~is_total, ONE_SEX)
    alone = ~rows.table.duplicated(_KEY, keep=False) & (rows.table["sexes"] != BOTH_SEXES)
    if alone.any():
        raise InvalidValueError(
            "Figures are of one sex, and those of the other are not there",
            where=figures.where_column("sex"),
            rows=rows.file_rows(alone),
            hint="Download both sexes, or their total.",
        )
    table = rows.table.groupby(_KEY, sort=True)["count"].sum().reset_index()
    merged = len(rows.table) - len(table)
    return replace(rows, table=table, merged=rows.merged + merged)


def _refuse_holes(rows: Rows, kommune_codes: Sequence[str], figures: Figures) -> None:
    """Refuse a kommune that lacks a year or age that others have: its sums would be too low."""
    table = rows.table
    ages = table[["age_from", "age_to"]].drop_duplicates()
    years = table["year"].unique()
    codes = list(dict.fromkeys(kommune_codes))
    if len(table) == len(codes) * len(years) * len(ages):
        return
    every = pd.DataFrame({"kommune_code": codes}).merge(pd.DataFrame({"year": years}), how="cross")
    every = every.merge(ages, how="cross")
    there = pd.MultiIndex.from_frame(table[_KEY])
    holes = every[~pd.MultiIndex.from_frame(every[_KEY]).isin(there)].sort_values(_KEY)
    raise InvalidValueError(
        "Kommuner lack years or ages that others have (kommune, year, age)",
        where=figures.where,
        rows=[
            _key_text(code, year, low, high)
            for code, year, low, high in holes[_KEY].itertuples(index=False)
        ],
        hint="Download every kommune with the same years and the same ages.",
    )


def _ages_or_total(rows: Rows, figures: Figures) -> Rows:
    """Return the ages where they hold everyone once, else the total."""
    table = rows.table
    is_total = table["age_from"] == ALL_AGES[0]
    if is_total.all():
        return rows
    bounds = table.loc[~is_total, ["age_from", "age_to"]].drop_duplicates()
    groups = [_group(low, high) for low, high in bounds.itertuples(index=False)]
    fault = find_age_fault(groups, oldest_closed_years=_OLDEST_CLOSED_YEARS)
    if fault is None:
        return rows.leave_out(is_total, AGES_IN_ALL, *_sum_notes(table, is_total))
    if is_total.any():
        note = sentence(
            "{where}: the total of all ages is used, for of the ages {fault}",
            where=figures.where,
            fault=fault.what,
        )
        return rows.leave_out(~is_total, SOME_AGES, note)
    raise InvalidValueError(
        sentence("The ages do not hold everyone once: {fault}", fault=fault.what),
        where=figures.where_column("age"),
        hint="Download all ages in one division, or the total (I alt).",
    )


def _sum_notes(table: pd.DataFrame, is_total: "pd.Series[bool]") -> Notes:
    place = ["kommune_code", "year"]
    gaps = (
        table[~is_total].groupby(place)["count"].sum() - table[is_total].set_index(place)["count"]
    )
    gaps = gaps[gaps != 0]
    if gaps.empty:
        return ()
    most = int(gaps.abs().to_numpy().argmax())
    code, year = list(gaps.index)[most]
    note = sentence(
        "The ages are used, but do not add up to their total: {count} kommuner and years,"
        " the most in {code} {year} ({gap:+g} persons)",
        count=len(gaps),
        code=code,
        year=str(year),
        gap=float(gaps.iloc[most]),
    )
    return (note,)


def _as_contract(table: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    is_total = table["age_from"] == ALL_AGES[0]
    is_open = table["age_to"] == OPEN
    projection = pd.DataFrame(
        {
            "kommune_code": table["kommune_code"],
            "year": table["year"].astype(int),
            "age_from": table["age_from"].mask(is_total),
            "age_to": table["age_to"].mask(is_total | is_open),
            "persons": table["count"],
        }
    ).reset_index(drop=True)
    return check_table(projection, PROJECTION, where=figures.where)


def _group(low: float, high: float) -> AgeGroup:
    return AgeGroup(int(low), None if high == OPEN else int(high))


def _key_text(code: str, year: int, low: float, high: float) -> str:
    if low == ALL_AGES[0]:
        return sentence("{kommune} {year} all ages", kommune=code, year=str(year))
    return f"{code} {year} {_group(low, high)}"
