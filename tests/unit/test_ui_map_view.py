import re
from dataclasses import replace

import folium
import pytest
import shapely
from streamlit_folium import generate_leaflet_string

from coverage.exports.map_layers import StatusImage, leaflet_files
from coverage.ui.map_view import area_outline, base_layers, changing_layers, draw_base, legend_html
from coverage.ui.state import Candidate
from coverage.ui.static_assets import LEAFLET_CSS, LEAFLET_JS, provide_leaflet
from coverage.wording import LANGUAGES
from tests.drawn_town import KOMMUNER_DRAWN, drawn_assessment

HOSTILE = "{{7*7}}{% raw %}${alert(1)}<img src=x onerror=alert(2)>`\\"
PICTURE = StatusImage(b"\x89PNG", 55.0, 10.0, 56.0, 11.0)
OUTSIDE = re.compile(r"(?:https?:)?//[\w-]+\.\w+")


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


def script(assessment, language="da"):
    chart = draw_base(base_layers(assessment, language), language)
    chart.get_root().render()
    return generate_leaflet_string(chart)


def test_the_map_asks_for_our_own_leaflet_and_nothing_else(assessment):
    chart = draw_base(base_layers(assessment, "da"), "da")
    assert [url for _, url in chart.default_js] == [LEAFLET_JS]
    assert [url for _, url in chart.default_css] == [LEAFLET_CSS]
    assert OUTSIDE.findall(script(assessment)) == []


def test_a_layer_that_would_fetch_something_is_refused(monkeypatch):
    class Fetching(folium.elements.JSCSSMixin, folium.Marker):
        default_js = (("x", "https://example.org/x.js"),)

    monkeypatch.setattr("coverage.ui.map_view._candidate", lambda _: Fetching((55.0, 10.0)))
    with pytest.raises(RuntimeError, match=r"example\.org"):
        changing_layers(PICTURE, [Candidate("K1", "", 560_000.0, 6_220_000.0)], None)


def test_the_map_of_the_class_is_as_it_was(assessment):
    before = list(folium.Map.default_js)
    draw_base(base_layers(assessment, "da"), "da")
    assert folium.Map.default_js == before


def test_hostile_names_reach_the_script_as_entities_only():
    hostile = drawn_assessment(
        practice_names=dict.fromkeys(["010001", "010002"], HOSTILE),
        town_names=[HOSTILE] * 9,
        kommune_names=dict.fromkeys(KOMMUNER_DRAWN, HOSTILE),
    )
    text = script(hostile)
    assert "&#123;&#123;7*7" in text.replace("\\u0026", "&")
    for dangerous in ("{{7*7", "{% raw", "${alert", "<img", "\\u003cimg"):
        assert dangerous not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_base_is_the_same_text_each_time(assessment, language):
    # Another text is another map to the component: the view would be lost at every click.
    ids = re.compile(r"_[a-z0-9]+")
    assert ids.sub("", script(assessment, language)) == ids.sub("", script(assessment, language))


def test_no_figures_that_candidates_change_stand_in_the_base(assessment):
    for feature in base_layers(assessment, "da").kommuner["features"]:
        assert set(feature["properties"]) == {"kommune_code", "name"}


def test_every_corner_of_every_kommune_lies_within_the_bounds(assessment):
    layers = base_layers(assessment, "da")
    (south, west), (north, east) = layers.bounds
    places = re.findall(
        r"\((\d+\.\d+), (\d+\.\d+)\)", str([f["geometry"] for f in layers.kommuner["features"]])
    )
    assert len(places) > 8
    assert {(float(lon) >= west and float(lon) <= east) for lon, _ in places} == {True}
    assert {(float(lat) >= south and float(lat) <= north) for _, lat in places} == {True}


def test_candidates_are_drawn_at_their_place():
    group = changing_layers(PICTURE, [Candidate("K1", "", 500_000.0, 6_220_000.0)], None)
    marks = [c for c in group._children.values() if isinstance(c, folium.CircleMarker)]
    assert len(marks) == 1
    lat, lon = marks[0].location
    # On the zone's middle meridian; a degree of latitude is 111.2 to 111.4 km here.
    assert lon == pytest.approx(9.0, abs=1e-9)
    assert lat == pytest.approx(6_220.0 / 0.9996 / 111.3, abs=0.3)


def test_an_area_is_outlined_by_its_kommuner(assessment):
    layers = base_layers(assessment, "da")
    kommune = area_outline(layers, "kommune", "0461")
    level = area_outline(layers, "sundhedsraad", "Vest")
    drawn = [shapely.geometry.shape(one["features"][0]["geometry"]) for one in (kommune, level)]
    assert drawn[0].area > 0
    # A list of kommuner joins their outlines: the same corners, from another one on.
    assert drawn[0].normalize() == drawn[1].normalize()
    assert area_outline(layers, "kommune", "all") is None


def test_a_study_without_towns_and_practices_has_its_map(assessment):
    nobody = replace(
        assessment.tables,
        practices=assessment.tables.practices.iloc[:0],
        towns=assessment.tables.towns.iloc[:0],
    )
    assert "L.map" in script(replace(assessment, tables=nobody))


@pytest.mark.parametrize(("language", "bad_end"), [("da", "dårligst"), ("en", "worst")])
def test_the_legend_says_in_words_which_end_is_bad(language, bad_end):
    assert legend_html(language, has_neighbours=False).count(bad_end) == 1
    assert legend_html(language, has_neighbours=False).count("<i ") == 4 + 3
    assert legend_html(language, has_neighbours=True).count("<i ") == 5 + 3


def test_leaflet_is_copied_once_and_mended(tmp_path):
    provide_leaflet(tmp_path)
    copied = tmp_path / "static" / "leaflet" / "leaflet.js"
    assert len(list((tmp_path / "static").rglob("*.*"))) == len(leaflet_files())
    before = copied.stat().st_mtime_ns
    provide_leaflet(tmp_path)
    assert copied.stat().st_mtime_ns == before
    copied.write_text("damaged")
    provide_leaflet(tmp_path)
    assert copied.stat().st_size > 100_000
