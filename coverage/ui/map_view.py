"""The map: a base that never changes, and one layer group with all that does.

Every page's map stands on the same ground (``draw_ground``): land, borders, the
names of towns and a legend. ``draw_base`` adds what the page on lægevalg keeps.

The component keeps the browser's map as long as the base's script stays the
same, so the view and the zoom survive a click. Every foreign string arrives
through ``escape_for_map``; no file but our own Leaflet is ever asked for.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import folium
import shapely
from branca.element import Element, MacroElement
from folium.elements import JSCSSMixin
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode

from coverage.assessment import Assessment
from coverage.choice import STATUSES
from coverage.exports.map_colours import (
    BORDER_COLOUR,
    LAND_COLOUR,
    OUTSIDE_COLOUR,
    PRACTICE_COLOURS,
    STATUS_COLOURS,
    SURROUNDINGS_COLOUR,
)
from coverage.exports.map_layers import (
    PRACTICE_FIELDS,
    StatusImage,
    area_outlines,
    escape_for_map,
    kommuner_geojson,
    practices_geojson,
    surroundings_geojson,
    towns_geojson,
)
from coverage.ui.map_legend import DOT, legend_box
from coverage.ui.state import Candidate
from coverage.ui.static_assets import LEAFLET_CSS, LEAFLET_JS
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from coverage.wording import Language, say

CANDIDATE_COLOUR = "#ffd92f"
# Below pictures of people; areas that are filled with a colour lie there, too.
LAND_PANE = "land"
_BELOW_PICTURE = 300
_PICTURE_OPACITY = 0.85
# The legend stands in the lower left corner; the study is drawn beside it. The names of
# places stand to the right of them.
_BESIDE_LEGEND_PX, _BESIDE_ZOOM_PX, _BESIDE_NAMES_PX = (200, 8), (8, 8), (40, 8)
_OWN_FILES = frozenset({LEAFLET_JS, LEAFLET_CSS})
_TOWN_NAME = """function (feature, latlng) {
  return L.marker(latlng, {interactive: false, keyboard: false, icon: L.divIcon(
    {className: 'town', iconSize: null, iconAnchor: [-6, 9], html: feature.properties.name})});
}"""
_HEADER_STYLE = f"""<style>
.leaflet-container.leaflet-container {{ background: {OUTSIDE_COLOUR};
  font: 12px/1.35 "Source Sans", "Helvetica Neue", Arial, sans-serif; }}
.town {{ color: #222; font-size: 12px; white-space: nowrap; pointer-events: none;
  text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff; }}
.legend {{ background: rgba(255,255,255,.93); padding: 6px 9px; border-radius: 4px;
  border: 1px solid #bbb; color: #222; }}
.legend summary {{ cursor: pointer; font-weight: 600; }}
.legend p {{ margin: 4px 0 1px; font-weight: 600; }}
.legend div {{ white-space: nowrap; }}
.legend i {{ display: inline-block; width: 12px; height: 12px; margin-right: 6px;
  vertical-align: -2px; border: 1px solid {BORDER_COLOUR}; box-sizing: border-box; }}
.legend i.dot {{ border-radius: 50%; }}
.legend i.frame {{ border-width: 3px; }}
/* The browser frames a clicked kommune with a rectangle that looks like a finding. */
path.leaflet-interactive:focus {{ outline: none; }}
.label {{ color: #000; font-size: 12px; font-weight: 700; white-space: nowrap;
  pointer-events: none; text-shadow: 0 0 3px #fff, 0 0 3px #fff, 0 0 3px #fff; }}
.leaflet-tooltip.candidate {{ font-weight: 700; padding: 0 4px; }}
.leaflet-tooltip table th {{ text-align: left; padding-right: 8px; font-weight: 600; }}
.leaflet-tooltip {{ max-width: 340px; white-space: normal; width: max-content; }}
</style>"""


@dataclass(frozen=True)
class BaseLayers:
    """What never changes while a study is open, ready to be drawn in one language.

    Attributes
    ----------
    kommuner, practices, towns
        GeoJSON with escaped texts.
    surroundings
        GeoJSON of the land around, without texts; empty where nobody knows it.
    areas
        Level -> area id -> the area's outline as a GeoJSON geometry.
    bounds
        South-west and north-east corner, latitude before longitude.
    """

    kommuner: dict[str, Any]
    practices: dict[str, Any]
    towns: dict[str, Any]
    surroundings: dict[str, Any]
    areas: Mapping[str, Mapping[str, dict[str, Any]]]
    bounds: tuple[tuple[float, float], tuple[float, float]]


class _Controls(MacroElement):
    """Zoom buttons with words, a metric scale and the legend."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        L.control.zoom({{ this.zoom|tojson }}).addTo({{ this._parent.get_name() }});
        L.control.scale({imperial: false, position: 'bottomright'})
            .addTo({{ this._parent.get_name() }});
        {% if this.legend %}
        var legend = L.control({position: 'bottomleft'});
        legend.onAdd = function () {
            var box = L.DomUtil.create('div', 'legend');
            box.innerHTML = {{ this.legend|tojson }};
            L.DomEvent.disableClickPropagation(box);
            L.DomEvent.disableScrollPropagation(box);
            return box;
        };
        legend.addTo({{ this._parent.get_name() }});
        {% endif %}
        {% endmacro %}
        """
    )

    def __init__(self, legend: str, language: Language) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Controls"
        self.zoom = {
            "zoomInTitle": say("app.map.zoom_in", language),
            "zoomOutTitle": say("app.map.zoom_out", language),
        }
        self.legend = legend


def base_layers(assessment: Assessment, language: Language) -> BaseLayers:
    """Return the layers that candidates do not change."""
    kommuner = kommuner_geojson(assessment, language)
    for feature in kommuner["features"]:
        # Figures change with each candidate; they are in the table, never stale on the map.
        feature["properties"] = {
            name: feature["properties"][name] for name in ("kommune_code", "name")
        }
    # Of the shapes in degrees: a box in UTM is askew to them, by kilometres at Bornholm.
    west, south, east, north = shapely.total_bounds(
        [shapely.geometry.shape(feature["geometry"]) for feature in kommuner["features"]]
    ).tolist()
    towns = towns_geojson(assessment.tables)
    towns["features"] = [town for town in towns["features"] if town["properties"]["label"]]
    return BaseLayers(
        kommuner=kommuner,
        practices=practices_geojson(assessment, language),
        towns=towns,
        surroundings=surroundings_geojson(assessment),
        areas={level.name: area_outlines(level.shapes) for level in assessment.levels},
        bounds=((south, west), (north, east)),
    )


def draw_base(layers: BaseLayers, language: Language) -> folium.Map:
    """Return a new map of lægevalg's layers (never kept: a used map draws blank).

    Raises
    ------
    RuntimeError
        Something on the map would be fetched from outside this machine.
    """
    legend = legend_html(language, has_neighbours=bool(layers.surroundings["features"]))
    return draw_ground(layers, legend, language, has_practices=True)


def draw_ground(
    layers: BaseLayers, legend: str, language: Language, *, has_practices: bool = False
) -> folium.Map:
    """Return a new map of the land, its borders and towns, with a legend (``legend_box``).

    The study's practices lie on it if they are asked for; without a legend in it, one
    stands beside the map.

    Raises
    ------
    RuntimeError
        Something on the map would be fetched from outside this machine.
    """
    chart = folium.Map(
        tiles=None, zoom_control=False, attribution_control=False, zoom_snap=0.1, zoom_delta=0.5
    )
    chart.default_js, chart.default_css = [], []
    chart.add_js_link("leaflet", LEAFLET_JS)
    chart.add_css_link("leaflet", LEAFLET_CSS)
    figure: Any = chart.get_root()
    figure.header.add_child(Element(_HEADER_STYLE))
    chart.add_child(CustomPane(LAND_PANE, z_index=_BELOW_PICTURE, pointer_events=True))
    if layers.surroundings["features"]:
        chart.add_child(_land(layers.surroundings, SURROUNDINGS_COLOUR))
    if layers.kommuner["features"]:
        _add_kommuner(chart, layers.kommuner)
    if layers.towns["features"]:
        chart.add_child(folium.GeoJson(layers.towns, point_to_layer=JsCode(_TOWN_NAME)))
    if has_practices and layers.practices["features"]:
        chart.add_child(_practices(layers.practices, language))
    chart.add_child(_Controls(legend, language))
    beside = _BESIDE_LEGEND_PX if legend else _BESIDE_ZOOM_PX
    chart.fit_bounds(layers.bounds, padding_top_left=beside, padding_bottom_right=_BESIDE_NAMES_PX)
    refuse_outside_files(chart)
    return chart


def changing_layers(
    picture: StatusImage, candidates: Iterable[Candidate], outline: dict[str, Any] | None
) -> folium.FeatureGroup:
    """Return people's status, the placed candidates and the outline of the selected area."""
    group = folium.FeatureGroup()
    group.add_child(picture_layer(picture))
    if outline is not None:
        group.add_child(outline_layer(outline))
    for candidate in candidates:
        group.add_child(_candidate(candidate))
    refuse_outside_files(group)
    return group


def picture_layer(picture: StatusImage) -> folium.raster_layers.ImageOverlay:
    """Return the picture of people's status as a layer."""
    url = "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii")
    box = [[picture.south, picture.west], [picture.north, picture.east]]
    return folium.raster_layers.ImageOverlay(url, box, opacity=_PICTURE_OPACITY, pixelated=False)


def outline_layer(outline: dict[str, Any]) -> folium.GeoJson:
    """Return the bold outline of an area (``area_outline``) as a layer."""
    return folium.GeoJson(
        outline,
        style_function=lambda _: {"color": "#000", "weight": 4, "fill": False},
        interactive=False,
    )


def area_outline(layers: BaseLayers, level: str, area_id: str) -> dict[str, Any] | None:
    """Return an area as GeoJSON; None for one that has no outline."""
    geometry = layers.areas.get(level, {}).get(area_id)
    if geometry is None:
        return None
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "id": "0", "geometry": geometry, "properties": {}}],
    }


def legend_html(language: Language, *, has_neighbours: bool) -> str:
    """Return lægevalg's legend: what each colour means, the bad end named."""
    homes = [(STATUS_COLOURS[status], status) for status in STATUSES]
    if has_neighbours:
        homes.append((SURROUNDINGS_COLOUR, "neighbours"))
    dots = [
        (DOT + PRACTICE_COLOURS["open"], "open"),
        (DOT + PRACTICE_COLOURS["closed"], "closed"),
        (DOT + CANDIDATE_COLOUR, "candidate"),
    ]
    rows = [("", "homes"), *homes, ("", "practices"), *dots]
    words = [(colour, say(f"app.map.{key}", language)) for colour, key in rows]
    return legend_box(words, language)


def _land(land: dict[str, Any], colour: str, tooltip: Any = None) -> folium.GeoJson:  # noqa: ANN401 - folium has no types
    return folium.GeoJson(
        land,
        style_function=lambda _: {"fillColor": colour, "fillOpacity": 1, "weight": 0},
        tooltip=tooltip,
        pane=LAND_PANE,
    )


def _add_kommuner(chart: folium.Map, kommuner: dict[str, Any]) -> None:
    """Add the land below the picture, with names to point at, and its borders above."""
    names = folium.GeoJsonTooltip(["name"], labels=False)
    chart.add_child(_land(kommuner, LAND_COLOUR, names))
    chart.add_child(
        folium.GeoJson(
            kommuner,
            style_function=lambda _: {"color": BORDER_COLOUR, "weight": 1.2, "fill": False},
            interactive=False,
        )
    )


def _practices(practices: dict[str, Any], language: Language) -> folium.GeoJson:
    def style(feature: dict[str, Any]) -> dict[str, Any]:
        symbol = feature["properties"]["symbol"]
        return {"fillColor": PRACTICE_COLOURS[symbol], "radius": 6 if symbol == "open" else 4.5}

    return folium.GeoJson(
        practices,
        marker=folium.CircleMarker(weight=1.5, color=BORDER_COLOUR, fill=True, fill_opacity=1),
        style_function=style,
        tooltip=folium.GeoJsonTooltip(
            list(PRACTICE_FIELDS),
            aliases=[say(f"app.map.practice.{name}", language) for name in PRACTICE_FIELDS],
        ),
    )


def _candidate(candidate: Candidate) -> folium.CircleMarker:
    lon, lat = reproject([candidate.x_m], [candidate.y_m], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    label = folium.Tooltip(
        escape_for_map(candidate.site_id),
        permanent=True,
        sticky=False,
        direction="right",
        offset=(8, 0),
        className="candidate",
    )
    return folium.CircleMarker(
        (float(lat[0]), float(lon[0])),
        radius=9,
        weight=2.5,
        color="#000000",
        fill=True,
        fill_color=CANDIDATE_COLOUR,
        fill_opacity=1,
        tooltip=label,
    )


def refuse_outside_files(element: Any) -> None:  # noqa: ANN401 - folium has no common base with children
    """Raise RuntimeError for a layer that would be fetched from outside this machine."""
    if isinstance(element, JSCSSMixin):
        links = {url for _, url in (*element.default_js, *element.default_css)}
        if not links <= _OWN_FILES:
            message = f"the map would fetch {sorted(links - _OWN_FILES)}"
            raise RuntimeError(message)
    for child in getattr(element, "_children", {}).values():
        refuse_outside_files(child)
