"""The quick figures of one scenario (``scenario.effect``) as a table, a CSV file and a workbook."""

from io import BytesIO

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.annex_columns import DECIMALS
from coverage.exports.annex_words import said_columns
from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis
from coverage.exports.book import Book
from coverage.exports.comparison_book import write_figures
from coverage.exports.comparison_words import EVERY_FIGURE, Figure, worded_table
from coverage.exports.said_table import SaidTable, write_meanings, write_said_sheet
from coverage.exports.stamp import RunStamp
from coverage.scenario.effect import CHOICE_FIGURES, PRACTICE_FIGURES, Effect
from coverage.units import M_PER_KM
from coverage.wording import Language, say

EFFECT_COLUMNS = (
    *("area_level", "area_id", "area_name", "figure", "figure_code", "unit"),
    *("before", "after", "difference"),
)
EFFECT_FIGURES = ("persons", *CHOICE_FIGURES, *PRACTICE_FIGURES, "signal")
_AGAINST_BASELINE = ("persons_gain_choice", "persons_lose_choice")


def effect_table(before: Effect, after: Effect, language: Language = "da") -> SaidTable:
    """Return before, after and difference of each level, area and figure, in words.

    Each figure is rounded by itself; the difference is that of the figures shown.

    Parameters
    ----------
    before
        The effect of the empty scenario, or of any other on the same study.
    after
        The effect to be shown.
    """
    parts = [
        _figure_rows(before, after, level, EVERY_FIGURE[name])
        for level in after.by_area
        for name in EFFECT_FIGURES
    ]
    table = pd.concat(parts, ignore_index=True)
    order = {level: at for at, level in enumerate(after.by_area)}
    # All figures of an area stand together.
    rank = table["area_level"].map(order) * len(table) + table["row"]
    table = table.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)
    figures = [EVERY_FIGURE[name] for name in table["code"]]
    words = said_columns(table[["area_level", "area_id", "area_name"]], language).assign(
        figure=[figure.title(language) for figure in figures],
        figure_code=table["code"],
        unit=[figure.unit_text(language) for figure in figures],
    )
    for state in ("before", "after"):
        values = [
            say(f"annex.signal.{value}", language) if isinstance(value, str) else value
            for value in table[state]
        ]
        words[state] = pd.Series(values, dtype="object")
    words["difference"] = table["difference"]
    kinds = tuple(figure.kind for figure in figures)
    return worded_table("effect", words, EFFECT_COLUMNS, language, row_kinds=kinds)


def effect_bytes(
    table: SaidTable, assessment: Assessment, stamp: RunStamp, language: Language = "da"
) -> bytes:
    """Return a workbook of the quick figures: a sheet with them, and what they rest on.

    Parameters
    ----------
    assessment, stamp
        Of the baseline.
    """
    target = BytesIO()
    own, basis_name = say("comparison.table.effect", language), say("export.sheet.basis", language)
    book = Book(target, assessment, stamp, language, [own, basis_name])
    lines = [say("comparison.line.effect", language)]
    write_said_sheet(book, own, table, lines, frozen=3)
    basis = book.open_sheet(basis_name, BASIS_COLUMNS)
    write_basis(basis, assessment, stamp, language)
    write_figures(basis, [EVERY_FIGURE[name] for name in EFFECT_FIGURES], stamp, language)
    write_meanings(basis, [table], language)
    book.close()
    return target.getvalue()


def _figure_rows(before: Effect, after: Effect, level: str, figure: Figure) -> pd.DataFrame:
    """Return one figure of one level: ``area_level, area_id, area_name, row, code`` and states."""
    now, then = (one.by_area[level].set_index("area_id") for one in (before, after))
    # Practices without an area are a row that may be there only before or only after.
    areas = then.index.union(now.index, sort=False)
    rows = pd.DataFrame(
        {
            "area_level": level,
            "area_id": areas.to_numpy(object),
            "area_name": then["area_name"].reindex(areas).fillna(now["area_name"]).to_numpy(object),
            "row": np.arange(len(areas)),
            "code": figure.name,
        }
    )
    if figure.unit == "text":
        states = {
            state: one[figure.name].reindex(areas).to_numpy(object)
            for state, one in (("before", now), ("after", then))
        }
        return rows.assign(**states, difference=np.nan)
    shown = {}
    for state, one in (("before", now), ("after", then)):
        values = one[figure.name].astype("float64").reindex(areas).to_numpy()
        values = values / M_PER_KM if figure.unit == "m" else values
        shown[state] = np.round(values, DECIMALS[figure.kind]) + 0.0
    if figure.name in _AGAINST_BASELINE:
        shown["before"] = np.zeros(len(areas))
    difference = np.round(shown["after"] - shown["before"], DECIMALS[figure.kind]) + 0.0
    return rows.assign(
        before=shown["before"].astype(object),
        after=shown["after"].astype(object),
        difference=difference,
    )
