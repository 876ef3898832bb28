"""The tables of a comparison, as the CSV files, the workbook and the app show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.comparison import Comparison, Variant
from coverage.exports.annex_words import said_columns
from coverage.exports.comparison_actions import actions_table
from coverage.exports.comparison_persons import shown_by_area
from coverage.exports.comparison_places import losing_table, skal_table
from coverage.exports.comparison_words import (
    COMPARED,
    COUNTS,
    EVERY_FIGURE,
    column_of,
    worded_table,
)
from coverage.exports.said_table import SaidTable
from coverage.exports.stamp import RunStamp
from coverage.levels import KOMMUNE_LEVEL
from coverage.wording import Language, say

LONG_COLUMNS = (
    *("area_level", "area_id", "area_name", "figure", "figure_code", "unit", "scenario"),
    *("before", "after", "difference"),
)
SIGNAL_COLUMNS = (
    *("scenario", "area_level", "area_id", "area_name", "signal_before", "signal_after", "change"),
)
PAIR_COLUMNS = ("from_scenario", "to_scenario", "persons_gain_choice", "persons_lose_choice")
_WHICH = ("figure", "unit")
_OF_LEVEL = ("area_name", "area_id", *_WHICH)


@dataclass(frozen=True)
class ComparisonTables:
    """Everything that a comparison shows, in words.

    Attributes
    ----------
    overview
        The whole study: a row a figure, the baseline, then each scenario and its difference.
    by_area
        The long table: before, after and difference of each scenario, area and figure.
    levels
        Level -> a row an area and figure, in the columns of the overview.
    signals, skal, losing, pairs, actions
        Signals that appear or go; places with other practices; where people lose; every two
        scenarios; what the scenarios do, with the rules that they touch.
    """

    overview: SaidTable
    by_area: SaidTable
    levels: Mapping[str, SaidTable]
    signals: SaidTable
    skal: SaidTable
    losing: SaidTable
    pairs: SaidTable
    actions: SaidTable


def comparison_tables(
    comparison: Comparison,
    reference: Variant,
    others: Sequence[Variant],
    stamp: RunStamp,
    language: Language = "da",
) -> ComparisonTables:
    """Return the tables of a comparison.

    Parameters
    ----------
    reference, others
        What was compared.
    stamp
        Its ``scenarios`` are those of the others, in their order.
    """
    shown = shown_by_area(comparison, reference, others)
    names = comparison.variants
    return ComparisonTables(
        overview=_overview(shown, reference, others, language),
        by_area=_long(shown, language),
        levels={
            level.name: _level(shown, level.name, names, language)
            for level in reference.assessment.levels
        },
        signals=_signals(comparison, language),
        skal=skal_table(comparison, reference.assessment, language),
        losing=losing_table(comparison, shown, reference.assessment, language),
        pairs=_pairs(comparison, shown, language),
        actions=actions_table(reference.assessment, stamp, language),
    )


def _long(shown: pd.DataFrame, language: Language) -> SaidTable:
    figures = [COMPARED[name] for name in shown["figure"]]
    titles = {name: figure.title(language) for name, figure in COMPARED.items()}
    units = {name: figure.unit_text(language) for name, figure in COMPARED.items()}
    table = said_columns(shown.drop(columns=["before", "after"]), language).assign(
        scenario=shown["variant"],
        figure_code=shown["figure"],
        figure=shown["figure"].map(titles),
        unit=shown["figure"].map(units),
        before=shown["before"],
        after=shown["after"],
    )
    kinds = tuple(figure.kind for figure in figures)
    return worded_table("by_area", table, LONG_COLUMNS, language, row_kinds=kinds)


def _overview(
    shown: pd.DataFrame, reference: Variant, others: Sequence[Variant], language: Language
) -> SaidTable:
    """Return the totals of all variants, and how many areas signal and places are broken."""
    total = shown[(shown["area_level"] == KOMMUNE_LEVEL) & (shown["area_id"] == ALL_AREAS)]
    names = [other.name for other in others]
    wide = _side_by_side(total, names)
    now = _counts(reference.assessment)
    rows = []
    for figure in COUNTS:
        row: dict[str, Any] = {"figure": figure.name, "baseline": float(now[figure.name])}
        for at, other in enumerate(others):
            then = float(_counts(other.assessment)[figure.name])
            row |= {f"after_{at}": then, f"difference_{at}": then - now[figure.name]}
        rows.append(row)
    return _said_wide("overview", pd.concat([wide, pd.DataFrame(rows)]), _WHICH, names, language)


def _counts(assessment: Assessment) -> dict[str, int]:
    """Return the figures ``COUNTS``."""
    areas = assessment.designation.areas
    ours = areas[areas["area_level"] == assessment.designation_level]
    places = assessment.skal.places
    return {
        "areas_with_signal": int((ours["signal"] == "signal").sum()),
        "skal_without_practice": int((places["is_skal"] & (places["practices"] == 0)).sum()),
    }


def _level(shown: pd.DataFrame, level: str, names: Sequence[str], language: Language) -> SaidTable:
    wide = _side_by_side(shown[shown["area_level"] == level], names)
    return _said_wide("level", said_columns(wide, language), _OF_LEVEL, names, language)


def _side_by_side(shown: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a row a figure and area: the baseline, and each variant with its difference.

    Figure by figure, areas in their order, the total last.
    """
    key = ["area_id", "area_name", "figure"]
    # All variants have the same rows, but for practices without an area, which some may have.
    wide = shown[key].drop_duplicates(ignore_index=True)
    order = {name: at for at, name in enumerate(COMPARED)}
    wide = wide.assign(_figure=wide["figure"].map(order), _total=wide["area_id"] == ALL_AREAS)
    wide = wide.sort_values(["_figure", "_total"], kind="stable")[key]
    first = shown[shown["variant"] == names[0]]
    wide = wide.merge(first[[*key, "before"]].rename(columns={"before": "baseline"}), "left", key)
    for at, name in enumerate(names):
        own = shown[shown["variant"] == name][[*key, "after", "difference"]]
        states = {"after": f"after_{at}", "difference": f"difference_{at}"}
        wide = wide.merge(own.rename(columns=states), how="left", on=key)
    return wide


def _said_wide(
    name: str,
    wide: pd.DataFrame,
    which: Sequence[str],
    names: Sequence[str],
    language: Language,
) -> SaidTable:
    figures = [EVERY_FIGURE[code] for code in wide["figure"]]
    table = wide.reset_index(drop=True).assign(
        figure=[figure.title(language) for figure in figures],
        unit=[figure.unit_text(language) for figure in figures],
    )
    columns = {column: column_of(column, language) for column in (*which, "baseline")}
    for at, scenario in enumerate(names):
        difference = say("comparison.difference_of", language, scenario=scenario)
        columns[f"after_{at}"] = column_of("after", language, scenario)
        columns[f"difference_{at}"] = column_of("difference", language, difference)
    kinds = tuple(figure.kind for figure in figures)
    return SaidTable(name, columns, table[list(columns)], kinds)


def _signals(comparison: Comparison, language: Language) -> SaidTable:
    signals = comparison.signals.reset_index(drop=True)
    words = {code: say(f"comparison.change.{code}", language) for code in signals["change"]}
    table = said_columns(signals, language)
    table = table.assign(
        scenario=table["variant"],
        signal_before=table["before"],
        signal_after=table["after"],
        change=signals["change"].map(words),
    )
    marked = tuple(bool(mark) for mark in signals["change"] == "appears")
    return worded_table("signals", table, SIGNAL_COLUMNS, language, marked=marked)


def _pairs(comparison: Comparison, shown: pd.DataFrame, language: Language) -> SaidTable:
    """Return every two variants; those with the baseline as in the overview."""
    total = shown[(shown["area_level"] == KOMMUNE_LEVEL) & (shown["area_id"] == ALL_AREAS)]
    persons = total.set_index(["variant", "figure"])["after"]
    rows = []
    for row in comparison.pairs.to_dict("records"):
        one, other = row["from_variant"], row["to_variant"]
        gain, lose = (np.rint(row[f"persons_{verb}_choice"]) for verb in ("gain", "lose"))
        if one == comparison.reference:
            gain, lose = (persons[other, f"persons_{verb}_choice"] for verb in ("gain", "lose"))
        elif other == comparison.reference:
            lose, gain = (persons[one, f"persons_{verb}_choice"] for verb in ("gain", "lose"))
        rows.append((one, other, float(gain), float(lose)))
    table = pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
    return worded_table("pairs", table, PAIR_COLUMNS, language)
