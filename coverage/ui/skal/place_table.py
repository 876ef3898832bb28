"""The table of places, worst first, and what it can be narrowed to."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from coverage.rules import RuleSet
from coverage.ui.formats import format_number
from coverage.ui.session import change_state, current_state
from coverage.ui.skal.worded_table import Column, WordedTable
from coverage.ui.state import AppState, PlaceFilter, filter_places
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_COLUMNS = (
    Column("place", "text", 94),
    Column("duty", "text", 140),
    Column("practices", "0", 62),
    Column("persons_lose_practice", "persons", 94),
    Column("persons_lose_choice", "persons", 78),
    Column("kommune", "text", 110),
    Column("kind", "text", 150),
    Column("practices_open", "0", 56),
    Column("capacities", "1", 76),
    Column("older_in_last", "0", 80),
    Column("or_places", "text", 150),
)


def said_places(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return ``place_rows`` with the words of their codes, as the table shows them."""
    return rows.assign(
        place=rows["name"],
        duty=[say(f"annex.duty.{code}", language) for code in rows["duty"]],
        kind=[say(f"annex.kind.{code}", language) for code in rows["kind"]],
    )


def show_place_filter(rows: pd.DataFrame, state: AppState) -> None:
    """Offer the kommuner that have places, skal-areas only, and places with few practices."""
    language, chosen = state.language, state.place_filter
    names = rows.drop_duplicates("kommune_code").set_index("kommune_code")["kommune"].to_dict()
    names[""] = say("app.skal.filter.all_kommuner", language)
    codes = ["", *sorted((code for code in names if code), key=lambda code: names[code])]
    key = f"skal-kommune-{language}"
    kommune, checks = st.columns([1, 1.1], vertical_alignment="center")
    kommune.selectbox(
        say("app.skal.filter.kommune", language),
        codes,
        index=codes.index(chosen.kommune_code) if chosen.kommune_code in codes else 0,
        format_func=lambda code: names[code],
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _narrow(
            replace(current_state().place_filter, kommune_code=st.session_state[key])
        ),
    )
    with checks:
        _check("only_skal", language, on=chosen.only_skal)
        _check("only_scarce", language, on=chosen.only_scarce)


def show_place_table(
    shown: pd.DataFrame, all_places: int, rules: RuleSet, state: AppState, height_px: int
) -> None:
    """Show the filtered places, how many they are, and what is shown on this page only."""
    language = state.language
    counts = {
        "shown": format_number(len(shown), language),
        "all": format_number(all_places, language),
    }
    show_plain(say("app.skal.filter.shown", language, **counts), "app-small")
    if shown.empty:
        show_plain(say("app.skal.filter.nothing", language), "app-question")
        return
    age = format_number(rules.workforce.older_age_years, language)
    table = WordedTable("skal-places", "column", _COLUMNS, {"age": age})
    table.show(said_places(shown, language), language, height_px)
    least = format_number(rules.publication.min_doctors, language)
    show_plain(say("app.skal.column.older_note", language, min_doctors=least), "app-small")


def _check(name: str, language: Language, *, on: bool) -> None:
    key = f"skal-{name}-{language}"
    st.checkbox(
        say(f"app.skal.filter.{name}", language),
        value=on,
        key=key,
        on_change=lambda: _narrow(
            replace(current_state().place_filter, **{name: st.session_state[key]})
        ),
    )


def _narrow(place_filter: PlaceFilter) -> None:
    change_state(filter_places, place_filter)
