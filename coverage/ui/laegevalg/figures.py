"""The row of figures over the map: one area's people, and what candidates change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from coverage.rules import RuleSet
from coverage.ui.formats import (
    format_change,
    format_km,
    format_percent,
    format_persons,
    format_points,
)
from coverage.ui.style import escape_markdown
from coverage.wording import Language, say

LACKING = ("one", "none", "no_road_connection")


@dataclass(frozen=True)
class Figure:
    """One figure: its name in the wording, its column after ``road_`` and ``straight_``.

    ``good`` says whether more of it is ``normal`` (good), ``inverse`` (bad) or ``off``.
    """

    name: str
    column: str
    rules: tuple[str, ...] = ()
    good: Literal["normal", "inverse", "off"] = "inverse"


_LIMITS = ("choice.limit_m", "choice.limit_capital_m")
FIGURES = (
    Figure("two_or_more", "share_two_or_more_pct", _LIMITS, "normal"),
    Figure("one", "persons_one", _LIMITS),
    Figure("none", "persons_none", _LIMITS),
    Figure("no_road_connection", "persons_no_road_connection", ("travel.max_leg_m",)),
    Figure("exactly_two", "persons_exactly_two", _LIMITS),
    Figure("thin_margin", "persons_thin_margin", ("choice.thin_margin_m",)),
)


def level_part(areas: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return one level's rows of the area table (``exports.area_table.build_area_table``)."""
    return areas[areas["area_level"] == level]


def area_row(summary: pd.DataFrame, area_id: str) -> pd.Series:
    """Return the row of an area in one level's part of the area table."""
    return summary[summary["area_id"] == area_id].iloc[0]


def persons_lacking(row: pd.Series) -> float:
    """Return the persons of a row who cannot choose between two open practices."""
    return float(sum(row[f"road_persons_{status}"] for status in LACKING))


def show_figures(
    now: pd.Series, before: pd.Series, rules: RuleSet, language: Language, *, changed: bool
) -> None:
    """Show the figures of one area.

    Parameters
    ----------
    now, before
        Rows of the area table, with and without candidates.
    changed
        Candidates are placed: show the change against ``before``.
    """
    columns = st.container(key="figures").columns([0.8, *[1.0] * len(FIGURES)])
    with columns[0]:
        st.metric(
            say("app.figure.persons.label", language),
            format_persons(now["persons"], language),
            help=say("app.figure.persons.help", language),
        )
    for column, figure in zip(columns[1:], FIGURES, strict=True):
        with column:
            _show(figure, now, before, rules, language, changed=changed)


def _show(
    figure: Figure,
    now: pd.Series,
    before: pd.Series,
    rules: RuleSet,
    language: Language,
    *,
    changed: bool,
) -> None:
    is_share = figure.column.startswith("share_")
    text: Callable[[float, Language], str] = format_percent if is_share else format_persons
    road, straight = f"road_{figure.column}", f"straight_{figure.column}"
    change = float(now[road] - before[road])
    st.metric(
        say(f"app.figure.{figure.name}.label", language),
        text(now[road], language),
        _change_text(change, language, is_share=is_share) if changed else None,
        delta_color=figure.good if change else "off",
        delta_arrow="auto" if change else "off",
        help=_help(figure, rules, language),
    )
    twin = say("app.figure.road_only", language)
    if straight in now.index:
        twin = say("app.figure.straight", language, value=text(now[straight], language))
    st.caption(escape_markdown(twin))


def _change_text(change: float, language: Language, *, is_share: bool) -> str:
    if is_share:
        points = format_points(change, language)
        return say("app.figure.points", language, change=points)
    return format_change(change, language)


def _help(figure: Figure, rules: RuleSet, language: Language) -> str:
    """Return what the figure counts and the rules that it rests on, with source and status."""
    margin = format_km(rules.choice.thin_margin_m, language)
    sentences = [say(f"app.figure.{figure.name}.help", language, margin=margin)]
    for key in figure.rules:
        rule = rules.rules[key]
        title = rule.title_da if language == "da" else rule.title_en
        status = say(f"app.rule_status.{rule.status}", language)
        value = format_km(float(str(rule.value)), language)
        backing = {"value": value, "source": rule.source, "status": status}
        sentences.append(say("app.figure.rule", language, title=title, **backing))
    return "\n\n".join(escape_markdown(sentence) for sentence in sentences)
