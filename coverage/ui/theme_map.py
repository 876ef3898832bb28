"""A map on one theme: areas filled with colours, places with marks, a legend in words.

The ground is the same for every theme and stays in the browser; fills, marks,
the picture and the outline lie in the one group that may change. What the map says
by colour stands in a table as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from folium.utilities import JsCode

from coverage.exports.map_colours import BORDER_COLOUR
from coverage.exports.map_layers import StatusImage, escape_for_map
from coverage.ui.live_map import OnClick, show_live_map
from coverage.ui.loading import StudyKey, kept_base
from coverage.ui.map_legend import DOT, FRAME, checked_colour, legend_box
from coverage.ui.map_view import (
    LAND_PANE,
    BaseLayers,
    area_outline,
    draw_ground,
    outline_layer,
    picture_layer,
    refuse_outside_files,
)
from coverage.ui.state import AppState
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject

__all__ = [
    "DOT",
    "FRAME",
    "AreaFill",
    "PlaceLine",
    "PlaceMark",
    "Theme",
    "show_theme_map",
    "theme_layers",
]

_BORDER_PX, _BOLD_BORDER_PX, _MARK_BORDER_PX = 1.2, 4.0, 1.5
# A metre.
_DEGREE_DECIMALS = 5
_LABEL = """function (feature, latlng) {
  const anchor = feature.properties.below ? [16, -5] : [-10, 9];
  return L.marker(latlng, {interactive: false, keyboard: false, icon: L.divIcon(
    {className: 'label', iconSize: null, iconAnchor: anchor, html: feature.properties.label})});
}"""


@dataclass(frozen=True)
class AreaFill:
    """An area and its colour.

    Attributes
    ----------
    colour
        ``#rrggbb``.
    tooltip
        Label and value of each line, as they come; a line without a label is a heading.
    bold_border
        Frame it.
    """

    area_id: str
    colour: str
    tooltip: tuple[tuple[str, str], ...]
    bold_border: bool = False


@dataclass(frozen=True)
class PlaceMark:
    """A point on the map.

    Attributes
    ----------
    x_m, y_m
        EPSG:25832.
    tooltip
        As of ``AreaFill``; without lines there is none.
    label
        Stands beside the point; the name of a place, say.
    is_label_below
        It stands below the point: towns have their names beside theirs.
    """

    x_m: float
    y_m: float
    colour: str
    radius_px: float
    tooltip: tuple[tuple[str, str], ...]
    label: str = ""
    is_label_below: bool = False


@dataclass(frozen=True)
class PlaceLine:
    """A line from one place to another, both EPSG:25832."""

    from_x_m: float
    from_y_m: float
    to_x_m: float
    to_y_m: float


@dataclass(frozen=True)
class Theme:
    """What one map shows.

    Attributes
    ----------
    level
        The level that the fills and the outline are areas of.
    fills, marks
        Areas without an outline in the study are not drawn.
    legend
        Colour and words; a heading has no colour. ``DOT`` in front of a colour
        stands for a point, ``FRAME`` for an area with a bold border. Empty for a map
        whose legend stands beside it.
    picture
        Drawn over the fills.
    outline
        Area id of the area with the thick outline; empty for none.
    lines
        Drawn dashed, below the marks.
    has_practices
        The study's practices lie on the ground, below everything that may change.
    """

    level: str
    fills: tuple[AreaFill, ...]
    marks: tuple[PlaceMark, ...]
    legend: tuple[tuple[str, str], ...]
    picture: StatusImage | None = None
    outline: str = ""
    lines: tuple[PlaceLine, ...] = ()
    has_practices: bool = False


def show_theme_map(
    key: StudyKey,
    name: str,
    theme: Theme,
    state: AppState,
    on_click: OnClick | None = None,
    height_px: int | None = None,
) -> None:
    """Show a map; another theme of the same name and legend keeps its view and zoom.

    ``on_click`` and ``height_px`` are those of ``show_live_map``.
    """
    layers = kept_base(key, state.language)
    legend = legend_box(theme.legend, state.language) if theme.legend else ""
    ground = draw_ground(layers, legend, state.language, has_practices=theme.has_practices)
    # Another study or legend is another map to the browser.
    identity = (name, key, legend)
    show_live_map(identity, ground, theme_layers(layers, theme), state, on_click, height_px)


def theme_layers(layers: BaseLayers, theme: Theme) -> folium.FeatureGroup:
    """Return everything of a theme but its legend.

    Raises
    ------
    ValueError
        For a colour that is not ``#rrggbb``.
    """
    group = folium.FeatureGroup()
    # The ones with bold borders last: a neighbour would cover half of the border.
    fills = sorted(theme.fills, key=lambda fill: fill.bold_border)
    outlines = layers.areas.get(theme.level, {})
    areas = [_area(fill, outlines[fill.area_id]) for fill in fills if fill.area_id in outlines]
    for features in _by_tooltip(areas):
        group.add_child(_fills(features))
    if theme.picture is not None:
        group.add_child(picture_layer(theme.picture))
    outline = area_outline(layers, theme.level, theme.outline)
    if outline is not None:
        group.add_child(outline_layer(outline))
    if theme.lines:
        group.add_child(_lines(theme.lines))
    marks = _marks(theme.marks)
    for features in _by_tooltip(marks):
        group.add_child(_points(features))
    named = [mark for mark in marks if mark["properties"]["label"]]
    if named:
        group.add_child(folium.GeoJson(_collection(named), point_to_layer=JsCode(_LABEL)))
    refuse_outside_files(group)
    return group


def _area(fill: AreaFill, geometry: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "colour": checked_colour(fill.colour),
        "weight": _BOLD_BORDER_PX if fill.bold_border else _BORDER_PX,
        "tooltip": _tooltip_html(fill.tooltip),
    }
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _lines(lines: Sequence[PlaceLine]) -> folium.GeoJson:
    starts = _degrees([(line.from_x_m, line.from_y_m) for line in lines])
    ends = _degrees([(line.to_x_m, line.to_y_m) for line in lines])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [start, end]},
            "properties": {},
        }
        for start, end in zip(starts, ends, strict=True)
    ]
    return folium.GeoJson(
        _collection(features),
        style_function=lambda _: {"color": BORDER_COLOUR, "weight": 2, "dashArray": "5 5"},
        interactive=False,
    )


def _degrees(places: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Return longitude and latitude of places."""
    lon, lat = reproject(
        [x_m for x_m, _ in places],
        [y_m for _, y_m in places],
        from_epsg=WORK_EPSG,
        to_epsg=LONLAT_EPSG,
    )
    return [
        [round(float(x), _DEGREE_DECIMALS), round(float(y), _DEGREE_DECIMALS)]
        for x, y in zip(lon, lat, strict=True)
    ]


def _marks(marks: Sequence[PlaceMark]) -> list[dict[str, Any]]:
    places = _degrees([(mark.x_m, mark.y_m) for mark in marks])
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {
                "colour": checked_colour(mark.colour),
                "radius": mark.radius_px,
                "tooltip": _tooltip_html(mark.tooltip),
                "label": escape_for_map(mark.label),
                "below": mark.is_label_below,
            },
        }
        for mark, place in zip(marks, places, strict=True)
    ]


def _tooltip_html(lines: Sequence[tuple[str, str]]) -> str:
    """Return the lines as rows of a table, every foreign text escaped."""
    rows = []
    for label, value in lines:
        words = escape_for_map(value)
        if label:
            rows.append(f"<tr><th>{escape_for_map(label)}</th><td>{words}</td></tr>")
        else:
            rows.append(f'<tr><th colspan="2">{words}</th></tr>')
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _by_tooltip(features: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the features with and those without a tooltip, as far as there are any."""
    told = [feature for feature in features if feature["properties"]["tooltip"]]
    silent = [feature for feature in features if not feature["properties"]["tooltip"]]
    return [group for group in (silent, told) if group]


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    numbered = [feature | {"id": str(number)} for number, feature in enumerate(features)]
    return {"type": "FeatureCollection", "features": numbered}


def _tooltip_of(features: list[dict[str, Any]]) -> folium.GeoJsonTooltip | None:
    told = any(feature["properties"]["tooltip"] for feature in features)
    return folium.GeoJsonTooltip(["tooltip"], labels=False) if told else None


def _fills(features: list[dict[str, Any]]) -> folium.GeoJson:
    return folium.GeoJson(
        _collection(features),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"],
            "fillOpacity": 1,
            "color": BORDER_COLOUR,
            "weight": feature["properties"]["weight"],
        },
        tooltip=_tooltip_of(features),
        pane=LAND_PANE,
    )


def _points(features: list[dict[str, Any]]) -> folium.GeoJson:
    return folium.GeoJson(
        _collection(features),
        marker=folium.CircleMarker(
            weight=_MARK_BORDER_PX, color=BORDER_COLOUR, fill=True, fill_opacity=1
        ),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"],
            "radius": feature["properties"]["radius"],
        },
        tooltip=_tooltip_of(features),
    )
