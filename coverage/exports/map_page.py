"""``map.html``: one file that shows the whole map without asking any host for anything.

folium draws; Leaflet comes from the installed package and is written into the
file. Words around the map are set into the page as they are, never through the
library's templates; words on the map pass ``escape_for_map``.
"""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode

from coverage.assessment import Assessment
from coverage.exports.map_colours import (
    BORDER_COLOUR,
    LAND_COLOUR,
    OUTSIDE_COLOUR,
    PRACTICE_COLOURS,
    SURROUNDINGS_COLOUR,
)
from coverage.exports.map_layers import (
    KOMMUNE_FIELDS,
    LEAFLET_FOLDER,
    PRACTICE_FIELDS,
    kommuner_geojson,
    practices_geojson,
    status_image,
    surroundings_geojson,
    towns_geojson,
)
from coverage.exports.map_words import banner_html, footer_html, header_html, legend_html
from coverage.exports.self_contained import refuse_outside_hosts
from coverage.exports.stamp import RunStamp
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from coverage.wording import Language, say

_PICTURE_OPACITY = 0.85
# Panes from below: land, where people live, Leaflet's own with borders (400) and
# practices (600), names; Leaflet's tooltips (650) stay on top.
_LAND_Z, _PEOPLE_Z, _TOWNS_Z = 250, 300, 640
_SYMBOL_PX = 13
_SYMBOLS: Mapping[str, str] = {
    "open": f'<circle cx="8" cy="8" r="6" fill="{PRACTICE_COLOURS["open"]}" '
    f'stroke="{BORDER_COLOUR}" stroke-width="2"/>',
    "closed": f'<path d="M8 1 L15 8 L8 15 L1 8 Z" fill="{PRACTICE_COLOURS["closed"]}" '
    f'stroke="{BORDER_COLOUR}" stroke-width="2"/>',
}
_STYLE = f"""
path.leaflet-interactive:focus {{ outline: none; }}
html, body {{ height: 100%; margin: 0; }}
body {{ display: flex; flex-direction: column; color: #1c2733; background: #ffffff;
  font: 14px/1.4 "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
header {{ padding: 8px 16px 6px; }}
h1 {{ font-size: 20px; margin: 0; }}
header p {{ margin: 2px 0 0; color: #4a5866; }}
.banner {{ background: #f0a030; color: #000000; font-weight: 600; padding: 6px 16px; }}
main {{ display: flex; flex: 1 1 auto; min-height: 420px; border: solid #c3ccd4;
  border-width: 1px 0; }}
.chart {{ position: relative; flex: 1 1 auto; min-height: 420px; }}
.chart > div.folium-map {{ position: absolute; inset: 0; }}
aside {{ flex: 0 0 auto; width: 300px; overflow: auto; padding: 10px 16px; box-sizing: border-box;
  font-size: 13px; }}
aside h2 {{ font-size: 14px; margin: 0 0 4px; }}
aside p {{ margin: 4px 0; }}
aside ul {{ list-style: none; margin: 4px 0; padding: 0; }}
aside li {{ display: flex; gap: 8px; align-items: flex-start; margin: 3px 0; }}
aside .key {{ flex: 0 0 16px; height: 16px; margin-top: 1px; box-sizing: border-box; }}
aside .square {{ border: 1px solid {BORDER_COLOUR}; }}
aside .count {{ color: #4a5866; }}
footer {{ padding: 6px 16px 10px; font-size: 12px; color: #37424d; max-height: 22vh;
  overflow: auto; }}
footer p {{ margin: 2px 0; }}
.leaflet-container {{ background: {OUTSIDE_COLOUR}; font: inherit; font-size: 13px; }}
.town {{ white-space: nowrap; font-weight: 600; color: #1c2733;
  text-shadow: 0 0 3px #ffffff, 0 0 3px #ffffff, 0 0 3px #ffffff, 0 0 3px #ffffff; }}
.practice svg {{ display: block; }}
.leaflet-tooltip table th {{ text-align: left; font-weight: 400; color: #4a5866;
  padding-right: 10px; white-space: nowrap; }}
.leaflet-tooltip table td {{ font-weight: 600; }}
@media (max-width: 800px) {{ main {{ flex-direction: column; }} aside {{ width: auto; }} }}
@media print {{ footer {{ max-height: none; overflow: visible; }} }}
"""
# The browser itself then refuses whatever the check below should have missed.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def write_map(path: Path, assessment: Assessment, stamp: RunStamp, language: Language) -> None:
    """Write the page.

    Raises
    ------
    RuntimeError
        The page would ask another host for something: a mistake of the code.
    """
    page = render_page(assessment, stamp, language)
    refuse_outside_hosts(page)
    path.write_bytes(page.encode())


def render_page(assessment: Assessment, stamp: RunStamp, language: Language) -> str:
    """Return the page as HTML; the same run gives the same text."""
    head, body, script = _folium_parts(_draw(assessment, language))
    leaflet_js = (LEAFLET_FOLDER / "leaflet.js").read_text("utf-8")
    top = header_html(assessment, stamp, language)
    parts = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{top.title}</title>",
        f"<style>{_leaflet_css()}</style>",
        f"<script>{_without_source_map(leaflet_js)}</script>",
        head,
        f"<style>{_STYLE}</style>\n</head>\n<body>",
        top.html,
        banner_html(assessment, language),
        f'<main><div class="chart">{body}</div>',
        f"{legend_html(assessment, _SYMBOLS, language)}</main>",
        footer_html(assessment, stamp, language),
        f"<script>{script}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _draw(assessment: Assessment, language: Language) -> folium.Map:
    chart = folium.Map(
        tiles=None,
        control_scale=False,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        min_zoom=5,
        max_zoom=16,
    )
    chart.default_js, chart.default_css = [], []
    for name, z_index in (("land", _LAND_Z), ("people", _PEOPLE_Z), ("towns", _TOWNS_Z)):
        chart.add_child(CustomPane(name, z_index=z_index, pointer_events=False))
    surroundings = surroundings_geojson(assessment)
    if surroundings["features"]:
        _add_land(chart, surroundings, SURROUNDINGS_COLOUR)
    kommuner = kommuner_geojson(assessment, language)
    if kommuner["features"]:
        _add_land(chart, kommuner, LAND_COLOUR)
    _add_people(chart, assessment, language)
    if kommuner["features"]:
        _add_borders(chart, kommuner, language)
    _add_towns(chart, assessment, language)
    _add_practices(chart, assessment, language)
    chart.add_child(_Controls(language))
    chart.add_child(folium.LayerControl(collapsed=False))
    bounds = assessment.tables.kommuner.total_bounds
    lon, lat = reproject(bounds[[0, 2]], bounds[[1, 3]], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    corners = [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]]
    chart.fit_bounds(corners, padding=(12, 12))
    return chart


def _add_land(chart: folium.Map, land: dict[str, Any], colour: str) -> None:
    folium.GeoJson(
        land,
        style_function=lambda _: {"fillColor": colour, "fillOpacity": 1, "weight": 0},
        interactive=False,
        pane="land",
        control=False,
    ).add_to(chart)


def _add_people(chart: folium.Map, assessment: Assessment, language: Language) -> None:
    picture = status_image(assessment)
    folium.raster_layers.ImageOverlay(
        "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii"),
        [[picture.south, picture.west], [picture.north, picture.east]],
        name=say("export.map.people", language),
        opacity=_PICTURE_OPACITY,
        pixelated=True,
        pane="people",
    ).add_to(chart)


def _add_borders(chart: folium.Map, kommuner: dict[str, Any], language: Language) -> None:
    folium.GeoJson(
        kommuner,
        style_function=lambda _: {
            "color": BORDER_COLOUR,
            "weight": 1.2,
            "fillColor": LAND_COLOUR,
            "fillOpacity": 0,
        },
        highlight_function=lambda _: {"weight": 3},
        tooltip=_tooltip("kommune", KOMMUNE_FIELDS, language),
        control=False,
    ).add_to(chart)


def _add_towns(chart: folium.Map, assessment: Assessment, language: Language) -> None:
    towns = towns_geojson(assessment.tables)
    towns["features"] = [town for town in towns["features"] if town["properties"]["label"]]
    if not towns["features"]:
        return
    folium.GeoJson(
        towns,
        name=say("export.map.towns", language),
        point_to_layer=JsCode(
            "function(feature, latlng) { return L.marker(latlng, {pane: 'towns', "
            "interactive: false, keyboard: false, icon: L.divIcon({className: 'town', "
            "iconSize: null, iconAnchor: [-5, 21], html: feature.properties.name})}); }"
        ),
    ).add_to(chart)


def _add_practices(chart: folium.Map, assessment: Assessment, language: Language) -> None:
    practices = practices_geojson(assessment, language)
    if not practices["features"]:
        return
    half = _SYMBOL_PX // 2
    symbols = ", ".join(f"{name}: '{symbol_svg(shape)}'" for name, shape in _SYMBOLS.items())
    folium.GeoJson(
        practices,
        name=say("export.map.practices", language),
        tooltip=_tooltip("practice", PRACTICE_FIELDS, language),
        point_to_layer=JsCode(
            "function(feature, latlng) { return L.marker(latlng, {icon: L.divIcon({"
            f"className: 'practice', iconSize: [{_SYMBOL_PX}, {_SYMBOL_PX}], "
            f"iconAnchor: [{half}, {half}], html: {{{symbols}}}[feature.properties.symbol]}}), "
            "zIndexOffset: feature.properties.is_open ? 1000 : 0}); }"
        ),
    ).add_to(chart)


def symbol_svg(shape: str) -> str:
    """Return a practice's symbol as a picture of its own."""
    return f'<svg width="{_SYMBOL_PX}" height="{_SYMBOL_PX}" viewBox="0 0 16 16">{shape}</svg>'


def _tooltip(kind: str, fields: tuple[str, ...], language: Language) -> folium.GeoJsonTooltip:
    return folium.GeoJsonTooltip(
        list(fields),
        aliases=[say(f"export.map.{kind}.{name}", language) for name in fields],
        sticky=True,
    )


class _Controls(MacroElement):
    """Zoom buttons with words for a screen reader, and a metric scale."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        L.control.zoom({zoomInTitle: {{ this.zoom_in|tojson }},
            zoomOutTitle: {{ this.zoom_out|tojson }}}).addTo({{ this._parent.get_name() }});
        L.control.scale({imperial: false, position: 'bottomright'})
            .addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, language: Language) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Controls"
        self.zoom_in = say("export.map.zoom_in", language)
        self.zoom_out = say("export.map.zoom_out", language)


def _folium_parts(chart: folium.Map) -> tuple[str, str, str]:
    """Return folium's head, body and script; its random ids become numbers in order."""
    figure: Any = chart.get_root()
    for number, element in enumerate(_walk(chart)):
        element._id = str(number)  # noqa: SLF001 - folium offers no other way to fix the bytes
    figure.render()
    head: str = "".join(
        child.render()
        for name, child in figure.header._children.items()  # noqa: SLF001 - as Figure's own template
        if name != "meta_http"
    )
    return head, str(figure.html.render()), str(figure.script.render())


def _walk(element: Any) -> list[Any]:  # noqa: ANN401 - folium has no types
    return [
        element,
        *(found for child in element._children.values() for found in _walk(child)),  # noqa: SLF001
    ]


def _leaflet_css() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    css = (LEAFLET_FOLDER / "leaflet.css").read_text("utf-8")

    def inside(match: re.Match[str]) -> str:
        file = LEAFLET_FOLDER / match.group(1)
        if not file.is_file():
            return "none"
        picture = base64.b64encode(file.read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{picture})"

    return re.sub(r"""url\(["']?([^)"']+)["']?\)""", inside, css)


def _without_source_map(script: str) -> str:
    return re.sub(r"//# sourceMappingURL=\S+", "", script)
