"""The chart of the years, in words: the expected path, the span of the runs, the target."""

import math
from functools import partial

import streamlit as st

from coverage.ui.formats import format_number
from coverage.ui.mod5000.amounts import measure_text
from coverage.ui.mod5000.series import YearSeries
from coverage.ui.mod5000.svg_chart import (
    BAND_COLOUR,
    EXPECTED_COLOUR,
    MIDDLE_COLOUR,
    TARGET_COLOUR,
    ChartBand,
    ChartLine,
    YearChart,
    chart_document,
    draw_chart,
)
from coverage.wording import Language, say

_WIDTH_PX = 660


def year_chart(
    series: YearSeries, measure: str, area: str, year: int, language: Language
) -> YearChart:
    """Return the chart of a figure of an area.

    Parameters
    ----------
    area
        The area's name, which may be anything.
    year
        The one that stands out.
    """

    def words(name: str) -> str:
        return say(f"app.mod5000.chart.{name}", language)

    lines = []
    if series.target is not None:
        target = ChartLine(words("target"), series.target, TARGET_COLOUR, 2.2, (7, 5))
        lines.append(target)
    band = None
    if series.low is not None and series.high is not None:
        band = ChartBand(words("band"), series.low, series.high, BAND_COLOUR)
    if series.middle is not None:
        lines.append(ChartLine(words("middle"), series.middle, MIDDLE_COLOUR, 1.6, (2, 3)))
    lines.append(ChartLine(words("expected"), series.expected, EXPECTED_COLOUR, 2.4))
    title = say(
        "app.mod5000.chart.title",
        language,
        figure=say(f"app.mod5000.chart.{measure}", language),
        area=area,
        first=str(series.years[0]),
        last=str(series.years[-1]),
    )
    notes = tuple(
        _note(series, measure, position, language) for position in range(len(series.years))
    )
    return YearChart(title, series.years, tuple(lines), band, notes, year)


def show_year_chart(chart: YearChart, language: Language, height_px: int) -> None:
    """Show the chart."""
    number = partial(_scale_text, language=language)
    svg = draw_chart(chart, number, _WIDTH_PX, height_px)
    st.iframe(chart_document(svg), height=height_px, alt=chart.title, tab_index=-1)


def _scale_text(value: float, language: Language) -> str:
    """Return a number of the scale with the decimals that it has."""
    decimals = 0 if value == round(value) else 1 if value == round(value, 1) else 2
    return format_number(value, language, decimals)


def _note(series: YearSeries, measure: str, position: int, language: Language) -> str:
    """Return a year's numbers, one a line."""
    columns = {
        "expected": series.expected,
        "middle": series.middle,
        "low": series.low,
        "high": series.high,
        "target": series.target,
    }
    lines = [str(series.years[position])]
    for name, values in columns.items():
        if values is not None and not math.isnan(values[position]):
            value = measure_text(measure, values[position], language)
            lines.append(say(f"app.mod5000.chart.note_{name}", language, value=value))
    return "\n".join(lines)
