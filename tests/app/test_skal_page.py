"""The page on skal-areas in Streamlit's own test harness, which draws everything but the map.

Three towns in the corners of the tiny study's grid, too far apart to count
together: Prøveby with two practices, Østby with one, Tomby with none. All
2,500 people reach every practice; two of the three take new patients.
"""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coverage.ui.pages.skal import show_skal
from coverage.ui.state import PlaceFilter
from tests.tiny_study import REGISTER, SOUTH_M, STUDY, WEST_M, write_study

APP = Path(__file__).parents[2] / "app.py"
STATE = "laegedaekning"
RULES = '\n[rules.overrides]\n"skal.merge_within_m" = 1000\n'
TOWNS_FILE = '\n[towns]\npath = "towns.csv"\nas_of = 2026-01-01\n'
PLAN_FILE = '\n[skal_areas]\npath = "plan.csv"\nas_of = 2024-10-01\n'
PLAN = "kommune_code,area\n0461,Prøveby\n0461,Ukendtby\n"
OLDER = REGISTER.replace("Solo;1980", "Solo;1955")
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}}"
EAST_ID = "0461-oestby"


def write_skal_study(folder, *, east="Østby", parts=(RULES, TOWNS_FILE, PLAN_FILE)):
    path = write_study(folder, register=OLDER, study=STUDY + "".join(parts))
    towns = [("Prøveby", 0, 0, 5000), (east, 5000, 5000, 4000), ("Tomby", 5000, 0, 3500)]
    lines = ["town,kommune_code,x_m,y_m,population"]
    for name, x_m, y_m, persons in towns:
        lines.append(f'"{name}",0461,{WEST_M + x_m:.0f},{SOUTH_M + y_m:.0f},{persons}')
    (folder / "towns.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "plan.csv").write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    return write_skal_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def open_page(monkeypatch):
    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        monkeypatch.setattr("coverage.ui.main.PAGES", {"skal": show_skal})
        page = AppTest.from_file(str(APP), default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def plain_texts(page):
    return " ".join(element.value for element in page.get("html"))


def table(page, column):
    """Return the one table that has a column, as it was handed to the browser."""
    (found,) = [frame.value for frame in page.dataframe if column in frame.value]
    return found


def choose(page, place_id):
    page.selectbox[0].set_value(place_id)
    page = page.run()
    assert not page.exception
    return page


def test_the_page_answers_its_question_first(open_page, study_path):
    page = open_page(study_path)
    answer = "3 skal-områder: 1 uden praksis og 1 med kun én praksis tilbage."
    assert answer in plain_texts(page)
    assert {metric.label: metric.value for metric in page.metric} == {
        "Skal-områder": "3",
        "Mangler praksis": "1",
        "Én praksis tilbage": "1",
        "Har flere praksis": "1",
        "Og/eller-par": "0",
    }
    assert "3\\.000" in page.metric[0].help
    assert "ANTAGELSE" in page.metric[0].help


def test_the_table_has_the_worst_place_first(open_page, study_path):
    shown = table(open_page(study_path), "older_in_last")
    assert list(shown["place"]) == ["Tomby", "Østby", "Prøveby"]
    assert list(shown["duty"]) == ["MANGLER praksis", "Har én praksis tilbage", "Har flere praksis"]
    assert list(shown["practices"]) == [0, 1, 2]
    assert list(shown["persons_lose_practice"]) == [0, 0, 0]
    assert list(shown["persons_lose_choice"]) == pytest.approx([0, 2500, 2500])
    assert shown["older_in_last"].tolist()[1] == 1
    assert shown["older_in_last"].isna().tolist() == [True, False, True]


def test_older_doctors_are_said_to_be_withheld_in_the_files(open_page, study_path):
    assert "i filerne tilbageholdes tal om færre end 3 læger" in plain_texts(open_page(study_path))


def test_the_filters_narrow_the_table_and_are_remembered(open_page, study_path):
    page = open_page(study_path)
    scarce = next(box for box in page.checkbox if box.label == "Højst én praksis")
    page = scarce.check().run()
    assert list(table(page, "older_in_last")["place"]) == ["Tomby", "Østby"]
    assert page.session_state[STATE].place_filter == PlaceFilter(only_scarce=True)
    assert "2 af 3 steder" in plain_texts(page)
    page.selectbox[1].set_value("0461").run()
    assert page.session_state[STATE].place_filter == PlaceFilter("0461", only_scarce=True)


def test_a_filter_that_nothing_fits_says_so(open_page, study_path):
    page = open_page(study_path)
    state = page.session_state[STATE]
    page.session_state[STATE] = type(state)(state.study_path, place_filter=PlaceFilter("9999"))
    page.run()
    assert "Intet sted passer til valget." in plain_texts(page)
    assert not page.exception


def test_a_chosen_place_tells_who_loses_and_shows_its_practices(open_page, study_path):
    page = choose(open_page(study_path), EAST_ID)
    assert page.session_state[STATE].shown_place == EAST_ID
    texts = plain_texts(page)
    assert 'Mister valget mellem to åbne praksis (lyseblå): <span class="app-answer">2.500' in texts
    assert "Østby: Centerby over grænsen." in texts
    assert "Praksis i Østby, 1.480 tilmeldte i alt" in texts
    practices = table(page, "ydernummer")
    assert list(practices["name"]) == ["Lægerne Øst"]
    assert list(practices["ydernummer"]) == ["012347"]
    assert list(practices["patients_per_capacity"]) == [1480]


def test_a_place_without_a_practice_has_nothing_to_close(open_page, study_path):
    page = choose(open_page(study_path), "0461-tomby")
    assert "Her er ingen praksis, der kan lukke." in plain_texts(page)


def test_the_chosen_place_survives_a_switch_of_language(open_page, study_path):
    page = choose(open_page(study_path), EAST_ID)
    page.get("button_group")[0].set_value("en").run()
    assert not page.exception
    assert page.selectbox[0].value == EAST_ID
    assert "Practices in Østby, 1,480 listed in all" in plain_texts(page)
    assert "3 skal-areas: 1 without a practice and 1 with only one left." in plain_texts(page)


def test_plan_and_tool_are_compared_with_reasons(open_page, study_path):
    page = open_page(study_path)
    texts = plain_texts(page)
    assert "Planen og værktøjet er enige om 1 steder. 1 står kun i planen, og 2 er kun" in texts
    assert "Listen er fra 1.10.2024." in texts
    compared = table(page, "agreement_reason")
    assert list(compared["plan_name"]) == ["Ukendtby", "–", "–", "Prøveby"]
    assert all(reason.strip() for reason in compared["agreement_reason"])


def test_without_a_plans_list_the_page_says_so(open_page, tmp_path):
    page = open_page(write_skal_study(tmp_path, parts=(RULES, TOWNS_FILE)))
    assert "ingen liste over planens skal-områder" in plain_texts(page)
    assert not any("agreement_reason" in frame.value for frame in page.dataframe)


def test_without_towns_every_practice_is_a_place(open_page, tmp_path):
    page = open_page(write_study(tmp_path))
    assert "Efter reglerne er intet sted et skal-område." in plain_texts(page)
    assert "Undersøgelsen har ingen fil med byer." in plain_texts(page)
    assert len(table(page, "older_in_last")) == 3
    # They go by one postal town: the offered names are told apart by their ids.
    labels = page.selectbox[0].options
    assert len(labels) == len(set(labels)) == 4


def test_a_hostile_name_is_text_and_never_markup(open_page, tmp_path):
    page = open_page(write_skal_study(tmp_path, east=HOSTILE))
    hostile_id = next(key for key in place_ids(page) if "img" in key)
    page = choose(page, hostile_id)
    texts = plain_texts(page)
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}}: Centerby" in texts
    assert "<img" not in texts


def place_ids(page):
    """Return the ids of the places: what the session's study found."""
    from coverage.ui.loading import preparation, study_key  # noqa: PLC0415

    result = preparation(study_key(page.session_state[STATE].study_path)).result
    return list(result.assessment.skal.places["place_id"])


def test_the_annex_can_be_fetched_and_the_data_line_stands_below(open_page, study_path):
    page = open_page(study_path)
    assert "Hent bilag til praksisplan (Excel)" in [
        button.proto.label for button in page.get("download_button")
    ]
    assert "register.csv" in plain_texts(page)
