"""The table beside the map: every area's signal and criteria, the worst first."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from coverage.signal_rule import CRITERIA, MEASURES, SIGNALS
from coverage.ui.formats import MISSING
from coverage.ui.style import escape_markdown, show_plain
from coverage.ui.truede.criterion_text import (
    criterion_name,
    marked,
    plain_number,
    signed_percent,
    threshold_text,
    unit_text,
    value_text,
)
from coverage.wording import Language, say

_ROW_PX, _HEAD_PX = 35, 38
_WIDTHS_PX: Mapping[str, int] = {
    "area": 112,
    "signal": 64,
    "met_weight": 54,
    "patients_per_capacity": 70,
    **dict.fromkeys(CRITERIA[1:], 68),
    "nearest_criterion": 150,
    "nearest_distance_pct": 76,
}
_MET_STYLE = "font-weight: 700; background-color: #fbe3d6"
COLUMNS = tuple(_WIDTHS_PX)
# Criterion -> threshold and weight.
Rules = Mapping[str, tuple[float, float]]


def signals_worst_first(areas: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return one level's areas with ``area_id`` and ``COLUMNS``, the worst first.

    Parameters
    ----------
    areas, criteria
        ``Designation.areas`` and ``.criteria`` of one level.

    Returns
    -------
    DataFrame
        ``signal`` is a code, ``overridden`` says whether people set it; the measured
        criteria are numbers, the judged ones statuses. Worse is: a signal, then a
        possible one, then more weight met, then less far from its nearest threshold.
    """
    table = areas.set_index("area_id").assign(
        area=lambda known: known["area_name"], overridden=lambda known: known["override"].notna()
    )
    for criterion, own in criteria.set_index("area_id").groupby("criterion"):
        table[str(criterion)] = own["value" if criterion in MEASURES else "status"]
    rank = table["signal"].map({name: place for place, name in enumerate(SIGNALS)})
    order = table.assign(rank=rank).sort_values(
        ["rank", "met_weight", "nearest_distance_pct", "area"],
        ascending=[True, False, False, True],
    )
    return order.reset_index()[["area_id", *COLUMNS, "overridden"]]


def show_criteria_table(
    table: pd.DataFrame, criteria: pd.DataFrame, least: float, height_px: int, language: Language
) -> None:
    """Show the table; what is met has a mark, and is bold.

    Parameters
    ----------
    table
        Of ``signals_worst_first``.
    criteria
        ``Designation.criteria`` of the level.
    least
        The weight that gives a signal.
    """
    rules = _rules(criteria)
    st.dataframe(
        _styled(table, rules, _met_areas(criteria), language),
        hide_index=True,
        height=min(height_px, _HEAD_PX + _ROW_PX * max(1, len(table))),
        column_config=_columns(rules, least, language),
        key=f"signals-{language}",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )
    show_plain(say("app.truede.table.hint", language), "app-small")


def _rules(criteria: pd.DataFrame) -> Rules:
    """Return threshold and weight by criterion: they are the same for all areas."""
    first = criteria.drop_duplicates("criterion")
    pairs = zip(first["threshold"], first["weight"], strict=True)
    return dict(zip(first["criterion"], pairs, strict=True))


def _met_areas(criteria: pd.DataFrame) -> dict[str, set[str]]:
    """Return the ids of the areas that meet each criterion."""
    met = criteria[criteria["status"] == "met"]
    areas: dict[str, set[str]] = {criterion: set() for criterion in CRITERIA}
    for criterion, area_id in zip(met["criterion"], met["area_id"], strict=True):
        areas[criterion].add(area_id)
    return areas


def _styled(
    table: pd.DataFrame,
    rules: Rules,
    met: Mapping[str, set[str]],
    language: Language,
) -> Styler:
    shown = table[list(COLUMNS)].copy()
    shown["signal"] = [
        _signal_text(row["signal"], language, overridden=row["overridden"])
        for row in table.to_dict("records")
    ]
    shown["nearest_criterion"] = [
        MISSING if pd.isna(name) else criterion_name(name, language)
        for name in table["nearest_criterion"]
    ]
    judged = {
        "met": say("app.truede.table.yes", language),
        "not_met": say("app.truede.table.no", language),
    }
    for criterion in CRITERIA:
        if criterion not in MEASURES:
            shown[criterion] = shown[criterion].map(judged).fillna(MISSING)
    formats: dict[Any, Callable[[Any], str]] = {
        "met_weight": lambda weight: plain_number(weight, language),
        "nearest_distance_pct": lambda percent: signed_percent(percent, language),
    }
    styled = shown.style.format({**formats})
    for criterion in CRITERIA:
        rows = table.index[table["area_id"].isin(met[criterion])]
        threshold, weight = rules[criterion]
        text = _value_format(criterion, threshold, language) if criterion in MEASURES else str
        styled = styled.format(text, subset=[criterion])
        styled = styled.format(_marked(text, weight), subset=(rows, [criterion]))
        if weight > 0:
            styled = styled.map(lambda _: _MET_STYLE, subset=(rows, [criterion]))
    return styled


def _signal_text(signal: str, language: Language, *, overridden: bool) -> str:
    text = say(f"app.truede.short.{signal}", language)
    return say("app.truede.short.overridden", language, signal=text) if overridden else text


def _value_format(criterion: str, threshold: float, language: Language) -> Callable[[Any], str]:
    return lambda value: value_text(value, threshold, criterion, language)


def _marked(text: Callable[[Any], str], weight: float) -> Callable[[Any], str]:
    return lambda value: marked(text(value), weight)


def _columns(rules: Rules, least: float, language: Language) -> dict[str, ColumnConfig]:
    """Return the columns' headings, with what each means on hovering."""
    configured: dict[str, ColumnConfig] = {}
    for name, width_px in _WIDTHS_PX.items():
        kind = (
            st.column_config.NumberColumn
            if name in MEASURES or name in ("met_weight", "nearest_distance_pct")
            else st.column_config.TextColumn
        )
        configured[name] = kind(
            say(f"app.truede.table.{name}", language),
            width=width_px,
            help=_help(name, rules, least, language),
            pinned=name == "area",
        )
    return configured


def _help(name: str, rules: Rules, least: float, language: Language) -> str | None:
    if name == "met_weight":
        total = plain_number(sum(weight for _, weight in rules.values()), language)
        text = say(
            "app.truede.table.met_weight_help",
            language,
            total=total,
            least=plain_number(least, language),
        )
    elif name in MEASURES:
        text = say(
            "app.truede.table.criterion_help",
            language,
            criterion=criterion_name(name, language),
            threshold=threshold_text(name, rules[name][0], language),
            unit=unit_text(name, language),
            weight=plain_number(rules[name][1], language),
        )
    elif name in CRITERIA:
        text = say(
            "app.truede.table.judgement_help",
            language,
            criterion=criterion_name(name, language),
            weight=plain_number(rules[name][1], language),
        )
    elif name.startswith("nearest"):
        text = say(f"app.truede.table.{name}_help", language)
    else:
        return None
    return escape_markdown(text)
