"""The page that compares scenarios in a real browser, on the demo."""

import csv
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.scenario.actions import Close, Open, Scenario
from coverage.scenario_folder import save_scenario
from coverage.scenario_study import apply_to_study, compare_in_study
from coverage.study_file import load_study
from coverage.ui.scenario_downloads import COMPARISON_NAMES
from tests.browser.conftest import copy_demo

PAGE = "/sammenlign"
LEVEL = "kommune"
BASELINE = "Udgangspunktet"
CLOSES = Scenario(name="Outrup lukker", actions=(Close(ydernummer="108491"),))
OPENS = Scenario(
    name="To i Odense",
    actions=(Open(site_id="N1", x_m=588_000.0, y_m=6_139_000.0, capacities=2.0),),
)


@pytest.fixture(scope="module")
def server(servers, tmp_path_factory):
    study = copy_demo(tmp_path_factory.mktemp("compared"))
    folder = load_study(study).scenario_folder
    for scenario in (CLOSES, OPENS):
        save_scenario(folder, scenario)
    return servers.start(study)


@pytest.fixture(scope="module")
def comparison(demo_result):
    applied = [apply_to_study(demo_result, scenario) for scenario in (CLOSES, OPENS)]
    return compare_in_study(demo_result, applied, baseline_name=BASELINE)


@pytest.fixture
def app(open_app, server):
    app = open_app(server + PAGE)
    app.map_frame()
    app.wait_until_idle()
    return app


def whole(persons):
    return f"{round(persons):,}".replace(",", ".")


def test_the_answer_and_the_figures_are_the_librarys(app, comparison):
    pairs = comparison.pairs.set_index(["from_variant", "to_variant"])
    for scenario in (CLOSES, OPENS):
        row = pairs.loc[(BASELINE, scenario.name)]
        gain, lose = (whole(row[f"persons_{change}_choice"]) for change in ("gain", "lose"))
        told = f"{scenario.name}: {gain} borgere får valget, {lose} mister det."
        expect(app.answer()).to_contain_text(told)
    table = comparison.by_area
    persons = table[
        (table["area_level"] == LEVEL)
        & (table["area_id"] == "all")
        & (table["figure"] == "persons_two_or_more")
    ].set_index("variant")
    before = whole(persons.loc[CLOSES.name, "before"])
    closes, opens = (whole(persons.loc[one.name, "after"]) for one in (CLOSES, OPENS))
    wanted = [before, closes, opens]
    app.until(lambda: [row[at] for row in persons_shown(app) for at in (1, 2, 4)], wanted)


def persons_shown(app):
    return [row for row in app.cells("Tal") if row[0] == "Borgere, der kan vælge"]


def test_a_signal_that_goes_and_a_skal_area_that_breaks_are_listed(app, comparison):
    signals = comparison.signals[comparison.signals["area_level"] == LEVEL]
    assert list(signals["area_name"]) == ["Odense"]
    app.until(lambda: app.cells("Område")[:1] != [], wanted=True)
    app.page.get_by_text("Signaler, der kommer og går").scroll_into_view_if_needed()
    wanted = [[OPENS.name, "Odense", "signal", "intet"]]
    app.until(lambda: signal_rows(app), wanted)
    broken = comparison.skal[comparison.skal["is_broken"]]
    places = list(broken["name"])
    app.until(lambda: [row[1] for row in app.cells("Sted")][: len(places)], places)


def signal_rows(app):
    """Return the rows of the table of signals: the only one of scenarios with areas."""
    rows = app.page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stDataFrame] table')].map(
          table => [[...table.querySelectorAll('th')].map(cell => cell.textContent),
            [...table.querySelectorAll('tbody tr')].map(
              row => [...row.querySelectorAll('td')].map(cell => cell.textContent))])"""
    )
    return next((cells for heads, cells in rows if heads[:2] == ["Scenarie", "Område"]), None)


def test_the_map_keeps_its_view_while_it_shows_before_after_and_the_change(app):
    app.zoom_in()
    view = app.view()
    seen = [picture(app)]
    for choice in ("Før", "Efter"):
        app.choose(choice)
        app.until(lambda: picture(app) in seen, wanted=False)
        app.until(app.view, view)
        seen.append(picture(app))
    legend = app.page.locator(".app-legend")
    expect(legend).to_have_count(1)
    expect(legend).to_contain_text("kun én praksis")


def picture(app):
    return app.map_frame().evaluate(
        "Object.values(window.map._layers).find(one => one._image)._url"
    )


def test_the_comparison_is_fetched_and_reads_back(app, comparison, tmp_path):
    app.press("Hent sammenligning")
    for name in COMPARISON_NAMES:
        download = app.fetch(re.compile(re.escape(name)))
        assert download.suggested_filename == name
        download.save_as(tmp_path / name)
    with (tmp_path / "comparison.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    assert {row["Scenarie"] for row in rows} == {CLOSES.name, OPENS.name}
    book = openpyxl.load_workbook(tmp_path / "comparison.xlsx")
    lost = comparison.losing["place"].iloc[0]
    cells = [cell for row in book["Steder, der mister"].iter_rows(values_only=True) for cell in row]
    assert lost in cells
    assert not [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


def test_another_reference_measures_the_others_against_it(app, comparison):
    pairs = comparison.pairs.set_index(["from_variant", "to_variant"])
    row = pairs.loc[(CLOSES.name, BASELINE)]
    app.pick("sammenlign-reference", CLOSES.name)
    gain = whole(row["persons_gain_choice"])
    told = f"{BASELINE}: {gain} borgere får valget, 0 mister det."
    expect(app.answer()).to_contain_text(told)


def test_the_page_fits_a_small_screen_in_both_languages(open_app, server):
    app = open_app(server + PAGE, size=(1280, 720))
    app.map_frame()
    app.wait_until_idle()
    words = {word.strip() for word in app.all_words()}
    assert words & {"None", "nan", "NaN", "NaT", "<NA>", "inf"} == set()
    app.choose("English")
    expect(app.answer()).to_contain_text("citizens gain the choice")
    assert app.page.evaluate("document.scrollingElement.scrollWidth") <= 1280
    for danish in ("Hvad skiller", "Målt mod", "Hver mod hver", "kan vælge"):
        expect(app.text(danish)).to_have_count(0)
