"""The table of areas beside the overview's map, the worst first."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from coverage.ui.formats import MISSING, format_number, format_percent
from coverage.ui.overblik.overview import amount_text
from coverage.ui.signal_colours import SIGNAL_COLOURS, SIGNAL_INK
from coverage.wording import Language, say

_ROW_PX = 35
_HEAD_PX = 38
_WIDTHS_PX = {
    "area": 108,
    "signal": 58,
    "designated": 74,
    "met_weight": 52,
    "patients_per_capacity": 66,
    "closed_pct": 66,
    "choice_pct": 68,
    "nearest": 188,
}
_TEXTS = ("area", "signal", "designated", "nearest")


def show_overview_table(table: pd.DataFrame, language: Language, height_px: int) -> None:
    """Show a table of ``overview.areas_worst_first``; its numbers sort as numbers."""
    colours = [_cell_style(str(signal)) for signal in table["signal"]]
    words = {code: say(f"app.overblik.signal.{code}", language) for code in SIGNAL_COLOURS}
    yes = say("export.yes", language)
    shown = table[list(_WIDTHS_PX)].assign(
        signal=table["signal"].map(words),
        nearest=table["nearest"].fillna(MISSING),
        designated=[yes if designated else "" for designated in table["designated"]],
    )
    formats = {
        "met_weight": lambda value: amount_text(value, language),
        "patients_per_capacity": lambda value: format_number(value, language),
        "closed_pct": lambda value: format_percent(value, language),
        "choice_pct": lambda value: format_percent(value, language),
    }
    styled = shown.style.format({**formats}).apply(lambda _: colours, subset=["signal"])
    st.dataframe(
        styled,
        hide_index=True,
        height=min(height_px, _HEAD_PX + _ROW_PX * max(1, len(shown))),
        column_config={name: _column(name, table, language) for name in _WIDTHS_PX},
        key=f"overview-areas-{language}",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )


def _column(name: str, table: pd.DataFrame, language: Language) -> ColumnConfig:
    columns = st.column_config
    kind = columns.TextColumn if name in _TEXTS else columns.NumberColumn
    total = amount_text(float(table["total_weight"].max()), language) if len(table) else MISSING
    return kind(
        say(f"app.overblik.column.{name}", language),
        width=_WIDTHS_PX[name],
        help=say(f"app.overblik.column_help.{name}", language, total=total),
    )


def _cell_style(signal: str) -> str:
    return f"background-color: {SIGNAL_COLOURS[signal]}; color: {SIGNAL_INK[signal]}"
