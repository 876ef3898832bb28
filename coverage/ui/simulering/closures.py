"""Every single closing, the worst first, and one of them as the scenario's next action."""

from functools import partial

import pandas as pd
import streamlit as st

from coverage.scenario.actions import Close
from coverage.ui.formats import MISSING, format_number, format_persons
from coverage.ui.scenario_results import Ground, kept_closures
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.simulering.doing import close
from coverage.ui.state import AppState, view_simulation
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_HEIGHT_PX = 320
_WIDTHS_PX = {
    "name": 220,
    "persons_lose_practice": 96,
    "persons_lose_choice": 96,
    "last": 130,
    "listed_persons": 88,
    "persons_in_free_places": 104,
    "per_capacity": 130,
    "areas_gaining_signal": 170,
    "areas_losing_signal": 170,
    "ydernummer": 84,
}
_PERSONS = (
    "persons_lose_practice",
    "persons_lose_choice",
    "listed_persons",
    "persons_in_free_places",
)


def worst_closures(closures: pd.DataFrame) -> pd.DataFrame:
    """Return ``screen_closures``, the closings that take most from people first."""
    return closures.sort_values(
        ["persons_lose_practice", "persons_lose_choice", "listed_persons", "ydernummer"],
        ascending=[False, False, False, True],
        ignore_index=True,
    )


def show_closures(ground: Ground, state: AppState) -> None:
    """Show the table when it is asked for: it takes a moment to make."""
    language = state.language
    key = f"simulering-closures-{language}"
    show_in_widget(key, state.simulation.shows_closures)
    st.toggle(
        say("app.simulering.closures.toggle", language),
        key=key,
        on_change=lambda: change_state(view_simulation, shows_closures=st.session_state[key]),
    )
    if not state.simulation.shows_closures:
        return
    with st.spinner(say("app.simulering.closures.busy", language)):
        table = worst_closures(kept_closures(ground))
    show_plain(say("app.simulering.closures.note", language), "app-small")
    chosen = _show_table(table, language)
    place = st.container(key="closure-add")
    if chosen is None:
        show_plain(say("app.simulering.closures.how", language), "app-small")
        return
    row = table.iloc[chosen]
    place.button(
        say("app.simulering.closures.add", language),
        key=f"simulering-closure-{language}",
        on_click=close,
        args=(ground, str(row["ydernummer"])),
        disabled=Close(ydernummer=str(row["ydernummer"])) in current_state().draft.scenario.actions,
    )
    show_plain(f"{row['name']} ({row['ydernummer']})", "app-question")


def _show_table(table: pd.DataFrame, language: Language) -> int | None:
    """Show the closings; return the position of the chosen one."""
    # Whether it is the last of its place, and whether the place must keep one.
    words = {(True, True): "skal", (True, False): "last"}
    ratios = [f"patients_per_capacity_{time}" for time in ("before", "after")]
    shown = table.assign(
        last=[
            say(f"app.simulering.closures.is_{words[pair]}", language) if pair in words else ""
            for pair in zip(table["is_last"], table["is_skal"], strict=True)
        ],
        per_capacity=[
            " → ".join(format_number(ratio, language) for ratio in pair)
            for pair in table[ratios].itertuples(index=False)
        ],
        areas_gaining_signal=table["areas_gaining_signal"].replace("", MISSING),
        areas_losing_signal=table["areas_losing_signal"].replace("", MISSING),
    )[list(_WIDTHS_PX)]
    kinds = st.column_config
    selected = st.dataframe(
        shown.style.format({**dict.fromkeys(_PERSONS, partial(format_persons, language=language))}),
        hide_index=True,
        height=_HEIGHT_PX,
        column_config={
            name: (kinds.NumberColumn if name in _PERSONS else kinds.TextColumn)(
                say(f"app.simulering.closures.{name}", language),
                width=width_px,
                pinned=name == "name",
            )
            for name, width_px in _WIDTHS_PX.items()
        },
        key=f"simulering-closures-table-{language}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder=MISSING,
    )
    rows = selected["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(table) else None
