import re
from pathlib import Path

import folium
import pytest
from streamlit_folium import _get_feature_group_string, generate_js_hash, generate_leaflet_string

from coverage.exports.map_layers import StatusImage
from coverage.ui import live_map, theme_map
from coverage.ui.map_legend import legend_box
from coverage.ui.map_view import base_layers, draw_ground
from coverage.ui.state import AppState, choose_language
from coverage.ui.theme_map import DOT, FRAME, AreaFill, PlaceMark, Theme, theme_layers
from coverage.wording import LANGUAGES
from tests.drawn_town import WEST_M, drawn_assessment

HOSTILE = "{{7*7}}{% raw %}${alert(1)}<img src=x onerror=alert(2)>`\\"
PICTURE = StatusImage(b"\x89PNG", 55.0, 10.0, 56.0, 11.0)
RED, BLUE = "#a11428", "#1f78b4"
OUTSIDE = re.compile(r"(?:https?:)?//[\w-]+\.\w+")


@pytest.fixture(scope="module")
def layers():
    return base_layers(drawn_assessment(), "da")


def theme(**parts):
    fields = {"level": "kommune", "fills": (), "marks": (), "legend": ((RED, "dårligst"),)}
    return Theme(**(fields | parts))


def parts_of(group):
    return [part for part in group._children.values() if isinstance(part, folium.GeoJson)]


def features_of(part):
    return part.data["features"]


def changing_script(layers, shown, language="da"):
    chart = draw_ground(layers, legend_box(shown.legend, language), language)
    chart.get_root().render()
    return _get_feature_group_string(theme_layers(layers, shown), chart)


def ground_script(layers, shown, language="da"):
    chart = draw_ground(layers, legend_box(shown.legend, language), language)
    chart.get_root().render()
    return generate_leaflet_string(chart)


def test_an_area_has_its_colour_and_its_outline(layers):
    shown = theme(fills=(AreaFill("0461", RED, (("Borgere", "1.234"),)),))
    (part,) = parts_of(theme_layers(layers, shown))
    (feature,) = features_of(part)
    assert feature["geometry"] == layers.areas["kommune"]["0461"]
    assert part.style_function(feature)["fillColor"] == RED
    assert feature["properties"]["tooltip"] == (
        "<table><tr><th>Borgere</th><td>1.234</td></tr></table>"
    )


def test_areas_are_those_of_the_level(layers):
    fills = (AreaFill("Vest", RED, ()), AreaFill("0461", BLUE, ()))
    (part,) = parts_of(theme_layers(layers, theme(level="sundhedsraad", fills=fills)))
    assert [one["properties"]["colour"] for one in features_of(part)] == [RED]


def test_a_bold_border_is_drawn_over_its_neighbours(layers):
    fills = (AreaFill("0461", RED, (), bold_border=True), AreaFill("0450", BLUE, ()))
    (part,) = parts_of(theme_layers(layers, theme(fills=fills)))
    assert [one["properties"]["colour"] for one in features_of(part)] == [BLUE, RED]
    widths = [part.style_function(one)["weight"] for one in features_of(part)]
    assert widths[1] > 3 * widths[0]


def test_a_mark_stands_at_its_place_with_its_label(layers):
    mark = PlaceMark(500_000.0, 6_220_000.0, BLUE, 7.5, (("", "Vesterby"),), label="Vesterby")
    points, labels = parts_of(theme_layers(layers, theme(marks=(mark,))))
    (feature,) = features_of(points)
    lon, lat = feature["geometry"]["coordinates"]
    # On the zone's middle meridian; a degree of latitude is 111.2 to 111.4 km here.
    assert lon == pytest.approx(9.0, abs=1e-9)
    assert lat == pytest.approx(6_220.0 / 0.9996 / 111.3, abs=0.3)
    assert points.style_function(feature) == {"fillColor": BLUE, "radius": 7.5}
    assert features_of(labels)[0]["properties"]["label"] == "Vesterby"


def test_without_lines_there_is_no_empty_tooltip(layers):
    marks = tuple(PlaceMark(WEST_M, 6_220_000.0, BLUE, 5, lines) for lines in ((), (("A", "1"),)))
    silent, told = parts_of(theme_layers(layers, theme(marks=marks)))
    kinds = [
        [type(child) for child in part._children.values() if "Tooltip" in type(child).__name__]
        for part in (silent, told)
    ]
    assert kinds == [[], [folium.GeoJsonTooltip]]


def test_the_picture_and_the_outline_are_drawn(layers):
    group = theme_layers(layers, theme(picture=PICTURE, outline="0450"))
    kinds = [type(part).__name__ for part in group._children.values()]
    assert kinds == ["ImageOverlay", "GeoJson"]
    (outline,) = parts_of(group)
    assert features_of(outline)[0]["geometry"] == layers.areas["kommune"]["0450"]
    assert parts_of(theme_layers(layers, theme(outline="9999"))) == []


def test_hostile_texts_reach_the_script_as_entities_only(layers):
    lines = ((HOSTILE, HOSTILE), ("", HOSTILE))
    shown = theme(
        fills=(AreaFill("0461", RED, lines),),
        marks=(PlaceMark(WEST_M, 6_220_000.0, BLUE, 5, lines, label=HOSTILE),),
        legend=(("", HOSTILE), (RED, HOSTILE)),
    )
    for text in (changing_script(layers, shown), ground_script(layers, shown)):
        assert "&#123;&#123;7*7" in text.replace("\\u0026", "&")
        for dangerous in ("{{7*7", "{% raw", "${alert", "<img", "\\u003cimg"):
            assert dangerous not in text


@pytest.mark.parametrize("colour", ["red", "#12345", '#123456" onload="x', "#12345G", ""])
def test_only_a_colour_is_a_colour(layers, colour):
    with pytest.raises(ValueError, match="no colour"):
        theme_layers(layers, theme(fills=(AreaFill("0461", colour, ()),)))
    with pytest.raises(ValueError, match="no colour"):
        theme_layers(layers, theme(marks=(PlaceMark(WEST_M, 6_220_000.0, colour, 5, ()),)))
    if colour:
        with pytest.raises(ValueError, match="no colour"):
            legend_box(((colour, "words"),), "da")


def test_a_legend_has_headings_squares_points_and_frames():
    rows = (("", "Områder"), (RED, "signal"), (DOT + BLUE, "praksis"), (FRAME + RED, "udpeget"))
    assert legend_box(rows, "da") == (
        "<details open><summary>Signaturforklaring</summary><p>Områder</p>"
        f'<div><i class="" style="background:{RED}"></i>signal</div>'
        f'<div><i class="dot" style="background:{BLUE}"></i>praksis</div>'
        f'<div><i class="frame" style="background:{RED}"></i>udpeget</div></details>'
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_theme_stands_on_the_same_ground_and_asks_for_nothing(layers, language):
    first = theme(fills=(AreaFill("0461", RED, ()),), picture=PICTURE)
    second = theme(fills=(AreaFill("0450", BLUE, ()),), outline="0461")
    # The browser keeps the map, its view and its zoom as long as this is the same.
    hashes = {generate_js_hash(ground_script(layers, one, language)) for one in (first, second)}
    assert len(hashes) == 1
    for shown in (first, second):
        assert OUTSIDE.findall(changing_script(layers, shown, language)) == []


class Shown:
    """Stands in for the component and keeps what it was asked to show."""

    def __init__(self):
        self.calls = []

    def __call__(self, chart, **asked):
        self.calls.append(asked | {"chart": chart})


def test_the_map_is_another_one_for_another_language_or_legend_only(layers, monkeypatch):
    component = Shown()
    monkeypatch.setattr(live_map, "st_folium", component)
    monkeypatch.setattr(theme_map, "kept_base", lambda *_: layers)
    state = AppState(Path("study.toml"))
    key = ("study.toml", ())
    one = theme(fills=(AreaFill("0461", RED, ()),))
    theme_map.show_theme_map(key, "signals", one, state)
    theme_map.show_theme_map(key, "signals", theme(fills=(AreaFill("0461", BLUE, ()),)), state)
    theme_map.show_theme_map(key, "signals", one, choose_language(state, "en"))
    theme_map.show_theme_map(key, "signals", theme(legend=((RED, "andet"),)), state)
    keys = [call["key"] for call in component.calls]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert {tuple(call["returned_objects"]) for call in component.calls} == {()}
