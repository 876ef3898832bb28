"""The page on the years to 2035 in a real browser, on the demo: a planner's job with it.

What the page shows is compared with what the library says of the same rules, runs and seed.
"""

import csv
import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.exports.pathway_outputs import PATHWAY_FILES
from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.pathway.placed_years import placed_by_search
from coverage.placement.candidates import candidates_from_grid
from coverage.study_file import load_study
from coverage.ui.formats import format_percent
from coverage.ui.mod5000.amounts import capacities_text
from coverage.ui.mod5000.answer import path_answer
from coverage.ui.mod5000.area_map import MAP_COLUMNS, class_colour
from coverage.ui.mod5000.area_rows import level_year, worst_first
from coverage.ui.mod5000.figures import path_figures
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from coverage.wording import say
from tests.browser.conftest import copy_demo

PAGE = "/mod5000"
LEVEL = "kommune"
PLACES = "pathway.training_places"
RUNS_MS = 120_000
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} {% raw %} ${alert(2)} `=1+1`"
# Of the workbook and the CSV files: at most two decimals.
CLOSE = 0.006
BANDS_ARE_THERE = "Usikkerheden er regnet af 500 forløb"


@pytest.fixture(scope="module")
def path(demo_result):
    return build_pathway(demo_result.assessment)


@pytest.fixture(scope="module")
def bands(path):
    return run_trial(path, Trial(runs=500, seed=1))


def moved(result, **values):
    """Return the assessment with rules of the path moved."""
    rules = {f"pathway.{name}": value for name, value in values.items()}
    return replace(result.assessment, rules=result.assessment.rules.override(rules))


def open_page(open_app, server, *, with_bands=True, **options):
    app = open_app(server + PAGE, **options)
    app.map_frame()
    if with_bands:
        wait_for_bands(app)
    app.wait_until_idle()
    return app


def wait_for_bands(app):
    expect(app.text(BANDS_ARE_THERE)).to_be_visible(timeout=RUNS_MS)


def metrics(app):
    return app.page.locator("[data-testid=stMetricValue]").all_inner_texts()


def values_of(path, bands, area, year):
    return [one.value for one in path_figures(path, bands, LEVEL, area, year, "da")]


def scroll_to(app, selector):
    app.page.locator(selector).scroll_into_view_if_needed()
    app.page.wait_for_timeout(300)


def place_in(assessment, area_id):
    """Return latitude and longitude of a point within a kommune."""
    shapes = assessment.levels[0].shapes.set_index("area_id").geometry
    point = shapes[area_id].representative_point()
    lon, lat = reproject([point.x], [point.y], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    return float(lat[0]), float(lon[0])


def colours_of(areas, figure):
    column = MAP_COLUMNS[figure].column
    return Counter(class_colour(MAP_COLUMNS[figure], value) for value in areas[column])


def area_colours(app):
    """Return how many areas of the map have each colour; places have a colour, too."""
    return Counter(
        app.map_frame().evaluate(
            "() => Object.values(window.map._layers)"
            ".filter(one => one.feature && one.feature.geometry.type !== 'Point'"
            " && one.feature.properties.tooltip).map(one => one.options.fillColor)"
        )
    )


def test_the_page_shows_the_librarys_path_and_bands(open_app, demo_server, path, bands):
    app = open_page(open_app, demo_server)
    expect(app.answer()).to_have_text(path_answer(path, bands, "da"))
    app.until(partial(metrics, app), values_of(path, bands, "all", 2035))
    areas = level_year(path, bands, LEVEL, 2035)
    app.until(partial(area_colours, app), colours_of(areas, "target"))
    worst = worst_first(areas, "short_of_target_pct", "da")
    # What a table says to those who cannot see comes a little after what it draws.
    app.until(lambda: all(app.column("Mister valg", among="Del af mål") or [""]), wanted=True)
    shown = app.table("Del af mål")
    assert [row["Område"] for row in shown] == list(worst["area"])[: len(shown)]
    for row, wanted in zip(shown, worst.to_dict("records"), strict=False):
        assert float(row["Ultimo"]) == pytest.approx(wanted["capacities_end"], rel=1e-6)
        assert float(row["Mangler"]) == pytest.approx(wanted["short_of_target_capacities"])
        assert float(row["Mister valg"]) == wanted["choice_lost_probability"]


def test_the_chart_is_drawn_with_the_languages_numbers(open_app, demo_server, path, bands):
    app = open_page(open_app, demo_server)
    charts = app.page.locator("iframe:not([title*=streamlit_folium])")
    # The one without bands may stand beside it for a moment.
    expect(charts).to_have_count(1)
    frame = charts.content_frame
    last = bands.table[
        (bands.table["measure"] == "capacities")
        & (bands.table["area_level"] == LEVEL)
        & (bands.table["area_id"] == "all")
    ].iloc[-1]
    note = [
        "2035",
        f"Ventet: {capacities_text(path.answer.end, 'da')}",
        f"Median: {capacities_text(last['p50'], 'da')}",
        f"En tiendedel under: {capacities_text(last['p10'], 'da')}",
        f"En tiendedel over: {capacities_text(last['p90'], 'da')}",
        f"Mål: {capacities_text(path.answer.target, 'da')}",
    ]
    app.until(lambda: frame.locator("title").last.text_content().splitlines(), note)
    assert "1.000" in frame.locator("text").all_text_contents()
    box = frame.locator("svg").bounding_box()
    assert box["width"] > 400
    assert box["height"] > 250
    assert frame.locator("polygon").count() == 1


def test_a_slider_is_answered_by_the_library_and_the_reset_takes_it_back(
    open_app, demo_server, demo_result, path, bands
):
    assessment = moved(demo_result, training_places=370.0)
    wanted = build_pathway(assessment)
    app = open_page(open_app, demo_server)
    app.slide("assumption-training_places-da-0", 2)
    text = path_answer(wanted, None, "da").removesuffix("Hvor sikkert det er, regnes nu.")
    expect(app.answer()).to_contain_text(text)
    app.until(lambda: app.slider_text("assumption-training_places-da-0"), "370")
    expect(app.text("Regelsæt: ")).to_have_text(f"Regelsæt: {assessment.rules.id}")
    expect(app.text("FLYTTET fra 350 · antagelse")).to_be_visible()
    wait_for_bands(app)
    own = run_trial(wanted, Trial(runs=500, seed=1))
    expect(app.answer()).to_have_text(path_answer(wanted, own, "da"))
    app.press("Nulstil antagelser")
    expect(app.answer()).to_have_text(path_answer(path, bands, "da"), timeout=RUNS_MS)
    expect(app.text("FLYTTET")).to_have_count(0)


def test_year_and_area_change_the_figures_and_keep_the_view(
    open_app, demo_server, demo_result, path, bands
):
    app = open_page(open_app, demo_server)
    app.look_at(*place_in(demo_result.assessment, "0580"), 9)
    view = app.view()
    app.slide("path-year", -7)
    app.until(partial(metrics, app), values_of(path, bands, "all", 2028))
    expect(app.text("Hvor der mangler ved udgangen af 2028")).to_be_visible()
    areas = level_year(path, bands, LEVEL, 2028)
    app.until(partial(area_colours, app), colours_of(areas, "target"))
    app.choose("Risiko for signal")
    assert len(colours_of(areas, "signal")) > 2, "a map of one colour proves nothing"
    app.until(partial(area_colours, app), colours_of(areas, "signal"))
    app.until(app.view, view)
    # By a click on the map.
    scroll_to(app, "iframe[title*=streamlit_folium]")
    app.click_map(*place_in(demo_result.assessment, "0580"))
    app.until(partial(metrics, app), values_of(path, bands, "0580", 2028))
    expect(app.text("År for år: Aabenraa")).to_be_visible()
    expect(app.page.locator(".st-key-area-da-kommune input")).to_have_value("Aabenraa")
    app.until(app.view, view)
    # By the list.
    app.pick("area-da-kommune", "Tønder")
    app.until(partial(metrics, app), values_of(path, bands, "0550", 2028))


def test_a_row_of_the_table_chooses_its_area(open_app, demo_server, path, bands):
    app = open_page(open_app, demo_server)
    worst = worst_first(level_year(path, bands, LEVEL, 2035), "short_of_target_pct", "da")
    second = worst.iloc[1]
    scroll_to(app, ".st-key-mod5000-standing-da [data-testid=stDataFrame]")
    box = app.page.locator(".st-key-mod5000-standing-da [data-testid=stDataFrame]").bounding_box()
    # Two lines of headings, the first row, and half of the second.
    app.page.mouse.click(box["x"] + 16, box["y"] + 2 * 36 + 35 + 17)
    expect(app.text(f"År for år: {second['area']}")).to_be_visible()
    app.until(partial(metrics, app), values_of(path, bands, second["area_id"], 2035))


def test_runs_can_be_stopped_and_what_is_done_is_shown_as_partial(open_app, start_server, tmp_path):
    # Of a server of its own: what is stopped stays so for everybody.
    app = open_page(open_app, start_server(copy_demo(tmp_path)), with_bands=False)
    # What is in a menu that was never opened shows what applies.
    app.press("Flere antagelser")
    app.until(lambda: app.slider_text("assumption-target_doctors-da-0"), "5.000")
    app.page.keyboard.press("Escape")
    app.press("Forløb")
    expect(app.page.get_by_role("radio", name="500", exact=True)).to_be_checked()
    expect(app.page.locator(".st-key-seed-da input")).to_have_value("1")
    app.choose("2.000")
    app.page.keyboard.press("Escape")
    expect(app.text(re.compile(r"Regner forløb: .* af 2\.000"))).to_be_visible()
    app.press("Stop her")
    expect(app.text("DELVIST: stoppet efter")).to_be_visible(timeout=RUNS_MS)
    expect(app.answer()).to_contain_text("forløb, der nåede at blive regnet")
    told = app.text("DELVIST: stoppet efter").inner_text()
    done = int(re.search(r"efter ([\d.]+) af 2\.000", told)[1].replace(".", ""))
    assert 0 < done < 2000
    assert done % 25 == 0


def test_places_are_searched_when_asked_for(open_app, demo_server, demo_result, path):
    """As the command does; meanwhile the years stand as they were."""
    assessment = demo_result.assessment
    place_year = placed_by_search(assessment, candidates_from_grid(assessment))
    wanted = build_pathway(assessment, place_year=place_year)
    app = open_page(open_app, demo_server)
    app.choose("Hvor flest får lægevalg")
    expect(app.text("Søger steder til nye praksis")).to_be_visible()
    expect(app.figure("Borgere uden valg")).to_have_text(without_choice(path))
    expect(app.text("Søger steder til nye praksis")).to_have_count(0, timeout=RUNS_MS)
    expect(app.figure("Borgere uden valg")).to_have_text(without_choice(wanted))
    assert without_choice(wanted) != without_choice(path)
    app.choose("Ved den praksis, flest har nærmest")
    expect(app.figure("Borgere uden valg")).to_have_text(without_choice(path))


def without_choice(path):
    figures = {one.name: one.value for one in path_figures(path, None, LEVEL, "all", 2035, "da")}
    return figures["without_choice"]


def test_the_files_say_what_the_page_says(open_app, demo_server, demo_result, tmp_path):
    assessment = moved(demo_result, training_places=360.0)
    wanted = build_pathway(assessment)
    app = open_page(open_app, demo_server)
    app.slide("assumption-training_places-da-0", 1)
    own = run_trial(wanted, Trial(runs=500, seed=1))
    expect(app.answer()).to_have_text(path_answer(wanted, own, "da"), timeout=RUNS_MS)
    app.wait_until_idle()
    app.press(say("app.download.menu", "da"))
    for name in ("pathway.xlsx", *PATHWAY_FILES):
        app.fetch(re.compile(re.escape(name))).save_as(tmp_path / name)
    end, ruleset = wanted.answer.end, assessment.rules.id
    lines = (tmp_path / "pathway_by_year.csv").read_text("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["År"] for row in rows] == [str(year) for year in range(2026, 2036)]
    held = float(rows[-1]["Kapaciteter ved årets udgang"].replace(",", "."))
    assert held == pytest.approx(end, abs=CLOSE)
    book = openpyxl.load_workbook(tmp_path / "pathway.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    numbers = [cell.value for cell in cells if isinstance(cell.value, float)]
    assert any(number == pytest.approx(end, abs=CLOSE) for number in numbers)
    assert ruleset in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert ruleset in (tmp_path / "pathway_bands.csv").read_text("utf-8-sig")


def test_hostile_names_harm_nothing(open_app, start_server, tmp_path):
    study = copy_demo(tmp_path)
    tasks = Path(load_study(study).transferred_tasks.path)
    tasks.write_text(
        tasks.read_text("utf-8-sig").replace("Kontrol af KOL", HOSTILE), encoding="utf-8"
    )
    levels = Path(load_study(study).area_levels["Planområde"].path)
    text = levels.read_text("utf-8-sig")
    first = text.splitlines()[1].split(";")[-1]
    levels.write_text(text.replace(first, HOSTILE), encoding="utf-8")
    app = open_page(open_app, start_server(study))
    app.pick("level-da", "Planområde")
    app.pick("area-da-Planomr-de", HOSTILE)
    expect(app.text(f"År for år: {HOSTILE}")).to_be_visible()
    for read in (app.map_tooltips, app.all_words):
        app.until(lambda read=read: any(HOSTILE in words for words in read()), wanted=True)
    for frame in app.page.frames:
        assert frame.locator("img[src=x]").count() == 0


def test_the_page_speaks_english_with_english_numbers(open_app, demo_server, path, bands):
    app = open_page(open_app, demo_server)
    app.choose("English")
    expect(app.answer()).to_have_text(path_answer(path, bands, "en"))
    expect(app.answer()).to_contain_text("719 capacities in 2026 and is to have 1,005 in 2035")
    expect(app.answer()).to_contain_text(format_percent(path.answer.share * 100, "en"))


def test_a_small_screen_shows_answer_figures_and_the_head_of_the_map(
    open_app, demo_server, path, bands
):
    app = open_page(open_app, demo_server, size=(1280, 720))
    expect(app.answer()).to_have_text(path_answer(path, bands, "da"))
    box = app.page.locator("iframe[title*=streamlit_folium]").bounding_box()
    assert box["y"] < 600
    wide = app.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 1280
