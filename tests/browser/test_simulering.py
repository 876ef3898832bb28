"""The page on scenarios in a real browser, on the demo; a planner's path is in test_planner_path.

What the page shows is compared with what the library says of the same actions.
"""

import csv
import re
from functools import partial

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.scenario.actions import Close, Scenario
from coverage.scenario.difference import difference_by_area
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import scenario_text
from coverage.scenario_study import register_sha256
from coverage.wording import say
from tests.browser.simulering_page import (
    IN_ODENSE,
    LEVEL,
    WORST,
    WORST_NAME,
    degrees,
    listed,
    open_page,
)


def test_what_a_closing_does_is_shown_fetched_undone_and_done_again(
    open_app, demo_server, demo_result, tmp_path
):
    app = open_page(open_app, demo_server)
    app.choose("Ændr en")
    app.pick("simulering-practice-da", WORST, exact=False)
    app.press("Luk praksis")
    app.until(lambda: listed(app), [f"1. {WORST_NAME} ({WORST}) lukker"])
    expect(app.figure("Skal-områder brudt")).to_have_text("1")
    wanted = what_the_library_says(demo_result, Close(ydernummer=WORST))
    lose = wanted["persons_lose_choice"].iloc[0]
    expect(app.figure("Mister valget")).to_have_text(f"{lose:,.0f}".replace(",", "."))
    first = wanted.iloc[1:4].set_index("area_name")
    for heading, column in (
        ("mister det", "persons_lose_choice"),
        ("plads ±", "free_places_difference"),
    ):
        by_area = pytest.approx(first[column].to_dict(), rel=1e-6)
        app.until(partial(shown_by_area, app, heading, set(first.index)), by_area)
    reads_back(app, tmp_path, round(lose))
    app.press("Fortryd")
    app.until(lambda: len(listed(app)), 0)
    expect(app.figure("Skal-områder brudt")).to_have_text("0")
    app.press("Gentag")
    app.until(lambda: len(listed(app)), 1)


def shown_by_area(app, heading, areas):
    rows = app.table("Område")
    return {row["Område"]: float(row[heading]) for row in rows if row["Område"] in areas}


def what_the_library_says(demo_result, *actions):
    """Return what actions change, by kommune, all areas first."""
    basis = EffectBasis(demo_result.assessment)
    before, after = (
        measure_effect(basis, resolve_scenario(basis.assessment, Scenario(name="", actions=done)))
        for done in ((), actions)
    )
    table = difference_by_area(before, after, LEVEL)
    assert table["area_id"].iloc[0] == "all"
    return table


def reads_back(app, folder, lose):
    """Fetch the figures as CSV and as a workbook, and find the page's in both."""
    app.press("Hent tal")
    for name in ("effect.csv", "effect.xlsx"):
        app.fetch(re.compile(re.escape(name))).save_as(folder / name)
    app.page.keyboard.press("Escape")
    with (folder / "effect.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    (row,) = [row for row in rows if is_loss_of_all(row)]
    assert int(row["Efter"]) == lose
    sheet = openpyxl.load_workbook(folder / "effect.xlsx").worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    at = next(number for number, line in enumerate(lines) if "Efter" in line)
    cells = [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]
    (row,) = [row for row in cells if is_loss_of_all(row)]
    assert row["Efter"] == lose


def is_loss_of_all(row):
    whole = row["Niveau"] == "Kommune" and say("export.all_areas", "da") in row.values()
    return whole and "persons_lose_choice" in row.values()


def test_the_map_keeps_its_view_while_figures_and_pictures_change(open_app, demo_server):
    app = open_page(open_app, demo_server)
    app.zoom_in()
    view = app.view()
    app.click_map(*degrees(*IN_ODENSE))
    app.until(lambda: len(listed(app)), 1)
    app.choose("Hvem får, hvem mister")
    expect(app.text("får valget").first).to_be_visible()
    app.press("Fortryd")
    app.until(lambda: len(listed(app)), 0)
    app.wait_until_idle()
    app.until(app.view, view)


def test_a_practice_is_chosen_and_moved_by_clicks(open_app, demo_server, demo_result):
    app = open_page(open_app, demo_server)
    app.choose("Ændr en")
    practices = demo_result.assessment.tables.practices.set_index("ydernummer")
    far = practices.loc[WORST]
    app.click_map(*degrees(far["x_m"], far["y_m"]))
    expect(app.text(f"{far['address']}, ").first).to_be_visible()
    app.choose("flytter")
    app.wait_until_idle()
    app.click_map(*degrees(far["x_m"] + 4_000, far["y_m"]))
    app.until(lambda: len(listed(app)), 1)
    assert listed(app)[0].startswith(f"1. {WORST_NAME} ({WORST}) flytter: ")
    # The next click chooses again.
    app.click_map(*degrees(*IN_ODENSE))
    app.wait_until_idle()
    assert len(listed(app)) == 1


def test_a_closing_is_added_from_the_list_of_the_worst(open_app, demo_server):
    app = open_page(open_app, demo_server)
    app.page.get_by_text("Hvilke lukninger gør mest ondt?").click()
    app.until(lambda: app.column("Ydernummer", "Finder plads")[:1], [WORST])
    table = app.page.locator(".st-key-simulering-closures-table-da canvas").first
    table.scroll_into_view_if_needed()
    # The box at the left end of the first row: a part of the picture that the table is.
    box = table.bounding_box()
    app.page.mouse.click(box["x"] + 16, box["y"] + 54)
    app.press("Tilføj lukningen")
    app.until(lambda: listed(app), [f"1. {WORST_NAME} ({WORST}) lukker"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00<img src=x onerror=alert(1)>", "ikke gyldig TOML"),
        (b'format = 1\nname = "<img src=x onerror=alert(3)>"\nx = 1', "ukendt: x"),
        (b"format = 9", "har version 9"),
    ],
)
def test_an_uploaded_file_that_is_no_scenario_is_told(open_app, demo_server, content, told):
    app = open_page(open_app, demo_server)
    app.choose("Gem, hent")
    upload(app, content)
    expect(app.text(told)).to_be_visible()
    assert app.page.locator("img[src=x]").count() == 0
    assert listed(app) == []


def test_a_file_for_another_register_is_carried_over_when_asked(open_app, demo_server, demo_result):
    theirs = Scenario(name="Fra nabo", actions=(Close(ydernummer=WORST),), register_sha256="f" * 64)
    app = open_page(open_app, demo_server)
    app.choose("Gem, hent")
    upload(app, scenario_text(theirs).encode())
    expect(app.text("lavet til et andet register")).to_be_visible()
    expect(app.figure("Skal-områder brudt")).to_have_text("0")
    app.press("Overfør efter ydernummer")
    expect(app.figure("Skal-områder brudt")).to_have_text("1")
    assert register_sha256(demo_result) != theirs.register_sha256


def upload(app, content):
    app.page.locator("input[type=file]").set_input_files(
        {"name": "fil.toml", "mimeType": "application/toml", "buffer": content}
    )


def test_the_page_fits_a_small_screen_in_both_languages(open_app, demo_server):
    app = open_page(open_app, demo_server, size=(1280, 720))
    app.choose("English")
    expect(app.figure("Gain the choice")).to_have_text("0")
    app.map_frame()
    assert app.page.evaluate("document.scrollingElement.scrollWidth") <= 1280
    for danish in ("Ny praksis", "Fortryd", "Område", "kan vælge"):
        expect(app.text(danish)).to_have_count(0)
