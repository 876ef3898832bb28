"""A chart of lines and a band as SVG text, drawn here: nothing is fetched, nothing runs.

Every text passes one escape (``_text``); all else is numbers; and the document that holds
the chart forbids scripts and requests. Lines differ by colour, by dashes and by the words
beside them.
"""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]

# Told apart in the common kinds of colour blindness (Okabe and Ito 2008), and by dashes.
EXPECTED_COLOUR, MIDDLE_COLOUR = "#0b3c5d", "#0072b2"
BAND_COLOUR, TARGET_COLOUR = "#b9d7ea", "#d55e00"
_INK, _GRID, _CHOSEN = "#333333", "#dddddd", "#fff3c4"
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 44.0, 28.0
_FONT_PX = 12.5
_MOST_TICKS = 6
# A browser that keeps to it runs no script and fetches nothing, whatever the document says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# A scale begins at 0 if the lowest value is below this share of the highest.
_FROM_ZERO = 0.5


@dataclass(frozen=True)
class ChartLine:
    """A line; missing values (NaN) break it.

    Attributes
    ----------
    dashes
        As of SVG's ``stroke-dasharray``; empty for none.
    """

    words: str
    values: tuple[float, ...]
    colour: str
    width_px: float
    dashes: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChartBand:
    """What lies between two values of each year."""

    words: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    colour: str


@dataclass(frozen=True)
class YearChart:
    """A chart over years.

    Attributes
    ----------
    title
        What it shows, for those who cannot see it.
    years
        At least one.
    notes
        Shape (years,): what hovering over a year says.
    chosen
        The year that stands out.
    """

    title: str
    years: tuple[int, ...]
    lines: tuple[ChartLine, ...]
    band: ChartBand | None
    notes: tuple[str, ...]
    chosen: int


@dataclass(frozen=True)
class _Scale:
    """Where years and values lie on the drawing."""

    years: tuple[int, ...]
    ticks: tuple[float, ...]
    width_px: float
    height_px: float

    @property
    def step_px(self) -> float:
        return (self.width_px - _LEFT - _RIGHT) / len(self.years)

    def x(self, position: int) -> float:
        return _LEFT + self.step_px * (position + 0.5)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        share = (value - low) / (high - low)
        return self.height_px - _BOTTOM - share * (self.height_px - _TOP - _BOTTOM)


def nice_ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Return round numbers, evenly apart, that span the values; at least two.

    They begin at 0 unless the values are far from it; missing values count for nothing.
    """
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    if 0 <= low < _FROM_ZERO * high or low == high:
        low = min(low, 0.0)
    rough = (high - low) / (_MOST_TICKS - 1) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1.0, 2.0, 2.5, 5.0, 10.0) if power * one >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(step * at, 10) for at in range(first, max(last, first + 1) + 1))


def draw_chart(
    chart: YearChart, number: Callable[[float], str], width_px: int, height_px: int
) -> str:
    """Return the chart as SVG.

    Parameters
    ----------
    number
        Writes the values beside the scale.
    width_px, height_px
        Of the drawing; on the page it is as wide as there is room.
    """
    ends = () if chart.band is None else (*chart.band.low, *chart.band.high)
    values = [value for line in chart.lines for value in line.values]
    scale = _Scale(chart.years, nice_ticks([*values, *ends]), width_px, height_px)
    parts = [
        _chosen_year(chart, scale),
        *_grid(scale, number),
        _band(chart.band, scale),
        *(_line(line, scale) for line in chart.lines),
        *_legend(chart),
        *_hover(chart, scale),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{_text(chart.title)}" '
        f'viewBox="0 0 {width_px} {height_px}" font-size="{_FONT_PX}" '
        f'font-family="sans-serif" fill="{_INK}">{"".join(parts)}</svg>'
    )


def chart_document(svg: str) -> str:
    """Return a chart as a document of its own, for a frame of its size."""
    return (
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<style>html, body {{ margin: 0; height: 100%; overflow: hidden; }} "
        f"svg {{ display: block; width: 100%; height: 100%; }}</style>{svg}"
    )


def _text(words: str) -> str:
    """Return foreign words as they may stand in SVG, between tags and in quotes."""
    return html.escape(words, quote=True)


def _chosen_year(chart: YearChart, scale: _Scale) -> str:
    left = scale.x(chart.years.index(chart.chosen)) - scale.step_px / 2
    height = scale.height_px - _TOP - _BOTTOM
    return (
        f'<rect x="{left:.1f}" y="{_TOP}" width="{scale.step_px:.1f}" height="{height:.1f}" '
        f'fill="{_CHOSEN}"/>'
    )


def _grid(scale: _Scale, number: Callable[[float], str]) -> list[str]:
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(
            f'<line x1="{_LEFT}" x2="{scale.width_px - _RIGHT:.1f}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{_GRID}"/><text x="{_LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_text(number(tick))}</text>"
        )
    for position, year in enumerate(scale.years):
        parts.append(
            f'<text x="{scale.x(position):.1f}" y="{scale.height_px - 9:.1f}" '
            f'text-anchor="middle">{year}</text>'
        )
    return parts


def _band(band: ChartBand | None, scale: _Scale) -> str:
    if band is None:
        return ""
    shapes = []
    for run in _unbroken(band.low, band.high):
        above = [(scale.x(at), scale.y(band.high[at])) for at in run]
        below = [(scale.x(at), scale.y(band.low[at])) for at in reversed(run)]
        shapes.append(
            f'<polygon points="{_points([*above, *below])}" fill="{band.colour}" '
            f'stroke="{MIDDLE_COLOUR}" stroke-width="0.8"/>'
        )
    return "".join(shapes)


def _line(line: ChartLine, scale: _Scale) -> str:
    style = f'fill="none" stroke="{line.colour}" stroke-width="{line.width_px}"{_dashes(line)}'
    drawn = []
    for run in _unbroken(line.values):
        points = [(scale.x(at), scale.y(line.values[at])) for at in run]
        drawn.append(f'<polyline points="{_points(points)}" {style}/>')
        # A year alone is a point, and the points of a whole line are its years.
        if not line.dashes or len(run) == 1:
            drawn += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{line.width_px + 0.6:.1f}" '
                f'fill="{line.colour}"/>'
                for x, y in points
            ]
    return "".join(drawn)


def _unbroken(*columns: Sequence[float]) -> list[list[int]]:
    """Return the positions where every column has a value, those side by side together."""
    runs: list[list[int]] = []
    for at, values in enumerate(zip(*columns, strict=True)):
        if not all(math.isfinite(value) for value in values):
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _dashes(line: ChartLine) -> str:
    lengths = " ".join(str(length) for length in line.dashes)
    return f' stroke-dasharray="{lengths}"' if lengths else ""


def _legend(chart: YearChart) -> list[str]:
    """Return a sample and the words of each line and of the band, in two columns."""
    samples = [
        (line.words, f'stroke="{line.colour}" stroke-width="{line.width_px}"{_dashes(line)}')
        for line in chart.lines
    ]
    if chart.band is not None:
        samples.append((chart.band.words, f'stroke="{chart.band.colour}" stroke-width="11"'))
    parts = []
    for place, (words, style) in enumerate(samples):
        x, y = _LEFT + (place % 2) * 270, 12 + (place // 2) * 18
        parts.append(
            f'<line x1="{x}" x2="{x + 26}" y1="{y}" y2="{y}" {style}/>'
            f'<text x="{x + 33}" y="{y + 4}">{_text(words)}</text>'
        )
    return parts


def _hover(chart: YearChart, scale: _Scale) -> list[str]:
    """Return a clear strip over each year, which says its numbers."""
    height = scale.height_px - _TOP
    return [
        f'<rect x="{scale.x(at) - scale.step_px / 2:.1f}" y="{_TOP}" '
        f'width="{scale.step_px:.1f}" height="{height:.1f}" fill="#ffffff" fill-opacity="0">'
        f"<title>{_text(note)}</title></rect>"
        for at, note in enumerate(chart.notes)
    ]
