"""The pages Overblik and Metode in a real browser, and what holds on every page."""

import pytest
from playwright.sync_api import expect

from coverage.exports.annex_tables import annex_tables
from coverage.ui.formats import format_persons
from coverage.ui.main import PAGES
from coverage.wording import say

# Metode has no map, and Sammenlign none before there is a scenario (``test_sammenlign``).
PLAIN_PAGES = tuple(name for name in PAGES if name not in ("metode", "sammenlign"))
SIZES = ((1400, 900), (1280, 720))
WIDER_THAN_THE_SCREEN = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


def address_of(server, page):
    """The first page is the root of the app."""
    return server if page == next(iter(PAGES)) else f"{server}/{page}"


@pytest.fixture
def overview(open_app, demo_server):
    app = open_app(demo_server)
    app.map_frame()
    app.wait_until_idle()
    return app


def test_the_figures_are_the_librarys(overview, demo_result):
    assessment = demo_result.assessment
    annex = annex_tables(assessment, demo_result.stamp)["capacity_by_area"]
    total = annex.of_level("kommune").table.iloc[-1]
    areas = assessment.designation.areas
    own = areas[areas["area_level"] == "kommune"]
    signals = int((own["signal"] == "signal").sum())
    places = assessment.skal.places[assessment.skal.places["is_skal"]]
    broken = int((places["practices"] == 0).sum())
    wanted = {
        "Borgere": format_persons(total["residents"], "da"),
        "Praksis": format_persons(total["practices"], "da"),
        "Kapaciteter": format_persons(total["capacities"], "da"),
        "Patienter pr. kapacitet": format_persons(total["patients_per_capacity"], "da"),
        "Finder ingen plads": format_persons(
            total["persons_without_practice"] + total["persons_without_place"], "da"
        ),
        "Områder med signal": f"{signals} af {len(own)}",
        "Skal-områder uden praksis": f"{broken} af {len(places)}",
    }
    for label, text in wanted.items():
        expect(overview.figure(label)).to_have_text(text)
    expect(overview.answer()).to_contain_text(f"{signals} af {len(own)} områder giver signal")


def test_the_table_has_the_areas_with_a_signal_first(overview, demo_result):
    areas = demo_result.assessment.designation.areas
    own = areas[areas["area_level"] == "kommune"]
    signals = set(own.loc[own["signal"] == "signal", "area_name"])

    def first_rows():
        return set(overview.column("Område", among="Pt./kap.")[: len(signals)])

    overview.until(first_rows, signals)


def test_the_rules_are_listed_with_source_and_status(open_app, demo_server, demo_result):
    app = open_app(f"{demo_server}/metode")
    app.wait_until_idle()
    rules = demo_result.assessment.rules.rules
    assumed = sum(rule.status == "assumption" for rule in rules.values())
    expect(app.answer()).to_contain_text(f"{len(rules)} regler")
    expect(app.answer()).to_contain_text(f"{assumed} af reglerne er antagelser")
    app.until(lambda: app.column("Nøgle")[:1], list(rules)[:1])
    assert set(app.column("Nøgle")) <= set(rules)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("page", tuple(PAGES))
def test_a_page_fits_the_screen_and_shows_no_raw_value(open_app, demo_server, page, size):
    app = open_app(address_of(demo_server, page), size)
    if page in PLAIN_PAGES:
        app.map_frame()
    app.wait_until_idle()
    assert not app.page.evaluate(WIDER_THAN_THE_SCREEN)
    words = {word.strip() for word in app.all_words()}
    assert words & {"None", "nan", "NaN", "NaT", "<NA>", "inf"} == set()


@pytest.mark.parametrize("page", tuple(PAGES))
def test_every_page_speaks_english_too(open_app, demo_server, page):
    app = open_app(address_of(demo_server, page))
    if page in PLAIN_PAGES:
        app.map_frame()
    app.wait_until_idle()
    app.choose("English")
    title = say(f"app.page.{page}", "en")
    expect(app.page.get_by_role("heading", level=1)).to_contain_text(title)
    app.wait_until_idle()
    assert "None" not in {word.strip() for word in app.all_words()}


def test_a_moved_threshold_survives_a_visit_to_another_page(open_app, demo_server):
    app = open_app(f"{demo_server}/truede")
    app.map_frame()
    app.wait_until_idle()
    app.slide("threshold-patients_per_capacity-da", 2)
    app.until(lambda: app.slider_text("threshold-patients_per_capacity-da"), "1.620")
    expect(app.text("Nulstil tærskler")).to_be_visible()
    app.wait_until_idle()
    app.go_to("Metode")
    expect(app.answer()).to_contain_text("1 er ændret")
    app.go_to("Lægedækningstruede")
    app.map_frame()
    app.until(lambda: app.slider_text("threshold-patients_per_capacity-da"), "1.620")
