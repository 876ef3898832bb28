"""What the next decision is about, one list a question."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from coverage.decisions import AGENDA_ITEMS
from coverage.ui.formats import MISSING
from coverage.ui.style import show_plain
from coverage.ui.truede.criterion_text import day_text, plain_number
from coverage.ui.truede.signal_map import met_criteria
from coverage.wording import Language, say

_ROW_PX, _HEAD_PX, _MOST_PX = 35, 38, 388
_WIDTHS_PX: Mapping[str, int] = {
    "area": 150,
    "met_weight": 62,
    "met": 450,
    "unknown": 260,
    "from_date": 118,
    "earliest_end": 116,
    "basis": 420,
    "decision": 420,
}
_OF_DESIGNATION = ("from_date", "earliest_end", "basis", "decision")


def agenda_rows(
    agenda: pd.DataFrame, areas: pd.DataFrame, criteria: pd.DataFrame, language: Language
) -> dict[str, pd.DataFrame]:
    """Return the areas of each question, those with most weight first; no question without areas.

    Parameters
    ----------
    agenda, areas, criteria
        Tables of ``Designation``, of one level.

    Returns
    -------
    dict
        Of ``AGENDA_ITEMS`` -> table of ``_WIDTHS_PX``, without the columns that say nothing.
    """
    weights = areas.set_index("area_id")["met_weight"]
    met, unknown = (met_criteria(criteria, language, status) for status in ("met", "unknown"))
    table = pd.DataFrame(
        {
            "area": agenda["area_name"],
            "met_weight": agenda["area_id"].map(weights),
            "met": agenda["area_id"].map(met).astype("str"),
            "unknown": agenda["area_id"].map(unknown).astype("str"),
            **{name: agenda[name] for name in _OF_DESIGNATION},
        }
    )
    groups = {}
    for item in AGENDA_ITEMS:
        rows = table[(agenda["item"] == item).to_numpy()]
        if len(rows):
            said = rows.dropna(axis="columns", how="all")
            groups[item] = said.sort_values(["met_weight", "area"], ascending=[False, True])
    return groups


def show_agenda(groups: Mapping[str, pd.DataFrame], month: str, language: Language) -> None:
    """Show the lists (of ``agenda_rows``) under the questions that they are about."""
    show_plain(say("app.truede.agenda.heading", language, month=month), "app-heading")
    if not groups:
        show_plain(say("app.truede.agenda.nothing", language), "app-question")
    for item, table in groups.items():
        question = say(f"annex.item.{item}", language)
        heading = say("app.truede.agenda.group", language, item=question, count=len(table))
        show_plain(heading, "app-question")
        st.dataframe(
            _styled(table, language),
            width="content",
            hide_index=True,
            height=min(_MOST_PX, _HEAD_PX + _ROW_PX * len(table)),
            column_config={str(name): _column(str(name), language) for name in table},
            key=f"agenda-{item}-{language}",
        )


def _column(name: str, language: Language) -> ColumnConfig:
    kind = st.column_config.NumberColumn if name == "met_weight" else st.column_config.TextColumn
    return kind(say(f"app.truede.agenda.{name}", language), width=_WIDTHS_PX[name])


def _styled(table: pd.DataFrame, language: Language) -> Styler:
    shown = table.copy()
    for name in shown:
        if name in ("from_date", "earliest_end"):
            shown[name] = [day_text(day, language) for day in shown[name]]
        elif name != "met_weight":
            shown[name] = shown[name].fillna(MISSING)
    formats: dict[Any, Callable[[Any], str]] = {
        "met_weight": lambda weight: plain_number(weight, language)
    }
    return shown.style.format({**formats})
