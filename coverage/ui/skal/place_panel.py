"""One place: what its closing does to people, its practices, and who it is paired with."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.exports.annex_table import AnnexTable
from coverage.rule_groups import ChoiceRules
from coverage.ui.formats import format_km, format_number, format_persons
from coverage.ui.session import change_state
from coverage.ui.skal.worded_table import Column, WordedTable
from coverage.ui.state import AppState, show_place
from coverage.ui.style import escape_markdown, show_plain
from coverage.wording import Language, say

_PRACTICES = WordedTable(
    "skal-practices",
    "practices",
    (
        Column("name", "text", 180),
        Column("address", "text", 180),
        Column("intake", "text", 128),
        Column("capacities", "1", 76),
        Column("listed_persons", "persons", 76),
        Column("patients_per_capacity", "0", 92),
        Column("doctors", "0", 56),
        Column("persons_lose_practice", "persons", 94),
        Column("persons_lose_choice", "persons", 78),
        Column("ydernummer", "text", 84),
    ),
)
_PAIRS = WordedTable(
    "skal-pairs",
    "pairs",
    (
        Column("partner", "text", 130),
        Column("duty", "text", 140),
        Column("persons_lose_practice", "persons", 94),
        Column("persons_lose_choice", "persons", 78),
    ),
)
_TABLE_PX = 250


def choose_place(rows: pd.DataFrame, limits: ChoiceRules, state: AppState) -> None:
    """Offer every place by name and kommune, and none; the limits are in the explanation."""
    language = state.language
    limit, capital = (format_km(m, language) for m in (limits.limit_m, limits.limit_capital_m))
    told = say("app.skal.place.limit", language, limit=limit, limit_capital=capital)
    named = rows.sort_values(["name", "kommune"])
    labels = named["name"] + " (" + named["kommune"] + ")"
    # Lone practices go by their postal town, which several may share.
    labels = labels.where(~labels.duplicated(keep=False), labels + " · " + named["place_id"])
    names = dict(zip(named["place_id"], labels, strict=True))
    options = ["", *names]
    key = f"skal-place-{language}"
    st.selectbox(
        say("app.skal.place.label", language),
        options,
        index=options.index(state.shown_place) if state.shown_place in options else 0,
        format_func=lambda place_id: names.get(place_id, say("app.skal.place.none", language)),
        key=key,
        help=escape_markdown(told),
        on_change=lambda: change_state(show_place, st.session_state[key]),
    )


def closing_lines(
    place: Mapping[Any, Any], partners: pd.DataFrame, cutoff_m: float, language: Language
) -> list[tuple[str, str]]:
    """Return what closing all practices of a place does: label and value of each line.

    Parameters
    ----------
    place
        A row of ``place_rows`` with at least one practice.
    partners
        Of ``place_rows.partners``.
    cutoff_m
        How far distances are measured.
    """

    def line(name: str, value: str, **values: str) -> tuple[str, str]:
        return say(f"app.skal.place.{name}", language, **values), value

    def persons(count: float) -> str:
        return say("app.skal.place.persons", language, count=format_persons(count, language))

    lines = [
        line("lose_practice", persons(place["persons_lose_practice"])),
        line("lose_choice", persons(place["persons_lose_choice"])),
    ]
    alone = place["persons_without_other"]
    others = place["persons_nearest"] - alone
    if others > 0:
        now, after = (format_km(place[f"nearest_{when}_m"], language) for when in ("now", "after"))
        told = say("app.skal.place.distance_value", language, now=now, after=after)
        lines.append(line("distance", told, count=format_persons(others, language)))
    if alone > 0:
        cutoff = format_km(cutoff_m, language)
        lines.append(line("without_other", persons(alone), cutoff=cutoff))
    together = [
        say(
            "app.skal.place.partner_value",
            language,
            name=row["name"],
            lost=format_persons(row["persons_lose_practice"], language),
        )
        for row in partners.to_dict("records")
    ]
    if together:
        lines.append(line("partners", "; ".join(together)))
    return lines


def show_closing(
    place: "pd.Series[Any] | None",
    partners: pd.DataFrame,
    assessment: Assessment,
    language: Language,
) -> None:
    """Show what the chosen place's closing does, or how to choose one."""
    if place is None:
        show_plain(say("app.skal.place.how", language), "app-small")
        return
    kind, duty = (say(f"annex.{code}.{place[code]}", language) for code in ("kind", "duty"))
    show_plain(f"{place['name']}: {kind}.", "app-question", emphasis=f"{duty}.")
    if not place["practices"]:
        show_plain(say("app.skal.place.no_practice", language), "app-question")
        return
    cutoff_m = assessment.matrix.cutoff_m
    for label, value in closing_lines(place.to_dict(), partners, cutoff_m, language):
        show_plain(label, "app-question", emphasis=value)


def show_place_details(
    place: "pd.Series[Any]",
    partners: pd.DataFrame,
    assessment: Assessment,
    annex: Mapping[str, AnnexTable],
    language: Language,
) -> None:
    """Show the place's practices, and the places that it is paired with."""
    members = assessment.skal.practices
    ids = members.loc[members["place_id"] == place["place_id"], "ydernummer"]
    practices = annex["practices"].table
    own = practices[practices["ydernummer"].isin(ids)]
    name = str(place["name"])
    left, right = st.columns([2, 1]) if len(partners) else (st.container(), None)
    if len(own):
        with left:
            listed = format_number(place["listed_persons"], language)
            heading = say("app.skal.place.practices", language, place=name, listed=listed)
            show_plain(heading, "app-heading")
            _PRACTICES.show(own, language, _TABLE_PX)
    if right is not None:
        with right:
            show_plain(say("app.skal.place.pairs", language, place=name), "app-heading")
            duties = [
                say(f"annex.duty.{code}", language) if isinstance(code, str) else ""
                for code in partners["duty"]
            ]
            _PAIRS.show(partners.assign(partner=partners["name"], duty=duties), language, _TABLE_PX)
            show_plain(say("app.skal.place.pairs_note", language), "app-small")
