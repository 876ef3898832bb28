"""A planner's whole path in a real browser, on the demo, with hostile texts along the way.

From the first click to the exported workbook: what the page says is compared with what the
library says of the scenario file that it saved.
"""

import re
import statistics
import time

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.exports.comparison_words import COMPARED
from coverage.placement.place import place
from coverage.placement_study import find_candidates
from coverage.scenario.actions import Open, Scenario
from coverage.scenario_folder import list_scenarios
from coverage.scenario_study import apply_to_study, compare_in_study
from coverage.ui.place_lookup import example_address
from coverage.ui.placement_view import Wish
from tests.browser.conftest import copy_demo
from tests.browser.simulering_page import (
    HOSTILE,
    IN_ODENSE,
    LEVEL,
    degrees,
    listed,
    open_page,
    save_as,
)

BASELINE = "Udgangspunktet"
# A search waits for the proof; on a machine that others use that takes its time.
PROOF_MS = 120_000
# Apart from each other, on land, and from any practice's mark.
QUICK = ((55.39, 10.39), (55.1, 8.8), (55.03, 9.4), (55.56, 9.5), (55.3, 8.95), (55.2, 10.3))


def test_a_planners_whole_path(open_app, servers, tmp_path, demo_result):
    study = copy_demo(tmp_path)
    server = servers.start(study)
    app = open_page(open_app, server)
    assert listed(app) == []
    address = places_two(app, demo_result)
    finds_three_more(app)
    scenario = saves(app, study, address)
    applied = apply_to_study(demo_result, scenario)
    comparison = compare_in_study(demo_result, [applied], baseline_name=BASELINE)
    shows_what_the_library_says(app, comparison)

    # After the server was started again the scenario is there, as it was.
    app.page.close()
    servers.stop(server)
    again = open_page(open_app, servers.start(study))
    again.choose("Gem, hent")
    again.press("Gemte scenarier (1)")
    again.press("Åbn")
    again.until(lambda: len(listed(again)), 5)
    expect(again.text("Scenariet (5):")).to_contain_text(HOSTILE)
    shows_what_the_library_says(again, comparison)

    again.go_to("Sammenlign")
    again.map_frame()
    gain, lose = (whole(total(comparison)[f"persons_{one}_choice"]) for one in ("gain", "lose"))
    told = f"{HOSTILE}: {gain} borgere får valget, {lose} mister det."
    expect(again.answer()).to_contain_text(told)
    again.press("Hent sammenligning")
    again.fetch(re.compile("comparison.xlsx")).save_as(tmp_path / "comparison.xlsx")
    reads_back(openpyxl.load_workbook(tmp_path / "comparison.xlsx"), comparison)
    is_harmless(again)


def places_two(app, demo_result):
    """Place one by a click and one by an address; Odense leaves the list of signals."""
    app.pick("new-capacities-da", "2")
    expect(app.page.locator(".st-key-new-capacities-da input")).to_have_value("2")
    app.type_in("Navn", HOSTILE)
    # A click on a practice's mark would take its place: so look closer, as a planner would.
    app.look_at(*degrees(*IN_ODENSE), zoom=13)
    app.click_map(*degrees(*IN_ODENSE))
    expect(app.answer()).to_contain_text("Signalet forsvinder: Odense.")
    app.until(lambda: listed(app), [f"1. Ny praksis N1 · {HOSTILE} med kapacitet 2"])
    expect(app.text("Advarsel: Restriktiv udmøntning")).to_be_visible()
    app.type_in("Adresse eller koordinater", HOSTILE)
    expect(app.text("findes ikke i undersøgelsens adresser")).to_be_visible()
    address = example_address(demo_result.assessment)
    app.type_in("Adresse eller koordinater", address)
    app.until(lambda: address in " ".join(listed(app)[1:]), wanted=True)
    is_harmless(app)
    return address


def finds_three_more(app):
    """Find the three best, add them, undo and redo in one step; the map keeps its view."""
    app.choose("Find de bedste")
    app.wait_until_idle()
    app.zoom_in()
    view = app.view()
    app.press("Find de bedste steder")
    expect(app.text("Bevist:").first).to_be_visible(timeout=PROOF_MS)
    app.wait_until_idle()
    assert len(listed(app)) == 2, "they are proposals"
    labels = ["1", "2", "3"]
    app.until(lambda: [one for one in labels_on_map(app) if one in labels], labels)
    app.press("Tilføj alle (3)")
    app.until(lambda: len(listed(app)), 5)
    app.until(lambda: [one for one in labels_on_map(app) if one in labels], [])
    app.until(app.view, view)
    app.press("Fortryd")
    app.until(lambda: len(listed(app)), 2)
    app.press("Gentag")
    app.until(lambda: len(listed(app)), 5)


def labels_on_map(app):
    return sorted(app.map_frame().locator(".label").all_text_contents())


def saves(app, study, address):
    """Save under a hostile name; return the scenario in the file."""
    save_as(app, HOSTILE, HOSTILE)
    (saved,) = list_scenarios(study.parent.parent / "derived" / "demo" / "scenarios")
    scenario = saved.scenario
    assert scenario.name == scenario.note == HOSTILE
    assert [action.site_id for action in scenario.actions] == ["N1", "N2", "N3", "N4", "N5"]
    first, second, *_ = scenario.actions
    assert (first.name, second.name) == (HOSTILE, address)
    assert (first.x_m, first.y_m) == pytest.approx(IN_ODENSE, abs=50)
    return scenario


def test_the_three_best_are_the_librarys(open_app, demo_server, demo_result):
    """After a practice of one's own the search goes on from it, whatever page is looked at."""
    app = open_page(open_app, demo_server)
    app.type_in("Adresse eller koordinater", "588000, 6139000")
    app.until(lambda: len(listed(app)), 1)
    app.choose("Find de bedste")
    app.press("Find de bedste steder")
    begun = app.text("Stop her").or_(app.text("Bevist:").first)
    expect(begun).to_be_visible()
    app.go_to("Metode")
    expect(begun).to_have_count(0)
    app.go_to("Simulering")
    expect(app.text("Bevist:").first).to_be_visible(timeout=PROOF_MS)
    own = Scenario(name="", actions=(Open(site_id="N1", x_m=588e3, y_m=6139e3, capacities=1.0),))
    assessment = apply_to_study(demo_result, own).assessment
    order = Wish().order()
    wanted = place(assessment, find_candidates(assessment, order).candidates, order.request())
    steps = app.page.locator(".st-key-find-steps .app-action")
    gains = [f"+{whole(gain)}" for gain in wanted.sites["gain"]]
    app.until(lambda: [step.split(": ")[1] for step in steps.all_inner_texts()], gains)
    expect(app.text(f"Gevinst: {whole(wanted.gain)} personer").first).to_be_visible()


def shows_what_the_library_says(app, comparison):
    for label, change in (("Får valget", "gain"), ("Mister valget", "lose")):
        wanted = whole(total(comparison)[f"persons_{change}_choice"])
        expect(app.figure(label)).to_have_text(wanted)
    gone = comparison.signals[comparison.signals["area_level"] == LEVEL]
    assert "Odense" in set(gone["area_name"])
    for area in gone["area_name"]:
        expect(app.answer()).to_contain_text(area)


def total(comparison):
    pairs = comparison.pairs
    return pairs[pairs["from_variant"] == BASELINE].iloc[0]


def reads_back(book, comparison):
    """Find the library's figures in the workbook: of all, who gains and loses, signals."""
    figures = comparison.by_area.set_index(["area_level", "area_id", "figure"])
    persons = figures.loc[(LEVEL, "all", "persons_two_or_more")]
    title = COMPARED["persons_two_or_more"].title("da")
    rows = [list(row) for row in book["Overblik"].iter_rows(values_only=True)]
    (row,) = [row for row in rows if row[0] == title]
    numbers = [cell for cell in row if isinstance(cell, int | float)]
    before, after = (round(float(persons[time])) for time in ("before", "after"))
    assert numbers[:2] == [before, after]
    assert numbers[2] == after - before
    pairs = [list(row) for row in book["Parvis"].iter_rows(values_only=True)]
    (row,) = [row for row in pairs if row[0] == BASELINE]
    assert row[1] == HOSTILE
    assert row[2:4] == [
        round(total(comparison)[f"persons_{one}_choice"]) for one in ("gain", "lose")
    ]
    signals = [list(row) for row in book["Signaler"].iter_rows(values_only=True)]
    told = {row[3] for row in signals if row[0] == HOSTILE}
    assert told == set(comparison.signals["area_name"])
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]


def is_harmless(app):
    """The texts are texts, on the page and on the map."""
    labels = labels_on_map(app)
    assert "49" not in " ".join(labels)
    for where in (app.page, app.map_frame()):
        assert where.locator("img[src=x]").count() == 0


def whole(persons):
    return f"{round(persons):,}".replace(",", ".")


def test_a_placed_practice_answers_quickly(open_app, demo_server, capsys):
    """The times are printed: a machine that others use says nothing by failing."""
    app = open_page(open_app, demo_server)
    waited = []
    for number, spot in enumerate(QUICK, start=1):
        begun = time.monotonic()
        app.click_map(*spot)
        app.until(lambda wanted=number: len(listed(app)) == wanted, wanted=True)
        waited.append(time.monotonic() - begun)
        app.wait_until_idle()
    every = " ".join(f"{seconds:.2f}" for seconds in waited)
    with capsys.disabled():
        print(f"\nfrom click to figures, s: {every}; median {statistics.median(waited):.2f}")  # noqa: T201 - see above
