"""The page on skal-areas in a real browser: what closes, who loses, and the plan's list."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.exports.annex_skal import skal_places
from coverage.ui.formats import format_persons

PAGE = "/skal"
ANNEX = "Hent bilag til praksisplan (Excel)"


@pytest.fixture
def app(open_app, demo_server):
    app = open_app(demo_server + PAGE)
    app.map_frame()
    app.wait_until_idle()
    return app


def place_of(result, name):
    places = skal_places(result.assessment).set_index("name")
    return places.loc[name]


def label_of(place):
    return f"{place.name} ({place['kommune_name']})"


def test_the_figures_are_the_librarys(app, demo_result):
    places = skal_places(demo_result.assessment)
    duties = places["duty"].value_counts()
    pairs = demo_result.assessment.skal.pairs
    wanted = {
        "Skal-områder": int(places["is_skal"].sum()),
        "Mangler praksis": int(duties.get("broken", 0)),
        "Én praksis tilbage": int(duties.get("last", 0)),
        "Har flere praksis": int(duties.get("kept", 0)),
        "Og/eller-par": int(pairs["neither_must_stay"].sum()),
    }
    assert wanted["Skal-områder"] > wanted["Én praksis tilbage"] > 0
    for label, count in wanted.items():
        expect(app.figure(label)).to_have_text(str(count))
    expect(app.answer()).to_contain_text(f"{wanted['Skal-områder']} skal-områder")


def test_a_chosen_place_shows_what_its_closing_does(app, demo_result):
    """Tranekær has one practice left, and some homes have no other within the limit."""
    place = place_of(demo_result, "Tranekær")
    assert place["duty"] == "last"
    assert place["persons_lose_practice"] > 1000
    app.pick("skal-place-da", label_of(place))
    lost = f"{format_persons(place['persons_lose_practice'], 'da')} borgere"
    expect(app.text(lost).first).to_be_visible()
    choice = f"{format_persons(place['persons_lose_choice'], 'da')} borgere"
    expect(app.text(choice).first).to_be_visible()
    app.map_frame("!!document.querySelector('.leaflet-image-layer')")
    app.until(lambda: place["last_ydernummer"] in app.all_words(), wanted=True)


def test_a_place_of_a_pair_names_its_partner(app, demo_result):
    pairs = demo_result.assessment.skal.pairs
    pair = pairs[pairs["neither_must_stay"]].iloc[0]
    place = place_of(demo_result, pair["name_a"])
    app.pick("skal-place-da", label_of(place))
    partner = re.compile(rf"{re.escape(pair['name_b'])} \(")
    expect(app.text(partner).first).to_be_visible()
    expect(app.text("Ét af to steder (og/eller)").first).to_be_visible()


def test_the_plans_list_is_compared_as_the_library_does(app, demo_result):
    counts = demo_result.assessment.skal.agreement["verdict"].value_counts()
    sentence = (
        f"Planen og værktøjet er enige om {counts['agreed']} steder. "
        f"{counts['missing']} står kun i planen, og {counts['extra']} er kun fundet af værktøjet."
    )
    expect(app.text(sentence)).to_be_visible()


def test_the_downloaded_annex_holds_the_pages_places(app, demo_result, tmp_path):
    path = tmp_path / "annex.xlsx"
    app.fetch(ANNEX).save_as(path)
    rows = list(openpyxl.load_workbook(path)["Skal-områder"].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "Sted")
    table = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[0]]
    places = skal_places(demo_result.assessment)
    skal = {row["Sted"] for row in table if row["Skal-område"] == "ja"}
    assert skal == set(places.loc[places["is_skal"], "name"])
    tranekaer = next(row for row in table if row["Sted"] == "Tranekær")
    lost = place_of(demo_result, "Tranekær")["persons_lose_practice"]
    assert tranekaer["Mister enhver praksis inden for grænsen ved lukning"] == pytest.approx(lost)
