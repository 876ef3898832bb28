"""What the scenario does to one area's people, in a row of figures and in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from coverage.choice import ALL_AREAS
from coverage.scenario.difference import signal_counts, signal_flips
from coverage.ui.formats import MISSING, format_change, format_number, format_persons
from coverage.ui.scenario_figures import change_text, figure_text, is_seen, names_text
from coverage.ui.style import escape_markdown
from coverage.wording import Language, say

# The signals name areas below their number.
_WIDTHS = (0.8, 0.8, 1.0, 1.05, 1.0, 1.0, 1.5, 1.1)

Better = Literal["normal", "inverse", "off"]


@dataclass(frozen=True)
class ShownFigure:
    """One figure, in words: its value after, the change, and what stands below.

    ``better`` is Streamlit's word for more being good (``normal``) or bad (``inverse``).
    """

    name: str
    value: str
    change: str
    better: Better
    caption: str


def scenario_figures(
    differences: pd.DataFrame, skal: pd.DataFrame, area_id: str, language: Language
) -> tuple[ShownFigure, ...]:
    """Return the figures of an area.

    Parameters
    ----------
    differences
        ``difference_by_area`` of one level.
    skal
        ``Effect.skal``: of the whole study, as a skal-area is no area of a level.
    """
    row = differences[differences["area_id"] == area_id].iloc[0]
    gain, lose = (float(row[f"persons_{name}_choice"]) for name in ("gain", "lose"))
    return (
        ShownFigure("gain", format_persons(gain, language), "", "off", ""),
        ShownFigure("lose", format_persons(lose, language), "", "off", ""),
        _figure("share", row, "share_two_or_more_pct", "normal", language),
        _figure("second", row, "second_mean_m", "inverse", language),
        _figure("per_capacity", row, "patients_per_capacity", "inverse", language),
        _figure("free", row, "free_places", "normal", language),
        _signals(differences, row, language),
        _skal(skal, language),
    )


def show_scenario_figures(figures: Sequence[ShownFigure], language: Language) -> None:
    """Show the figures side by side, with what each of them means on hovering."""
    columns = st.container(key="figures").columns(_WIDTHS)
    for column, figure in zip(columns, figures, strict=True):
        with column:
            st.metric(
                say(f"app.simulering.figure.{figure.name}", language),
                figure.value,
                figure.change or None,
                delta_color=figure.better if figure.change else "off",
                help=escape_markdown(say(f"app.simulering.figure.{figure.name}_help", language)),
            )
            if figure.caption:
                st.caption(escape_markdown(figure.caption))


def answer(differences: pd.DataFrame, skal: pd.DataFrame, language: Language) -> str:
    """Return what the scenario does to the whole study, in a sentence or three."""
    everything = differences[differences["area_id"] == ALL_AREAS].iloc[0]
    sentences = [
        say(
            "app.simulering.answer",
            language,
            gain=format_persons(float(everything["persons_gain_choice"]), language),
            lose=format_persons(float(everything["persons_lose_choice"]), language),
        )
    ]
    for name, areas in zip(("appears", "goes"), signal_flips(differences), strict=True):
        if areas:
            listed = names_text(areas, language)
            sentences.append(say(f"app.simulering.signal_{name}", language, areas=listed))
    broken = broken_places(skal)
    if broken:
        listed = names_text(broken, language)
        sentences.append(say("app.simulering.broken", language, places=listed))
    return " ".join(sentences)


def broken_places(skal: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of skal-areas that lose their last practice."""
    broken = (skal["practices_before"] > 0) & (skal["practices_after"] == 0)
    return tuple(skal.loc[broken, "name"])


def _figure(
    name: str, row: "pd.Series", column: str, better: Better, language: Language
) -> ShownFigure:
    change = change_text(column, float(row[f"{column}_difference"]), language)
    seen = is_seen(change)
    if seen:
        change = say(f"app.simulering.unit.{_unit(column)}", language, change=change)
    before = figure_text(column, float(row[f"{column}_before"]), language)
    return ShownFigure(
        name,
        figure_text(column, float(row[f"{column}_after"]), language),
        change if seen else "",
        better,
        say("app.simulering.before", language, value=before) if seen else "",
    )


def _unit(column: str) -> str:
    if column.endswith("_pct"):
        return "points"
    return "km" if column.endswith("_m") else "plain"


def _signals(differences: pd.DataFrame, row: "pd.Series", language: Language) -> ShownFigure:
    if str(row["area_id"]) != ALL_AREAS:
        before, after = (
            MISSING if pd.isna(signal) else say(f"app.truede.short.{signal}", language)
            for signal in (row["signal_before"], row["signal_after"])
        )
        told = say("app.simulering.before", language, value=before) if before != after else ""
        return ShownFigure("signal", after, "", "off", told)
    before_count, after_count = signal_counts(differences)
    # One that appears and one that goes leave the count as it was.
    told = "; ".join(
        say(f"app.simulering.caption_{name}", language, areas=names_text(areas, language))
        for name, areas in zip(("appears", "goes"), signal_flips(differences), strict=True)
        if areas
    )
    change = format_change(after_count - before_count, language) if told else ""
    return ShownFigure("signals", format_number(after_count, language), change, "inverse", told)


def _skal(skal: pd.DataFrame, language: Language) -> ShownFigure:
    broken = broken_places(skal)
    told = names_text(broken, language) if broken else ""
    return ShownFigure("skal", format_number(len(broken), language), "", "off", told)
