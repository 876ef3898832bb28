"""A table whose columns stand in groups: before, after and difference under one heading.

Numbers stay numbers, so that they sort as such, and read as the language writes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from coverage.ui.formats import MISSING
from coverage.ui.session import show_in_widget
from coverage.wording import Language

_ROW_PX, _HEADS_PX = 35, 2 * 36 + 2
# The sign of a number says the same as its colour.
_STYLES = {
    "marked": "font-weight: 700; background-color: #fff3c4",
    "good": "background-color: #d9ece4",
    "bad": "background-color: #f8d9cf",
}


@dataclass(frozen=True)
class GroupedColumn:
    """A column of a grouped table.

    Attributes
    ----------
    group, heading
        Above each other; no two columns share both.
    values
        One a row.
    text
        Writes a number; None for a column that holds texts.
    is_number
        It holds numbers that are written already, of several units: to stand at the right.
    marked, good, bad
        Rows whose cell stands out, by position: for itself, for the better, for the worse.
    """

    group: str
    heading: str
    values: "Sequence[Any] | pd.Series[Any]"
    width_px: int
    text: Callable[[Any], str] | None = None
    is_number: bool = False
    marked: tuple[int, ...] = ()
    good: tuple[int, ...] = ()
    bad: tuple[int, ...] = ()


@dataclass(frozen=True)
class RowChoice:
    """One row can be clicked.

    Attributes
    ----------
    chosen
        Position of the row that is chosen already; None for none.
    choose
        Called with the position of the row that is clicked, None where the choice is undone.
    """

    chosen: int | None
    choose: Callable[[int | None], None]


def show_grouped_table(
    columns: Sequence[GroupedColumn],
    name: str,
    language: Language,
    height_px: int,
    row_choice: RowChoice | None = None,
) -> None:
    """Show the table, no higher than this; its first column stays in view."""
    names = pd.MultiIndex.from_tuples([(column.group, column.heading) for column in columns])
    table = pd.DataFrame({position: list(column.values) for position, column in enumerate(columns)})
    table.columns = names
    styled = _styled(table, columns)
    # Position 0 is that of the index, which is hidden.
    configured = {
        position: st.column_config.Column(
            width=column.width_px,
            pinned=position == 1,
            alignment="right" if column.is_number or column.text else None,
        )
        for position, column in enumerate(columns, start=1)
    }
    key = f"{name}-{language}"
    on_select: Literal["ignore"] | Callable[[], None] = "ignore"
    if row_choice is not None:
        _show_choice(row_choice, key)
        on_select = partial(_clicked, row_choice, key)
    st.dataframe(
        styled,
        hide_index=True,
        height=min(height_px, _HEADS_PX + _ROW_PX * max(1, len(table))),
        column_config=configured,  # type: ignore[arg-type] # positions are allowed, too
        key=key,
        on_select=on_select,  # type: ignore[arg-type] # it may be ignored, too
        selection_mode="single-row",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )


def _styled(table: pd.DataFrame, columns: Sequence[GroupedColumn]) -> Styler:
    styled = table.style.format(
        {
            (column.group, column.heading): column.text
            for column in columns
            if column.text is not None
        },
        na_rep=MISSING,
    )
    for column, where in zip(columns, table.columns, strict=True):
        for look, style in _STYLES.items():
            rows = list(getattr(column, look))
            if rows:
                styled = styled.map(lambda _, style=style: style, subset=(rows, [where]))
    return styled


def _show_choice(row_choice: RowChoice, key: str) -> None:
    rows = [] if row_choice.chosen is None else [row_choice.chosen]
    show_in_widget(key, {"selection": {"rows": rows, "columns": [], "cells": []}})


def _clicked(row_choice: RowChoice, key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    row_choice.choose(int(rows[0]) if rows else None)
