"""The tables of the page Metode: long texts, wrapped."""

from collections.abc import Callable, Hashable, Mapping

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from coverage.ui.formats import MISSING, format_number
from coverage.ui.state import AppState
from coverage.wording import say

# Column -> its width; the names are those of ``rows``.
WIDTHS_PX = {
    "rules": {
        "title": 300,
        "value": 92,
        "unit": 120,
        "range": 110,
        "status": 130,
        "changed": 130,
        "source": 330,
        "valid_from": 84,
        "key": 230,
    },
    "definitions": {"column": 240, "definition": 620, "tables": 170, "rules": 260},
    "files": {
        "role": 130,
        "file_name": 150,
        "as_of": 84,
        "rows_read": 74,
        "rows_kept": 74,
        "merged_rows": 74,
        "dropped": 240,
        "notes": 240,
        "sha256": 300,
    },
}
_NUMBERS = ("rows_read", "rows_kept", "merged_rows")
# Streamlit wraps texts in rows higher than 64 px only: three lines.
_ROW_PX = 66
_HEAD_PX = 38
_ASSUMED = "background-color: #fff3c4"
_CHANGED = "background-color: #cfe3f5; color: #111111"


def show_method_table(name: str, rows: pd.DataFrame, state: AppState) -> None:
    """Show the rows of a table of ``WIDTHS_PX``; what is assumed or changed has a colour, too."""
    language = state.language
    # Nobody needs a column that says nothing: mostly no rule is changed.
    columns = [one for one in WIDTHS_PX[name] if one != "changed" or (rows[one] != "").any()]
    shown = rows[columns]
    marks = [_marks(row, columns) for row in rows.to_dict("records")]
    formats = {
        column: lambda value: format_number(value, language)
        for column in columns
        if column in _NUMBERS
    }
    styled = shown.style.format({**formats})
    styled = styled.apply(lambda _: pd.DataFrame(marks, shown.index, columns), axis=None)
    st.dataframe(
        styled,
        hide_index=True,
        row_height=_ROW_PX,
        height=min(state.map_height_px, _HEAD_PX + _ROW_PX * max(1, len(shown))),
        column_config={
            column: _kind(column)(
                say(f"app.metode.column.{column}", language), width=WIDTHS_PX[name][column]
            )
            for column in columns
        },
        key=f"method-{name}-{language}-{state.rule_group if name == 'rules' else ''}",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )


def _kind(column: str) -> Callable[..., ColumnConfig]:
    columns = st.column_config
    return columns.NumberColumn if column in _NUMBERS else columns.TextColumn


def _marks(row: Mapping[Hashable, object], columns: list[str]) -> list[str]:
    """Return a style for each cell of a row."""
    styles = dict.fromkeys(columns, "")
    if row.get("is_assumption"):
        styles["status"] = _ASSUMED
    if row.get("is_changed") and "changed" in styles:
        styles |= dict.fromkeys(("value", "changed"), _CHANGED)
    return list(styles.values())
