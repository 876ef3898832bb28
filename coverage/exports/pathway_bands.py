"""What chance adds to a path, in words: bands and probabilities."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.exports.annex_columns import DECIMALS
from coverage.exports.annex_words import said_columns
from coverage.exports.area_words import yes_no
from coverage.exports.pathway_words import (
    BANDED,
    CHANCES,
    WHICH_AREA,
    figure_text,
    unit_text,
    withhold,
    worded_table,
)
from coverage.exports.planned_path import PlannedPath
from coverage.exports.said_table import SaidTable
from coverage.levels import KOMMUNE_LEVEL
from coverage.pathway.monte_carlo import Bands
from coverage.wording import Language

Floats = npt.NDArray[np.float64]

BAND_VALUES = ("mean", "p10", "p50", "p90")
BAND_COLUMNS = (
    *("year", *WHICH_AREA, "figure", "figure_code", "unit"),
    *(*BAND_VALUES, "probability_pct", "runs", "interrupted"),
)
CHANCE_COLUMNS = ("year", *WHICH_AREA, *CHANCES)
# What changes when a single practice closes.
_OF_CLOSING = ("persons_without_choice", "choice_lost_probability")
_SMALLEST_PCT, _LARGEST_PCT = 0.1, 99.9


def chance_pct(probability: "pd.Series[float]") -> Floats:
    """Return probabilities in percent with one decimal, 0 and 100 only for never and always."""
    exact = probability.to_numpy(np.float64) * 100.0
    between = np.clip(np.round(exact, 1), _SMALLEST_PCT, _LARGEST_PCT)
    return np.where((exact > 0) & (exact < 100), between, exact)  # noqa: PLR2004 - percent


def bands_table(planned: PlannedPath, language: Language, *, publish: bool) -> SaidTable:
    """Return a row a figure, year and row of areas: bands, then probabilities; none without runs.

    Each figure is rounded by itself.
    """
    table = _long(planned.bands)
    held = planned.held_rows(table, publish=publish)
    of_closing = table["figure_code"].isin(_OF_CLOSING).to_numpy(dtype=np.bool_)
    hidden = np.where(of_closing, held.closing, held.areas)
    account = planned.trial_account
    words = said_columns(table, language).assign(
        figure=[figure_text(code, language) for code in table["figure_code"]],
        unit=[unit_text(code, language) for code in table["figure_code"]],
        runs=account.runs,
        interrupted=yes_no(account.interrupted, language),
    )
    told = (*BAND_VALUES, "probability_pct")
    shown = withhold(words, told, hidden, language)
    kinds = tuple(BANDED[code][0] if code in BANDED else "tenth" for code in table["figure_code"])
    return worded_table("bands", shown, BAND_COLUMNS, language, row_kinds=kinds)


def chances_table(planned: PlannedPath, language: Language, *, publish: bool) -> SaidTable:
    """Return a row a year and area with both probabilities; none without runs."""
    columns = ["year", *WHICH_AREA]
    if planned.bands is None:
        table = pd.DataFrame({name: [] for name in (*columns, *CHANCES)})
        return worded_table("chances", table, CHANCE_COLUMNS, language)
    source = planned.bands.probabilities
    table = source[columns].copy()
    for name in CHANCES:
        table[name] = chance_pct(source[name.removesuffix("_pct")])
    held = planned.held_rows(table, publish=publish)
    signal, choice_lost = CHANCES
    shown = withhold(said_columns(table, language), [signal], held.areas, language)
    shown = withhold(shown, [choice_lost], held.closing, language)
    return worded_table("chances", shown, CHANCE_COLUMNS, language)


def _long(bands: Bands | None) -> pd.DataFrame:
    """Return bands and probabilities below each other."""
    names = ["year", *WHICH_AREA, "figure_code", *BAND_VALUES, "probability_pct"]
    if bands is None:
        return pd.DataFrame({name: [] for name in names})
    parts = [_of_measure(bands.table, code) for code in BANDED]
    for name in CHANCES:
        chances = bands.probabilities[["year", *WHICH_AREA]].assign(
            figure_code=name.removesuffix("_pct"),
            **dict.fromkeys(BAND_VALUES, np.nan),
            probability_pct=chance_pct(bands.probabilities[name.removesuffix("_pct")]),
        )
        parts.append(chances)
    return pd.concat([part[names] for part in parts], ignore_index=True)


def _of_measure(table: pd.DataFrame, code: str) -> pd.DataFrame:
    own = table[table["measure"] == code]
    decimals = DECIMALS[BANDED[code][0]]
    rounded = {name: own[name].round(decimals) + 0.0 for name in BAND_VALUES}
    return own.assign(figure_code=code, probability_pct=np.nan, **rounded)


def band_of_study(bands: Bands, measure: str) -> dict[str, float]:
    """Return mean, p10, p50 and p90 of a measure in the last year, of the whole study."""
    table = bands.table
    own = (table["measure"] == measure) & (table["area_id"] == ALL_AREAS)
    last = table[own & (table["area_level"] == KOMMUNE_LEVEL)].iloc[-1]
    return {name: float(last[name]) for name in BAND_VALUES}
