"""The page on lægevalg in a real browser, with the map."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from coverage.exports import OUTPUT_NAMES
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from tests.browser.app_page import MAP, PREPARE_MS
from tests.browser.conftest import DEMO, STREAMLIT_COMMAND
from tests.tiny_study import REGISTER, SOUTH_M, STUDY, WEST_M, write_study

# One practice takes new patients: 25 cells of 100 persons have one practice only.
ONE_OPEN = REGISTER.replace("1.480;Åben", "1.480;Lukket")
PERSONS = "2.500"
PAGE = "/laegevalg"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}} {% raw %} ${alert(2)} `${alert(3)}`",
    '=HYPERLINK("http://x";"y")',
)


def middle_of_the_town():
    lon, lat = reproject(
        [WEST_M + 2500.0], [SOUTH_M + 2500.0], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG
    )
    return float(lat[0]), float(lon[0])


@pytest.fixture(scope="session")
def server(start_server, tmp_path_factory):
    study = write_study(tmp_path_factory.mktemp("study"), register=ONE_OPEN)
    return start_server(study)


@pytest.fixture
def app(open_app, server):
    app = open_app(server + PAGE)
    app.map_frame()
    app.wait_until_idle()
    return app


def test_the_figures_and_the_map_are_shown(app):
    expect(app.figure("Borgere")).to_have_text(PERSONS)
    expect(app.figure("Kan vælge")).to_have_text("0,0\u00a0%")
    expect(app.figure("Kun én praksis")).to_have_text(PERSONS)
    frame = app.map_frame()
    assert frame.locator("path.leaflet-interactive").count() == 1 + 3, "the land and the practices"
    expect(frame.locator(".legend")).to_contain_text("kun én praksis")
    box = app.page.locator(MAP).bounding_box()
    assert box["height"] > 400
    assert box["y"] + box["height"] <= 900, "one screen"


def test_the_page_is_no_wider_than_the_screen(app):
    width = app.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 1400


def test_a_click_on_the_map_places_a_practice_and_changes_the_figures(app):
    app.click_map(*middle_of_the_town())
    expect(app.figure("Kan vælge")).to_have_text("100,0\u00a0%")
    expect(app.figure("Kun én praksis")).to_have_text("0")
    expect(app.change("Kun én praksis")).to_have_text("-2.500")
    expect(app.text("K1: Sted på kortet")).to_be_visible()
    label = app.map_frame().locator(".leaflet-tooltip.candidate")
    expect(label).to_have_text("K1")


def test_the_map_keeps_its_view_when_a_practice_is_placed(app):
    app.zoom_in()
    view = app.view()
    app.click_map(*middle_of_the_town())
    expect(app.text("K1: Sted på kortet")).to_be_visible()
    app.wait_until_idle()
    app.until(app.view, view)


def test_a_click_on_a_practice_arrives_too(app):
    app.click_map(*app.practice_places()[0])
    expect(app.text("K1: Sted på kortet")).to_be_visible()


def test_deleting_brings_the_baseline_back_and_the_old_click_does_not_return(app):
    app.click_map(*middle_of_the_town())
    expect(app.figure("Kan vælge")).to_have_text("100,0\u00a0%")
    app.press("Fjern")
    expect(app.figure("Kan vælge")).to_have_text("0,0\u00a0%")
    expect(app.change("Kan vælge")).to_have_count(0)
    app.wait_until_idle()
    expect(app.map_frame().locator(".leaflet-tooltip.candidate")).to_have_count(0)


def test_a_typed_address_places_a_practice(app):
    app.type_place("Prøvevej 15, 5000 Prøveby")
    expect(app.text("K1: Prøvevej 15, 5000 Prøveby")).to_be_visible()
    expect(app.figure("Kan vælge")).to_have_text("100,0\u00a0%")


def test_a_click_in_the_sea_is_answered_in_words(app):
    frame = app.map_frame()
    corner = frame.evaluate(
        "() => { const b = window.map.getBounds(); return [b.getNorth(), b.getEast()]; }"
    )
    frame.evaluate("window.map.setZoom(8, {animate: false})")
    app.click_map(corner[0] + 0.3, corner[1])
    expect(app.text("ingen vej inden for 2\u00a0km")).to_be_visible()
    expect(app.figure("Kan vælge")).to_have_text("0,0\u00a0%")


def test_the_language_switches_everywhere(app):
    app.choose("English")
    expect(app.figure("Citizens")).to_have_text("2,500")
    english = "document.querySelector('.legend').innerText.includes('one practice only')"
    assert app.map_frame(english)
    for danish in ("Borgere", "Hent resultater", "Indstillinger", "Placér", "Praksisregister"):
        expect(app.text(danish)).to_have_count(0)


def test_another_height_draws_the_map_anew(app):
    app.press("Indstillinger")
    app.choose("Lav")
    assert app.map_frame("window.map.getSize().y === 440")
    expect(app.page.locator(MAP)).to_have_attribute("height", "440")


def test_every_output_can_be_fetched(app, tmp_path):
    app.press("Hent resultater")
    for name in OUTPUT_NAMES:
        download = app.fetch(re.compile(re.escape(name)))
        assert download.suggested_filename == name
        download.save_as(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100
    archive = app.fetch(re.compile("Alle filer"))
    archive.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as packed:
        assert set(packed.namelist()) == set(OUTPUT_NAMES)
        for name in OUTPUT_NAMES:
            assert packed.read(name) == (tmp_path / name).read_bytes()


def test_with_a_candidate_the_downloads_say_that_they_are_the_baseline(app):
    app.type_place("Prøvevej 15, 5000 Prøveby")
    expect(app.text("K1: Prøvevej 15, 5000 Prøveby")).to_be_visible()
    app.press("Hent resultater")
    expect(app.text("Filerne viser udgangspunktet")).to_be_visible()


@pytest.fixture(scope="session")
def hostile_server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    register = REGISTER
    for plain, hostile in zip(
        ("Lægerne Vest", "Lægerne Midt", "Lægerne Øst"), HOSTILE, strict=True
    ):
        quoted = hostile.replace('"', '""')
        register = register.replace(plain, f'"{quoted}"')
    towns = "name;kommune_code;persons;x_m;y_m\n"
    towns += f'"{HOSTILE[0]}";0461;2500;{WEST_M + 2000:.0f};{SOUTH_M + 3000:.0f}\n'
    towns += f'"{HOSTILE[1]}";0461;900;{WEST_M + 4000:.0f};{SOUTH_M + 1000:.0f}\n'
    study = STUDY.replace('"Prøveby"', f"'{HOSTILE[0]} {HOSTILE[1]}'")
    study += '\n[towns]\npath = "towns.csv"\n'
    path = write_study(folder, register=register, study=study)
    (folder / "towns.csv").write_text(towns, encoding="utf-8")
    boundaries = folder / "kommuner.geojson"
    name = HOSTILE[0].replace('"', "'")
    text = boundaries.read_text("utf-8")
    assert "Odense" in text
    boundaries.write_text(text.replace("Odense", name), encoding="utf-8")
    return start_server(path)


def test_hostile_names_are_shown_and_do_nothing(open_app, hostile_server):
    app = open_app(hostile_server + PAGE)
    frame = app.map_frame()
    app.wait_until_idle()
    expect(app.text(HOSTILE[0])).not_to_have_count(0)
    towns = frame.locator(".town").all_text_contents()
    assert set(towns) == set(HOSTILE[:2])
    places = app.practice_places()
    assert len(places) == len(HOSTILE)
    texts = " ".join(app.tooltip_at(*place) for place in places)
    for name in HOSTILE:
        assert " ".join(name.split()) in " ".join(texts.split())
    assert frame.locator("img[src=x]").count() == 0
    assert app.page.locator("img[src=x]").count() == 0
    app.click_map(*middle_of_the_town())
    expect(app.text("K1: Sted på kortet")).to_be_visible()


def test_streamlit_run_opens_the_same_app(open_app, start_server, tmp_path):
    study = write_study(tmp_path / "study", register=ONE_OPEN)
    app = open_app(start_server(study, STREAMLIT_COMMAND) + PAGE)
    assert app.map_frame()
    expect(app.figure("Borgere")).to_have_text(PERSONS)


def test_an_error_is_told_in_danish_without_a_traceback(open_app, start_server, tmp_path):
    study = write_study(tmp_path / "study")
    (study.parent / "grid.csv").unlink()
    app = open_app(start_server(study) + PAGE)
    expect(app.text("En fil mangler")).to_be_visible(timeout=PREPARE_MS)
    expect(app.text("Traceback")).to_have_count(0)
    expect(app.text("grid.csv")).to_be_visible()


@pytest.mark.slow
def test_the_demo_opens_and_says_that_it_is_made_up(open_app, start_server):
    app = open_app(start_server(DEMO) + PAGE)
    frame = app.map_frame()
    app.wait_until_idle()
    expect(app.text("Illustration: opdigtede praksis").first).to_be_visible()
    expect(app.figure("Borgere")).to_have_text("1.197.161")
    assert frame.locator("path.leaflet-interactive").count() > 300
    assert frame.locator(".town").count() > 10
