"""The page on lægedækningstruede in a real browser: sliders, judgements and the annex."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from playwright.sync_api import expect

from coverage.exports.signal_changes import changed_signals
from coverage.sources.judgements import read_judgements
from coverage.study import redesignate_study
from coverage.study_file import load_study
from coverage.ui.signal_colours import SIGNAL_COLOURS
from tests.browser.conftest import copy_demo

PAGE = "/truede"
LEVEL = "kommune"
PER_CAPACITY, SIGNAL_WEIGHT = "patients_per_capacity", "signal_weight"
RULES = {
    PER_CAPACITY: "designation.patients_per_capacity_persons",
    SIGNAL_WEIGHT: "designation.signal_weight",
    "choice": "designation.choice_pct",
}
# The page's words of a signal, in a sentence and in the workbook.
SHORT = {"signal": "signal", "possible": "muligt", "no_signal": "intet"}
LONG = {"signal": "Signal", "possible": "Muligt signal", "no_signal": "Intet signal"}
OWN_THRESHOLDS = "Undersøgelsens egne tærskler gælder"
# On the demo it meets 3 of the 4 that a signal takes.
AREAS = {"0450": "Nyborg", "0482": "Langeland", "0550": "Tønder"}
JUDGED, JUDGED_NAME = "0450", "Nyborg"
VALUES = {"Pt./kap.": PER_CAPACITY, "Ledigt %": "spare_places"}
# As the workbook and the page write six decimals and less.
CLOSE = 1e-6
HOSTILE_AUTHOR = "=HYPERLINK(1) {{7*7}} <img src=x onerror=alert(1)>"
HOSTILE_REASON = '<img src=x onerror=alert(2)> {{7*7}} {% raw %} ${alert(3)} =HYPERLINK("http://x")'


def areas_of(result):
    areas = result.assessment.designation.areas
    return areas[areas["area_level"] == LEVEL]


def named(result, signal):
    areas = areas_of(result)
    return sorted(areas.loc[areas["signal"] == signal, "area_name"])


def flips_of(before, after):
    """Return what the library says that changes, as the page words it."""
    changes = changed_signals(areas_of(before), areas_of(after)).to_dict("records")
    return {
        f"{row['area_name']}: {SHORT[row['before']]} → {SHORT[row['after']]}" for row in changes
    }


def open_page(open_app, server, **options):
    app = open_app(server + PAGE, **options)
    app.map_frame()
    app.wait_until_idle()
    return app


def flips_shown(app):
    """Return the count that the page names, and the flips themselves."""
    found = app.text(re.compile(r"^\d+ områder? skifter mod")).all_inner_texts()
    if len(found) != 1:
        return None
    count, areas = found[0].split(" ", 1)[0], found[0].split(": ", 1)[1]
    return int(count), set(areas.split("; "))


def ruleset_shown(app):
    return [text.removeprefix("Regelsæt: ") for text in app.text("Regelsæt: ").all_inner_texts()]


def signals_answered(app):
    """Return the areas that the first line says give a signal."""
    match = re.search(r"\d+ af \d+: (.+?)\. ", app.answer().inner_text())
    return sorted(match[1].split(", ")) if match else None


def moved(result, **values):
    return redesignate_study(result, {RULES[name]: value for name, value in values.items()})


@pytest.mark.parametrize(
    ("name", "steps", "value", "text"),
    [
        (PER_CAPACITY, 2, 1620.0, "1.620"),
        (PER_CAPACITY, -3, 1570.0, "1.570"),
        (SIGNAL_WEIGHT, -2, 3.0, "3"),
    ],
)
def test_a_slider_flips_exactly_the_areas_that_the_library_flips(
    open_app, demo_server, demo_result, name, steps, value, text
):
    wanted = moved(demo_result, **{name: value})
    flips = flips_of(demo_result, wanted)
    assert flips, "a threshold that changes nothing proves nothing"
    app = open_page(open_app, demo_server)
    app.slide(f"threshold-{name}-da", steps)
    app.until(lambda: flips_shown(app), (len(flips), flips))
    app.until(lambda: app.slider_text(f"threshold-{name}-da"), text)
    # An earlier step of the slider may flip the same areas.
    app.until(lambda: ruleset_shown(app), [wanted.assessment.rules.id])
    assert signals_answered(app) in (named(wanted, "signal"), None)
    counts = areas_of(wanted)["signal"].value_counts()
    colours = {SIGNAL_COLOURS[signal]: count for signal, count in counts.items()}
    app.until(app.colours, colours)


def test_the_table_shows_the_librarys_signals_and_values(open_app, demo_server, demo_result):
    wanted = moved(demo_result, **{PER_CAPACITY: 1620.0})
    by_name = areas_of(wanted).set_index("area_name")
    values = criteria_of(wanted)
    app = open_page(open_app, demo_server)
    app.slide(f"threshold-{PER_CAPACITY}-da", 2)
    rows = rows_by_area(app, wanted)
    assert len(rows) > len(named(wanted, "signal")), "those with a signal come first"
    for area, row in rows.items():
        assert row["Signal"] == SHORT[by_name.loc[area, "signal"]]
        assert float(row["Vægt"]) == by_name.loc[area, "met_weight"]
        for heading, criterion in VALUES.items():
            assert float(row[heading]) == pytest.approx(values[area, criterion], rel=CLOSE)


def criteria_of(result):
    criteria = result.assessment.designation.criteria
    own = criteria[criteria["area_level"] == LEVEL]
    return own.set_index(["area_name", "criterion"])["value"]


def rows_by_area(app, wanted):
    """Return the rows of the table of signals once they are in the order of a result."""
    weights = areas_of(wanted).set_index("area_name")["met_weight"]
    signals = set(named(wanted, "signal"))

    def are_as_wanted():
        # A row's cells do not come all at once: without a number it is not there yet.
        rows = {
            row["Område"]: {heading: float(row[heading]) for heading in ("Vægt", *VALUES)}
            for row in app.table("Pt./kap.")
        }
        first = list(rows)[: len(signals)]
        weighed = all(row["Vægt"] == weights[area] for area, row in rows.items())
        return set(first) == signals and weighed

    app.until(are_as_wanted, wanted=True)
    return {row["Område"]: row for row in app.table("Pt./kap.")}


def test_the_reset_brings_the_studys_own_thresholds_back(open_app, demo_server, demo_result):
    app = open_page(open_app, demo_server)
    app.slide(f"threshold-{PER_CAPACITY}-da", 2)
    app.slide(f"threshold-{SIGNAL_WEIGHT}-da", 1)
    both = moved(demo_result, **{PER_CAPACITY: 1620.0, SIGNAL_WEIGHT: 4.5})
    app.until(lambda: ruleset_shown(app), [both.assessment.rules.id])
    expect(app.text("FLYTTET fra")).to_have_count(2)
    app.press("Nulstil tærskler")
    expect(app.text(OWN_THRESHOLDS)).to_be_visible()
    expect(app.text("FLYTTET fra")).to_have_count(0)
    app.until(lambda: app.slider_text(f"threshold-{PER_CAPACITY}-da"), "1.600")
    app.until(lambda: app.slider_text(f"threshold-{SIGNAL_WEIGHT}-da"), "4")
    app.until(lambda: ruleset_shown(app), [demo_result.assessment.rules.id])
    app.until(lambda: signals_answered(app), named(demo_result, "signal"))
    expect(app.page.get_by_role("button", name="Nulstil tærskler")).to_be_disabled()


def test_a_threshold_without_weight_changes_no_area(open_app, demo_server, demo_result):
    wanted = moved(demo_result, choice=94.5)
    assert flips_of(demo_result, wanted) == set()
    app = open_page(open_app, demo_server)
    app.slide("threshold-choice-da", -1)
    app.until(lambda: ruleset_shown(app), [wanted.assessment.rules.id])
    expect(app.text("ingen områder skifter mod undersøgelsens egne")).to_be_visible()


def test_a_slider_keeps_the_view_of_the_map(open_app, demo_server):
    app = open_page(open_app, demo_server)
    app.zoom_in()
    view = app.view()
    app.slide(f"threshold-{PER_CAPACITY}-da", 2)
    app.until(lambda: flips_shown(app) is not None, wanted=True)
    app.wait_until_idle()
    app.until(app.view, view)


@pytest.fixture(scope="module")
def judged_study(tmp_path_factory):
    """A copy of the demo whose judgements the tests of this file write, one after the other."""
    return copy_demo(tmp_path_factory.mktemp("judged"))


@pytest.fixture(scope="module")
def judged_server(servers, judged_study):
    return servers.start(judged_study)


def judge(app, verdict, author, reason, area_id=JUDGED):
    # The form of the area before may stand there for a moment, too.
    form = f"judge-{LEVEL}-{area_id}"
    app.check(f"met-{form}", verdict)
    app.page.locator(f"[class*=st-key-author-{form}] input").fill(author)
    app.page.locator(f"[class*=st-key-reason-{form}] textarea").fill(reason)
    app.page.locator(f"[class*=st-key-submit-{form}] button").click()
    expect(app.text("Gemt i judgements.csv")).to_be_visible()


def choose_area(app, area_id=JUDGED):
    app.pick("judged-area-da", AREAS[area_id])


def judgement_file(study_path):
    return load_study(study_path).judgements.path


def judged(demo_result, study_path, **thresholds):
    """Return what the library says with the judgements of a copy of the demo."""
    return moved(replace(demo_result, study=load_study(study_path)), **thresholds)


def test_a_judgement_counts_at_once_and_after_the_server_is_started_again(
    open_app, servers, tmp_path, demo_result
):
    study = copy_demo(tmp_path)
    assert JUDGED_NAME in named(demo_result, "no_signal")
    server = servers.start(study)
    app = open_page(open_app, server)
    choose_area(app)
    judge(app, "Ja", "A. Planlægger", "Klinik lukker til sommer")
    filed = judged(demo_result, study)
    assert named(filed, "signal") == sorted([*named(demo_result, "signal"), JUDGED_NAME])
    app.until(lambda: signals_answered(app), named(filed, "signal"))
    expect(app.text("Klinik lukker til sommer")).to_be_visible()
    app.page.close()
    servers.stop(server)

    again = open_page(open_app, servers.start(study))
    again.until(lambda: signals_answered(again), named(filed, "signal"))
    choose_area(again)
    expect(again.text("Kendte særlige forhold: opfyldt · A. Planlægger:")).to_be_visible()
    expect(again.text("Klinik lukker til sommer")).to_be_visible()
    again.until(lambda: again.column("Status", "Tærsklen er")[5], "● opfyldt")
    expect(again.text(f"{JUDGED_NAME}: Signal. Opfyldt vægt 4 af 7")).to_have_count(1)


def test_a_hostile_judgement_harms_neither_page_nor_file(open_app, judged_server, judged_study):
    app = open_page(open_app, judged_server)
    choose_area(app, "0550")
    judge(app, "Nej", HOSTILE_AUTHOR, HOSTILE_REASON, area_id="0550")
    # The form still holds what was typed, until it is emptied.
    filed = app.page.locator("span.app-answer").get_by_text(HOSTILE_REASON)
    expect(filed).to_be_visible()
    expect(app.text(f"ikke opfyldt · {HOSTILE_AUTHOR}:")).to_be_visible()
    assert app.page.locator("img[src=x]").count() == 0
    assert app.map_frame().locator("img[src=x]").count() == 0
    path = judgement_file(judged_study)
    with path.open(encoding="utf-8-sig", newline="") as text:
        cells = [cell for row in csv.reader(text, delimiter=";") for cell in row]
    assert f"'{HOSTILE_AUTHOR}" in cells, "an apostrophe before what a spreadsheet would run"
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    filed, _ = read_judgements(path, as_of=None)
    last = filed.iloc[-1]
    assert (last["author"], last["reason"]) == (HOSTILE_AUTHOR, HOSTILE_REASON)
    assert last["entered_on"].date() == datetime.now(tz=UTC).astimezone().date()


def test_a_judgement_that_is_withdrawn_counts_no_more(open_app, judged_server, demo_result):
    app = open_page(open_app, judged_server)
    choose_area(app, "0482")
    judge(app, "Ja", "A. Planlægger", "Klinik lukker", area_id="0482")
    app.until(lambda: "Langeland" in signals_answered(app), wanted=True)
    expect(app.text("Tidligere vurderinger (1)")).to_be_visible()
    judge(app, "Træk tilbage", "A. Planlægger", "Klinikken bliver alligevel", area_id="0482")
    app.until(lambda: signals_answered(app), named(demo_result, "signal"))
    expect(app.text("Tidligere vurderinger (2)")).to_be_visible()


def test_what_is_incomplete_is_not_filed(open_app, judged_server, judged_study):
    path = judgement_file(judged_study)
    before = path.read_bytes() if path.exists() else None
    app = open_page(open_app, judged_server)
    app.check("met-judge", "Ja")
    app.press("Gem vurderingen")
    expect(app.text("Ikke gemt: vælg")).to_be_visible()
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_annex_says_what_the_page_says(open_app, servers, tmp_path, demo_result):
    study = copy_demo(tmp_path)
    app = open_page(open_app, servers.start(study))
    app.slide(f"threshold-{PER_CAPACITY}-da", 2)
    app.until(lambda: app.slider_text(f"threshold-{PER_CAPACITY}-da"), "1.620")
    choose_area(app)
    judge(app, "Ja", HOSTILE_AUTHOR, HOSTILE_REASON)
    wanted = judged(demo_result, study, **{PER_CAPACITY: 1620.0})
    assert JUDGED_NAME in named(wanted, "signal")
    shown = rows_by_area(app, wanted)
    ruleset = wanted.assessment.rules.id
    app.until(lambda: ruleset_shown(app), [ruleset])
    path = tmp_path / "praksisplan.xlsx"
    app.fetch("Hent bilag til praksisplan (Excel)").save_as(path)
    book = openpyxl.load_workbook(path)

    signals = sheet_rows(book["Signaler Kommune"], "Områdekode")
    criteria = sheet_rows(book["Kriterier"], "Niveau")
    assert {row["Område"]: row["Signal"] for row in signals} == {
        row["area_name"]: LONG[row["signal"]] for row in areas_of(wanted).to_dict("records")
    }
    measured = {
        row["Område"]: row
        for row in criteria
        if row["Niveau"] == "Kommune" and row["Kriterium"] == "Patienter pr. kapacitet"
    }
    by_area = {row["Område"]: row for row in signals}
    for area, row in shown.items():
        assert by_area[area]["Vægt af opfyldte kriterier"] == float(row["Vægt"])
        value = measured[area]["Værdi"]
        assert value == pytest.approx(float(row["Pt./kap."]), rel=CLOSE)
        assert measured[area]["Tærskel"] == 1620
    for sheet in book:
        assert any(f"regelsæt {ruleset} " in str(cell.value) for (cell,) in sheet["A1:A4"])
    assert ["Regelsæt", ruleset] in [
        [cell for cell in row if cell is not None]
        for row in book["Grundlag"].iter_rows(values_only=True)
    ]
    (entry,) = [row for row in criteria if row["Vurderet af"] is not None]
    assert (entry["Område"], entry["Status"]) == (JUDGED_NAME, "opfyldt")
    assert entry["Begrundelse"] == HOSTILE_REASON
    assert entry["Vurderet af"].lstrip("'") == HOSTILE_AUTHOR
    assert not [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


def sheet_rows(sheet, first_heading):
    """Return the rows below a sheet's line of headings: heading -> value."""
    lines = list(sheet.iter_rows(values_only=True))
    at = next(number for number, line in enumerate(lines) if line[0] == first_heading)
    return [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]
