"""Tables of the page on skal-areas: numbers sort as such and read as the language writes them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from coverage.ui.formats import MISSING, format_number, format_persons
from coverage.wording import Language, keys, say

_ROW_PX = 35
_HEAD_PX = 38
# Streamlit wraps texts in rows above 4 rem, which is 64.
TWO_LINES_PX = 66


@dataclass(frozen=True)
class Column:
    """A column: its name in the table, ``text``, ``persons`` or a number's decimals, its width."""

    name: str
    kind: str
    width_px: int


@dataclass(frozen=True)
class WordedTable:
    """A table to show.

    Attributes
    ----------
    name
        Of the widget.
    words
        Where the headings stand: ``app.skal.<words>.<column>``, explained by
        ``app.skal.<words>.<column>_help`` where that is there.
    columns
        In order; the first stays in view.
    help_values
        What the explanations mention.
    row_px
        Height of a row: ``TWO_LINES_PX`` wraps long texts.
    """

    name: str
    words: str
    columns: Sequence[Column]
    help_values: Mapping[str, str] = field(default_factory=dict)
    row_px: int = _ROW_PX

    def show(self, table: pd.DataFrame, language: Language, height_px: int) -> None:
        """Show the table's columns, no higher than this; what is missing is a dash."""
        texts = [column.name for column in self.columns if column.kind == "text"]
        shown = table[[column.name for column in self.columns]]
        shown = shown.assign(**{name: shown[name].fillna(MISSING) for name in texts})
        formats: dict[Any, str | Callable[[object], str] | None] = {
            column.name: _formatter(column.kind, language)
            for column in self.columns
            if column.kind != "text"
        }
        st.dataframe(
            shown.style.format(formats),
            hide_index=True,
            row_height=self.row_px,
            height=min(height_px, _HEAD_PX + self.row_px * max(1, len(shown))),
            column_config={
                column.name: self._config(column, language, pinned=not position)
                for position, column in enumerate(self.columns)
            },
            key=f"{self.name}-{language}",
            # A number that is missing reads "None" otherwise, whatever its format.
            placeholder=MISSING,
        )

    def _config(self, column: Column, language: Language, *, pinned: bool) -> ColumnConfig:
        kinds = st.column_config
        kind = kinds.TextColumn if column.kind == "text" else kinds.NumberColumn
        key = f"app.skal.{self.words}.{column.name}"
        told = f"{key}_help" in keys(f"{key}_help")
        return kind(
            say(key, language),
            width=column.width_px,
            help=say(f"{key}_help", language, **self.help_values) if told else None,
            pinned=pinned or None,
        )


def _formatter(kind: str, language: Language) -> Callable[[Any], str]:
    if kind == "persons":
        return lambda value: format_persons(value, language)
    decimals = int(kind)
    return lambda value: format_number(value, language, decimals)
