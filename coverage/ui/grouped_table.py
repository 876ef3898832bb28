"""A table whose columns stand in groups: before, after and difference under one heading.

Numbers stay numbers, so that they sort as such, and read as the language writes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from coverage.ui.formats import MISSING
from coverage.wording import Language

_ROW_PX, _HEADS_PX = 35, 2 * 36 + 2
_MARKED_STYLE = "font-weight: 700; background-color: #fff3c4"


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
    marked
        Rows whose cell stands out, by position.
    """

    group: str
    heading: str
    values: "Sequence[Any] | pd.Series[Any]"
    width_px: int
    text: Callable[[Any], str] | None = None
    marked: Sequence[int] = field(default=())


def show_grouped_table(
    columns: Sequence[GroupedColumn], name: str, language: Language, height_px: int
) -> None:
    """Show the table, no higher than this; its first column stays in view."""
    names = pd.MultiIndex.from_tuples([(column.group, column.heading) for column in columns])
    table = pd.DataFrame({position: list(column.values) for position, column in enumerate(columns)})
    table.columns = names
    styled = table.style.format(
        {
            (column.group, column.heading): column.text
            for column in columns
            if column.text is not None
        },
        na_rep=MISSING,
    )
    for column, where in zip(columns, names, strict=True):
        if len(column.marked):
            styled = styled.map(lambda _: _MARKED_STYLE, subset=(list(column.marked), [where]))
    configured = {
        position: st.column_config.Column(width=column.width_px, pinned=position == 0)
        for position, column in enumerate(columns)
    }
    st.dataframe(
        styled,
        hide_index=True,
        height=min(height_px, _HEADS_PX + _ROW_PX * max(1, len(table))),
        column_config=configured,  # type: ignore[arg-type] # positions are allowed, too
        key=f"{name}-{language}",
        # A number that is missing reads "None" otherwise, whatever its format.
        placeholder=MISSING,
    )
