"""What the cells of a projection mean: kommune, year, age, sex, persons.

Each step takes the figures that are left and adds one meaning, or leaves out
those that are no use; nothing is added up here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from coverage.errors import EmptyTableError, InvalidValueError, StudyError
from coverage.sentences import Notes, Sentence, phrase, sentence
from coverage.sources.age_groups import is_all_ages, read_age
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.kommune_rows import (
    LARGER_AREA,
    OUTSIDE,
    is_larger_area,
    refuse_unknown_areas,
)
from coverage.sources.numbers import parse_numbers, refuse_values
from coverage.sources.projection_forms import MEN, TOTAL, WOMEN, Figures, read_period
from coverage.sources.spelling import compact_key

NOT_FIRST = "not of 1 January"
ONE_MARITAL_STATUS = "of one marital status, all are in a total"

BOTH_SEXES = "both"
# All ages: below every age, so that the total has a key of its own.
ALL_AGES = (-1.0, -1.0)
OPEN = np.inf

_VALUES_SHOWN = 3
_NO_MEANING = {
    "period": "Cells hold no year: {cells}",
    "age": "Cells hold no age: {cells}",
    "sex": "Cells hold no sex: {cells}",
}


@dataclass(frozen=True)
class Rows:
    """The figures that are left, and what became of the others.

    Attributes
    ----------
    table
        The columns of ``projection_forms.Figures`` and what was added to them.
    dropped
        Reason -> figures left out.
    merged
        Figures that were added to another one.
    notes
        What a reader of the numbers should know.
    """

    table: pd.DataFrame
    dropped: Mapping[str, int]
    merged: int = 0
    notes: Notes = ()

    def add(self, **columns: Any) -> "Rows":
        """Return the rows with further columns."""
        return replace(self, table=self.table.assign(**columns))

    def leave_out(self, mask: "pd.Series[bool]", reason: str, *notes: Sentence) -> "Rows":
        """Return the rows without the marked ones, which are counted under the reason."""
        count = int(mask.sum())
        if not count:
            return self
        return replace(
            self,
            table=self.table[~mask],
            dropped={**self.dropped, reason: self.dropped.get(reason, 0) + count},
            notes=(*self.notes, *notes),
        )

    def file_rows(self, mask: "pd.Series[bool]") -> list[object]:
        """Return the rows of the file that are marked, each once."""
        return list(dict.fromkeys(self.table.loc[mask, "source_row"].tolist()))


def keep_study(figures: Figures, kommune_codes: Sequence[str]) -> Rows:
    """Return the figures of the study's kommuner with ``kommune_code``.

    Raises
    ------
    UnknownKommuneError
        An area that is neither a kommune nor a larger area.
    StudyError
        Kommuner of the study are not in the file.
    """
    table = figures.table
    texts = table["area"].fillna("")
    distinct = texts.unique()
    code_of = {text: normalise_kommune_code(text) for text in distinct}
    larger_areas = [text for text in distinct if code_of[text] is None and is_larger_area(text)]
    codes = texts.map(code_of).astype("str")
    larger = texts.isin(larger_areas)
    refuse_unknown_areas(
        texts,
        codes.isna() & ~larger,
        table["source_row"].tolist(),
        figures.where_column("area"),
    )
    _refuse_other_place(set(codes.dropna()), kommune_codes, figures)
    rows = Rows(table.assign(kommune_code=codes), figures.dropped, notes=figures.notes)
    rows = rows.leave_out(larger, LARGER_AREA)
    return rows.leave_out(~rows.table["kommune_code"].isin(list(kommune_codes)), OUTSIDE)


def _refuse_other_place(found: set[str], kommune_codes: Sequence[str], figures: Figures) -> None:
    missing = sorted(set(kommune_codes) - found)
    if not missing:
        return
    what = sentence("Kommuner of the study are not in the projection")
    if not found & set(kommune_codes):
        what = sentence(
            "The projection is of another geography: it holds none of the study's kommuner"
        )
    raise StudyError(
        what,
        where=figures.where_column("area"),
        rows=missing,
        hint="Download it for every kommune of [area] in study.toml.",
    )


def keep_first_of_january(rows: Rows, figures: Figures) -> Rows:
    """Return the figures of years and of first quarters, with ``year``."""
    texts = rows.table["period"].fillna("")
    periods = {text: read_period(text) for text in texts.unique()}
    _refuse(
        rows,
        texts.map(lambda text: periods[text] is None),
        "period",
        figures,
        sentence(
            "Write the year (2026), the quarter (2026K1) or the date (2026-01-01), 1980 to 2100."
        ),
    )
    years = {text: period[0] for text, period in periods.items() if period is not None}
    firsts = {text for text, period in periods.items() if period is not None and period[1]}
    later = ~texts.isin(firsts)
    if later.all():
        raise EmptyTableError(
            "No figure of the study's kommuner is of 1 January",
            where=figures.where_column("period"),
            hint="Download the first quarter of each year (2026K1).",
        )
    return rows.add(year=texts.map(years)).leave_out(later, NOT_FIRST)


def keep_every_marital_status(rows: Rows, figures: Figures) -> Rows:
    """Return the totals where FOLK1A divides people by marital status."""
    if "marital" not in figures.headers:
        return rows
    single = ~rows.table["marital"].fillna("").map(compact_key).isin(TOTAL)
    if single.all():
        raise InvalidValueError(
            "The figures are divided by marital status, without a total",
            where=figures.where_column("marital"),
            rows=rows.file_rows(single),
            hint="Download them with 'I alt' for CIVILSTAND.",
        )
    return rows.leave_out(single, ONE_MARITAL_STATUS)


def add_ages(rows: Rows, figures: Figures) -> Rows:
    """Return the rows with ``age_from`` and ``age_to``; all ages where the file has no ages."""
    if "age" not in figures.headers:
        return rows.add(age_from=ALL_AGES[0], age_to=ALL_AGES[1])
    texts = rows.table["age"].fillna("")
    bounds = {text: _bounds(text) for text in texts.unique()}
    _refuse(
        rows,
        texts.map(lambda text: bounds[text] is None),
        "age",
        figures,
        sentence(
            "Write ages as 10, 10-14, 65+ or I alt. Excel turns 10-14 into a date: download the"
            " file again and leave Excel out."
        ),
    )
    known = {text: ages for text, ages in bounds.items() if ages is not None}
    return rows.add(
        age_from=texts.map({text: ages[0] for text, ages in known.items()}).astype(float),
        age_to=texts.map({text: ages[1] for text, ages in known.items()}).astype(float),
    )


def _bounds(text: str) -> tuple[float, float] | None:
    if is_all_ages(text):
        return ALL_AGES
    group = read_age(text)
    if group is None:
        return None
    return float(group.first_years), OPEN if group.last_years is None else float(group.last_years)


def add_sexes(rows: Rows, figures: Figures) -> Rows:
    """Return the rows with ``sexes``: M, K or both."""
    if "sex" not in figures.headers:
        return rows.add(sexes=BOTH_SEXES)
    texts = rows.table["sex"].fillna("")
    words = {"M": MEN, "K": WOMEN, BOTH_SEXES: TOTAL}
    sex_of = {
        text: sex
        for text in texts.unique()
        for sex, known in words.items()
        if compact_key(text) in known
    }
    _refuse(
        rows,
        ~texts.isin(list(sex_of)),
        "sex",
        figures,
        sentence("Write Mænd (M, 1), Kvinder (K, 2) or I alt (TOT)."),
    )
    return rows.add(sexes=texts.map(sex_of))


def add_counts(rows: Rows, figures: Figures) -> Rows:
    """Return the rows with ``count``; a figure that is missing is refused, it is not zero."""
    counts = pd.Series(np.nan, index=rows.table.index)
    notes: Notes = ()
    for header, part in rows.table.groupby("column", sort=False):
        where = sentence("{where}, column '{column}'", where=figures.where, column=header)
        numbers = part["source_row"].tolist()
        own, part_notes = parse_numbers(part["persons"], where=where, rows=numbers, whole=True)
        _refuse_missing(part, own, where)
        refuse_values(
            own,
            lambda values: values < 0,
            what=sentence("Persons are negative"),
            where=where,
            rows=numbers,
            hint=sentence("Download the table again."),
        )
        counts.loc[part.index] = own
        notes += part_notes
    return replace(rows.add(count=counts), notes=(*rows.notes, *notes))


def _refuse_missing(part: pd.DataFrame, counts: "pd.Series[float]", where: str) -> None:
    missing = counts.isna()
    if not missing.any():
        return
    marks = part.loc[missing, "persons"].drop_duplicates()[:_VALUES_SHOWN]
    raise InvalidValueError(
        sentence(
            "Figures of the study's kommuner are missing: {cells}",
            cells=tuple(phrase("blank") if pd.isna(mark) else mark for mark in marks),
        ),
        where=where,
        rows=part.loc[missing, "source_row"].tolist(),
        hint="Missing is not zero: write 0 where nobody lives, or use ages in larger groups"
        " where the figure is withheld.",
    )


def _refuse(rows: Rows, bad: "pd.Series[bool]", name: str, figures: Figures, hint: str) -> None:
    """Raise InvalidValueError for the rows whose cell of a column has no meaning."""
    bad = bad.astype(bool)
    if not bad.any():
        return
    texts = rows.table.loc[bad, name].fillna("").drop_duplicates()[:_VALUES_SHOWN]
    shown = ", ".join(f"'{text}'" for text in texts)
    raise InvalidValueError(
        sentence(_NO_MEANING[name], cells=shown),
        where=figures.where_column(name),
        rows=rows.file_rows(bad),
        hint=hint,
    )
