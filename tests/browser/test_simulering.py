"""The page on scenarios in a real browser, on the demo: a planner's whole path, and hostile texts.

What the page shows is compared with what the library says of the same actions.
"""

import csv
import re
import time

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.scenario.actions import Close, Scenario
from coverage.scenario.difference import difference_by_area
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import parse_scenario, scenario_text
from coverage.scenario_folder import list_scenarios
from coverage.scenario_study import apply_to_study, register_sha256
from coverage.ui.place_lookup import example_address
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from coverage.wording import say
from tests.browser.app_page import ANSWER_MS
from tests.browser.conftest import copy_demo

PAGE = "/simulering"
LEVEL = "kommune"
# Two capacities more and Odense no longer meets the weight of a signal.
IN_ODENSE = (588_000.0, 6_139_000.0)
# The only practice of a skal-area in the demo, and the one whose closing takes most away.
WORST, WORST_NAME = "108491", "Lægeklinikken Birkedrage og Havtorn"
HOSTILE = '<img src=x onerror=alert(1)> {{7*7}} {% raw %} ${alert(2)} `=HYPERLINK("http://x")'


def degrees(x_m, y_m):
    lon, lat = reproject([x_m], [y_m], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    return float(lat[0]), float(lon[0])


@pytest.fixture(scope="module")
def differences(demo_result):
    """Return a function: actions -> what the library says that they change, by kommune."""
    basis = EffectBasis(demo_result.assessment)

    def differ(*actions):
        before, after = (
            measure_effect(
                basis, resolve_scenario(basis.assessment, Scenario(name="", actions=done))
            )
            for done in ((), actions)
        )
        return difference_by_area(before, after, LEVEL)

    return differ


def open_page(open_app, server, **options):
    app = open_app(server + PAGE, **options)
    app.map_frame()
    app.wait_until_idle()
    return app


def everything(table):
    return table[table["area_id"] == "all"].iloc[0]


def pick_practice(app, ydernummer):
    app.choose("Ændr en")
    box = app.page.locator(".st-key-simulering-practice-da input")
    box.fill(ydernummer)
    app.page.get_by_role("option", name=ydernummer).first.click()


def save_as(app, name, note=""):
    app.choose("Gem, hent")
    app.type_in("Scenariets navn", name)
    if note:
        app.write_in("Note", note)
    app.press("Gem")
    expect(app.text("Gemt:")).to_be_visible(timeout=ANSWER_MS)


def listed(app):
    """Return the actions in their order; the page has the last one on top."""
    words = app.page.locator(".app-action").all_inner_texts()
    return [action.strip() for action in reversed(words)]


def test_a_planners_whole_path(open_app, servers, tmp_path, demo_result, differences):
    study = copy_demo(tmp_path)
    server = servers.start(study)
    app = open_page(open_app, server)
    assert listed(app) == []

    # Place by a click: Odense leaves the list of signals.
    app.pick("new-capacities-da", "2")
    app.until(lambda: app.page.locator(".st-key-new-capacities-da input").input_value(), "2")
    # A click on a practice's mark would take its place: so look closer, as a planner would.
    app.look_at(*degrees(*IN_ODENSE), zoom=13)
    app.click_map(*degrees(*IN_ODENSE))
    expect(app.answer()).to_contain_text("Signalet forsvinder: Odense.", timeout=ANSWER_MS)
    app.until(lambda: listed(app), ["1. Ny praksis N1 · Odense med kapacitet 2"])
    expect(app.text("Advarsel: Restriktiv udmøntning")).to_be_visible()

    # Place by a typed address.
    address = example_address(demo_result.assessment)
    app.type_in("Adresse eller koordinater", address)
    app.until(lambda: address in " ".join(listed(app)[1:]), wanted=True)

    # Close the practice whose closing takes most away.
    pick_practice(app, WORST)
    app.press("Luk praksis")
    app.until(lambda: len(listed(app)), 3)
    assert listed(app)[2] == f"3. {WORST_NAME} ({WORST}) lukker"
    expect(app.figure("Skal-områder brudt")).to_have_text("1", timeout=ANSWER_MS)

    # Save it; the figures are the library's.
    save_as(app, "Planen", "Til mødet i marts")
    app.fetch("Hent som fil").save_as(tmp_path / "planen.toml")
    scenario = parse_scenario((tmp_path / "planen.toml").read_bytes(), where="planen.toml")
    assert (scenario.name, scenario.note) == ("Planen", "Til mødet i marts")
    wanted = differences(*scenario.actions)
    lose = f"{everything(wanted)['persons_lose_choice']:,.0f}".replace(",", ".")
    shows_what_the_library_says(app, scenario, wanted, demo_result)

    reads_back(app, tmp_path, wanted)

    # Compared with the baseline it says the same.
    app.go_to("Sammenlign")
    expect(app.answer()).to_contain_text(f"{lose} mister det.", timeout=ANSWER_MS)
    app.go_to("Simulering")
    app.map_frame()
    app.until(lambda: len(listed(app)), 3)

    undo_and_redo(app)
    # After the server was started again the scenario is there, as it was.
    app.page.close()
    servers.stop(server)
    again = open_page(open_app, servers.start(study))
    again.choose("Gem, hent")
    again.press("Gemte scenarier (1)")
    again.press("Åbn")
    again.until(lambda: len(listed(again)), 3)
    expect(again.figure("Mister valget")).to_have_text(lose)
    expect(again.text("Scenariet (3): Planen")).to_be_visible()
    (kept,) = list_scenarios(study.parent.parent / "derived" / "demo" / "scenarios")
    assert kept.scenario == scenario


def shows_what_the_library_says(app, scenario, wanted, demo_result):
    """Compare figures and table of the page with the file that it gives, replayed."""
    place = (scenario.actions[0].x_m, scenario.actions[0].y_m)
    assert place == pytest.approx(IN_ODENSE, abs=50)
    lose = f"{everything(wanted)['persons_lose_choice']:,.0f}".replace(",", ".")
    expect(app.figure("Mister valget")).to_have_text(lose)
    shown = {row["Område"]: row for row in app.table("Område")}
    for row in wanted.iloc[1:4].to_dict("records"):
        area = shown[row["area_name"]]
        assert float(area["mister det"]) == pytest.approx(row["persons_lose_choice"], rel=1e-6)
        assert float(area["plads ±"]) == pytest.approx(row["free_places_difference"], rel=1e-6)
    areas = apply_to_study(demo_result, scenario).assessment.designation.areas
    of_odense = areas[(areas["area_level"] == LEVEL) & (areas["area_name"] == "Odense")]
    assert set(of_odense["signal"]) == {"no_signal"}


def reads_back(app, folder, wanted):
    """Fetch the figures as CSV and as a workbook, and find the page's in both."""
    app.press("Hent tal")
    for name in ("effect.csv", "effect.xlsx"):
        app.fetch(re.compile(re.escape(name))).save_as(folder / name)
    app.page.keyboard.press("Escape")
    lose = round(everything(wanted)["persons_lose_choice"])
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


def undo_and_redo(app):
    count = len(listed(app))
    app.press("Fortryd")
    app.until(lambda: len(listed(app)), count - 1)
    expect(app.figure("Skal-områder brudt")).to_have_text("0", timeout=ANSWER_MS)
    app.press("Gentag")
    app.until(lambda: len(listed(app)), count)


def test_a_placed_practice_answers_quickly(open_app, demo_server, capsys):
    """The times are printed: a machine that others use says nothing by failing."""
    app = open_page(open_app, demo_server)
    waited = []
    for number, place in enumerate(((55.39, 10.39), (55.1, 8.8), (55.03, 9.4)), start=1):
        begun = time.monotonic()
        app.click_map(*place)
        app.until(lambda wanted=number: len(listed(app)) == wanted, wanted=True)
        waited.append(time.monotonic() - begun)
        app.wait_until_idle()
    with capsys.disabled():
        print("\nfrom click to figures, s:", " ".join(f"{seconds:.2f}" for seconds in waited))  # noqa: T201 - see above


def test_the_map_keeps_its_view_while_figures_and_pictures_change(open_app, demo_server):
    app = open_page(open_app, demo_server)
    app.zoom_in()
    view = app.view()
    app.click_map(*degrees(*IN_ODENSE))
    app.until(lambda: len(listed(app)), 1)
    app.choose("Hvem får, hvem mister")
    expect(app.text("får valget").first).to_be_visible(timeout=ANSWER_MS)
    app.press("Fortryd")
    app.until(lambda: len(listed(app)), 0)
    app.wait_until_idle()
    assert app.view() == view


def test_a_practice_is_chosen_and_moved_by_clicks(open_app, demo_server, demo_result):
    app = open_page(open_app, demo_server)
    app.choose("Ændr en")
    practices = demo_result.assessment.tables.practices.set_index("ydernummer")
    far = practices.loc[WORST]
    app.click_map(*degrees(far["x_m"], far["y_m"]))
    expect(app.text(f"{far['address']}, ").first).to_be_visible(timeout=ANSWER_MS)
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


def test_hostile_texts_harm_nothing_anywhere(open_app, servers, tmp_path):
    study = copy_demo(tmp_path)
    app = open_page(open_app, servers.start(study))
    app.type_in("Navn", HOSTILE)
    app.click_map(*degrees(*IN_ODENSE))
    app.until(lambda: len(listed(app)), 1)
    assert HOSTILE in listed(app)[0]
    app.type_in("Adresse eller koordinater", HOSTILE)
    expect(app.text("findes ikke i undersøgelsens adresser")).to_be_visible(timeout=ANSWER_MS)
    save_as(app, HOSTILE, HOSTILE)
    app.press("Gemte scenarier (1)")
    # On the map, in the list, in the heading and in the menu it stands as it was typed.
    labels = app.map_frame().locator(".label").all_text_contents()
    assert [label for label in labels if label.startswith(HOSTILE[:30])]
    assert any(HOSTILE in " ".join(words.split()) for words in app.map_tooltips())
    expect(app.text(f"{HOSTILE} (1 handlinger)")).to_be_visible()
    for place in (app.page, app.map_frame()):
        assert place.locator("img[src=x]").count() == 0
    assert "49" not in " ".join(labels)
    app.page.keyboard.press("Escape")
    app.go_to("Sammenlign")
    app.map_frame()
    expect(app.answer()).to_contain_text(HOSTILE, timeout=ANSWER_MS)
    assert app.page.locator("img[src=x]").count() == 0
    (saved,) = list_scenarios(study.parent.parent / "derived" / "demo" / "scenarios")
    assert saved.scenario.name == saved.scenario.note == HOSTILE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00<img src=x onerror=alert(1)>", "not valid TOML"),
        (b'format = 1\nname = "<img src=x onerror=alert(3)>"\nx = 1', "unknown: x"),
        (b"format = 9", "has version 9"),
    ],
)
def test_an_uploaded_file_that_is_no_scenario_is_told(open_app, demo_server, content, told):
    app = open_page(open_app, demo_server)
    app.choose("Gem, hent")
    upload(app, content)
    expect(app.text(told)).to_be_visible(timeout=ANSWER_MS)
    assert app.page.locator("img[src=x]").count() == 0
    assert listed(app) == []


def test_a_file_for_another_register_is_carried_over_when_asked(open_app, demo_server, demo_result):
    theirs = Scenario(name="Fra nabo", actions=(Close(ydernummer=WORST),), register_sha256="f" * 64)
    app = open_page(open_app, demo_server)
    app.choose("Gem, hent")
    upload(app, scenario_text(theirs).encode())
    expect(app.text("lavet til et andet register")).to_be_visible(timeout=ANSWER_MS)
    expect(app.figure("Skal-områder brudt")).to_have_text("0")
    app.press("Overfør efter ydernummer")
    expect(app.figure("Skal-områder brudt")).to_have_text("1", timeout=ANSWER_MS)
    assert register_sha256(demo_result) != theirs.register_sha256


def upload(app, content):
    app.page.locator("input[type=file]").set_input_files(
        {"name": "fil.toml", "mimeType": "application/toml", "buffer": content}
    )


def test_the_page_fits_a_small_screen_in_both_languages(open_app, demo_server):
    app = open_page(open_app, demo_server, size=(1280, 720))
    app.choose("English")
    expect(app.figure("Gain the choice")).to_have_text("0", timeout=ANSWER_MS)
    app.map_frame()
    assert app.page.evaluate("document.scrollingElement.scrollWidth") <= 1280
    for danish in ("Ny praksis", "Fortryd", "Område", "kan vælge"):
        expect(app.text(danish)).to_have_count(0)
