"""The row of figures of one year and area, each with its span or what it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from coverage.choice import ALL_AREAS
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway
from coverage.ui.formats import MISSING, format_number, format_persons
from coverage.ui.mod5000.amounts import capacities_text, chance_text, measure_text
from coverage.ui.mod5000.area_rows import level_year
from coverage.ui.mod5000.series import area_years, band_years
from coverage.ui.style import escape_markdown
from coverage.wording import Language, say

_WIDTHS = (1.0, 0.85, 1.05, 1.0, 1.1, 1.15, 1.1, 1.15)


@dataclass(frozen=True)
class PathFigure:
    """One figure in words, and what stands below it."""

    name: str
    value: str
    caption: str


def path_figures(
    pathway: Pathway, bands: Bands | None, level: str, area_id: str, year: int, language: Language
) -> tuple[PathFigure, ...]:
    """Return the figures of an area of a level at a year's end; flows are those of the year."""
    rows = area_years(pathway, level, area_id)
    row = rows[rows["year"] == year].iloc[0]

    def span(measure: str) -> str:
        return _span(bands, measure, row, language)

    def capacities(column: str) -> str:
        return capacities_text(row[column], language)

    return (
        PathFigure("capacities", capacities("capacities_end"), span("capacities")),
        *_flows(rows, year, language),
        PathFigure(
            "target", capacities("short_of_target_capacities"), span("short_of_target_capacities")
        ),
        PathFigure("need", capacities("short_of_need_capacities"), ""),
        PathFigure(
            "per_capacity",
            format_number(row["residents_per_capacity"], language),
            span("residents_per_capacity"),
        ),
        PathFigure(
            "without_choice",
            format_persons(row["persons_without_choice"], language),
            span("persons_without_choice"),
        ),
        _signal(pathway, bands, row, language),
    )


def _span(bands: Bands | None, measure: str, row: "pd.Series", language: Language) -> str:
    """Return what eight of ten runs lie between; nothing without runs."""
    if bands is None:
        return ""
    spans = band_years(bands, measure, str(row["area_level"]), str(row["area_id"]))
    one = spans[spans["year"] == row["year"]].iloc[0]
    kind = "capacities" if measure.endswith("capacities") else measure
    low, high = (measure_text(kind, one[end], language) for end in ("p10", "p90"))
    return say("app.mod5000.figure.span", language, low=low, high=high)


def _flows(rows: pd.DataFrame, year: int, language: Language) -> tuple[PathFigure, PathFigure]:
    """Return what opens and what stops in the year; today's year has neither."""
    if year == rows["year"].iloc[0]:
        return PathFigure("opened", MISSING, ""), PathFigure("retired", MISSING, "")
    row = rows[rows["year"] == year].iloc[0]
    numbers = {
        name: capacities_text(row[f"capacities_{name}"], language)
        for name in ("opened", "retired", "taken_over", "lapsed")
    }
    so_far = rows.loc[rows["year"] <= year, "capacities_opened"].sum()
    opened = say(
        "app.mod5000.figure.opened_caption",
        language,
        total=capacities_text(so_far, language),
        first=str(rows["year"].iloc[0]),
    )
    retired = say(
        "app.mod5000.figure.retired_caption",
        language,
        taken=numbers["taken_over"],
        lapsed=numbers["lapsed"],
    )
    return (
        PathFigure("opened", numbers["opened"], opened),
        PathFigure("retired", numbers["retired"], retired),
    )


def show_path_figures(figures: Sequence[PathFigure], language: Language) -> None:
    """Show the figures side by side, with what each of them means on hovering."""
    columns = st.container(key="path-figures").columns(_WIDTHS)
    for column, figure in zip(columns, figures, strict=True):
        with column:
            st.metric(
                say(f"app.mod5000.figure.{figure.name}", language),
                figure.value,
                help=escape_markdown(say(f"app.mod5000.figure.{figure.name}_help", language)),
            )
            if figure.caption:
                st.caption(escape_markdown(figure.caption))


def _signal(
    pathway: Pathway, bands: Bands | None, row: "pd.Series", language: Language
) -> PathFigure:
    """Return an area's chance of a signal, or how many of the level's areas signal."""
    areas = level_year(pathway, bands, str(row["area_level"]), int(row["year"]))
    areas = areas[areas["signal"].notna()]
    if str(row["area_id"]) == ALL_AREAS:
        count = int((areas["signal"] == "signal").sum())
        caption = ""
        if bands is not None:
            mean = format_number(areas["signal_probability"].sum(), language, 1)
            caption = say("app.mod5000.figure.signals_caption", language, mean=mean)
        of = {"count": str(count), "areas": str(len(areas))}
        return PathFigure("signals", say("app.mod5000.figure.of", language, **of), caption)
    own = areas[areas["area_id"] == row["area_id"]]
    if own.empty:
        return PathFigure("signal", MISSING, "")
    lost = chance_text(own["choice_lost_probability"].iloc[0], language)
    caption = say("app.mod5000.figure.signal_caption", language, lost=lost) if bands else ""
    signal = chance_text(own["signal_probability"].iloc[0], language)
    return PathFigure("signal", signal, caption)
