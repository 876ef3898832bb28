"""The page on the years to 2035 in Streamlit's own test harness, on the tiny study.

It has 4.5 capacities, and its own model asks for 7.5 in 2035: 4.5 in Odense and 3 in Nyborg.
What the page shows is compared with what the library says of the same rules.
"""

import io
import sys
import threading
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coverage.exports.pathway_outputs import PATHWAY_FILES
from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.pathway.placed_years import placed_by_search
from coverage.placement.candidates import candidates_from_grid
from coverage.scenario.actions import Close, Open, Scenario
from coverage.scenario_folder import save_scenario, scenario_file_name
from coverage.scenario_study import apply_to_study
from coverage.study import run_study
from coverage.study_file import load_study
from coverage.ui import pathway_results
from coverage.ui.loading import judged_state, study_key
from coverage.ui.mod5000.amounts import rounded_text
from coverage.ui.mod5000.answer import path_answer
from coverage.ui.mod5000.figures import path_figures
from coverage.ui.mod5000.files import path_file, planned_path
from coverage.ui.pathway_results import PathStart, watch_runs
from coverage.ui.scenario_results import Ground
from coverage.ui.state import choose_area, choose_language, choose_level, view_pathway
from coverage.wording import say
from tests.tiny_study import PLAN, SOUTH_M, STUDY, WEST_M, write_study

STATE = "laegedaekning"
SCRIPT = """
import sys
from pathlib import Path
from coverage.ui.pages.mod5000 import show_mod5000
from coverage.ui.session import open_session
open_session(Path(sys.argv[1]))
show_mod5000()
"""
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} **fed** =1+1"
RUNS = 100
# So that half a capacity is a new practice, and many of them open.
MANY = (("pathway.capacities_per_new_practice", 0.5), ("pathway.training_places", 600.0))
FEWER = (("pathway.training_places", 340.0),)
ONE_OPENS = Scenario(
    name="En ny",
    actions=(Open(site_id="N1", x_m=WEST_M + 1500, y_m=SOUTH_M + 1500, capacities=2.0),),
)


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), **PLAN)


@pytest.fixture(scope="module")
def result(study_path):
    return run_study(load_study(study_path))


@pytest.fixture
def open_page(monkeypatch):
    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        return shown(AppTest.from_string(SCRIPT, default_timeout=120).run())

    return opened


def shown(page):
    """Run the page again until the runs of chance are in it."""
    for _ in range(200):
        assert not page.exception
        if not any((button.key or "").startswith("stop-runs") for button in page.button):
            return page
        page.run()
    raise AssertionError("the runs are never over")


def texts(page):
    return " ".join(element.value for element in page.get("html"))


def change(page, function, *args, **kwargs):
    page.session_state[STATE] = function(page.session_state[STATE], *args, **kwargs)
    return shown(page.run())


def moved(assessment, **values):
    rules = {f"pathway.{name}": value for name, value in values.items()}
    return replace(assessment, rules=assessment.rules.override(rules))


def slider(page, name):
    resets = page.session_state[STATE].pathway.resets
    return page.select_slider(key=f"assumption-{name}-da-{resets}")


def table(page, *column):
    return next(frame.value for frame in page.dataframe if column in frame.value)


def metrics(page):
    return {metric.label: metric.value for metric in page.metric}


def test_the_page_answers_with_the_librarys_figures(open_page, study_path, result):
    page = open_page(study_path)
    path = build_pathway(result.assessment)
    bands = run_trial(path, Trial(runs=500, seed=1))
    said = texts(page)
    assert path_answer(path, bands, "da") in said
    assert "Regionen har 4,5 kapaciteter i 2026 og skal have 7,5 i 2035" in said
    assert f"{rounded_text(path.answer.short, 'da')} mangler" in said
    wanted = path_figures(path, bands, "kommune", "all", 2035, "da")
    assert list(metrics(page).values()) == [figure.value for figure in wanted]
    assert [caption.value.replace("\\", "") for caption in page.caption] == [
        figure.caption for figure in wanted if figure.caption
    ]


def test_another_year_and_area_show_their_own_figures(open_page, study_path, result):
    page = open_page(study_path)
    page.select_slider(key="mod5000-year-da-2026-2035").set_value(2029)
    page = shown(page.run())
    page = change(page, choose_area, "0450")
    path = build_pathway(result.assessment)
    wanted = path_figures(path, None, "kommune", "0450", 2029, "da")
    assert list(metrics(page).values())[:7] == [figure.value for figure in wanted][:7]
    assert "År for år: Nyborg" in texts(page)
    years = table(page, "", "År")
    assert years["", "År"].tolist() == [str(year) for year in range(2026, 2036)]
    standing = table(page, "Kapaciteter", "I dag")
    assert list(standing["", "Område"]) == ["Nyborg", "Odense"], "2 of 3 lack, and 1 of 4.5"
    assert page.selectbox(key="area-da-kommune").value == "0450"


def test_a_slider_is_answered_and_the_reset_takes_it_back(open_page, study_path, result):
    page = open_page(study_path)
    assert "Undersøgelsens egne antagelser gælder" in texts(page)
    assert "Regelsæt: default<" in texts(page)
    slider(page, "training_places").set_value(600.0).run()
    page = shown(page)
    said = texts(page)
    wanted = build_pathway(moved(result.assessment, training_places=600.0))
    assert wanted.answer.end > build_pathway(result.assessment).answer.end
    assert f"Der uddannes {rounded_text(wanted.answer.trained, 'da')}" in said
    assert wanted.answer.end == pytest.approx(
        float(table(page, "Kapaciteter", "Ultimo")["Kapaciteter", "Ultimo"].sum())
    )
    assert "FLYTTET fra 350 · antagelse" in said
    assert "Regelsæt: default+" in said
    page.button(key="reset-assumptions-da").click().run()
    assert slider(page, "training_places").value == 350
    assert page.session_state[STATE].pathway.assumptions == ()
    assert "FLYTTET" not in texts(shown(page))


def test_a_slider_moved_back_is_not_moved(open_page, study_path):
    page = open_page(study_path)
    slider(page, "takeover_pct").set_value(80.0).run()
    assert page.session_state[STATE].pathway.assumptions
    slider(page, "takeover_pct").set_value(90.0).run()
    assert page.session_state[STATE].pathway.assumptions == ()


def test_other_runs_and_another_seed_give_the_librarys_bands(open_page, study_path, result):
    page = open_page(study_path)
    page = change(page, view_pathway, runs=RUNS, seed=5)
    assert "af 100 forløb med startnummer 5" in texts(page)
    path = build_pathway(result.assessment)
    bands = run_trial(path, Trial(runs=RUNS, seed=5))
    assert path_answer(path, bands, "da") in texts(page)


def test_a_seed_that_is_none_is_told_and_changes_nothing(open_page, study_path):
    page = open_page(study_path)
    page.text_input(key="seed-da").set_value("1.000").run()
    assert "helt tal" in page.warning[0].value
    assert page.session_state[STATE].pathway.seed == 1
    page.text_input(key="seed-da").set_value("7").run()
    assert not page.warning
    assert "startnummer 7" in texts(shown(page))


def test_stopped_runs_are_shown_and_marked_and_can_be_done_in_full(
    open_page, study_path, monkeypatch
):
    """After the first chunk of 25 the visitor stops."""
    stopped = []

    def keep_going(run):
        if not stopped:
            stopped.append(run)
            run.stop()
        return not run.is_stopped

    monkeypatch.setattr(pathway_results.BandRun, "_keep_going", keep_going)
    page = open_page(study_path)
    page = change(page, view_pathway, seed=99)
    assert "DELVIST: stoppet efter 25 af 500 forløb" in texts(page)
    assert "af de 25 forløb, der nåede at blive regnet" in texts(page)
    page.button(key="all-runs-da").click().run()
    page = shown(page)
    assert "af 500 forløb med startnummer 99" in texts(page)
    assert "DELVIST" not in texts(page)


def test_runs_that_fail_are_told_and_the_path_is_still_there(open_page, study_path, monkeypatch):
    def fail(*_, **__):
        raise ValueError("a mistake")

    monkeypatch.setattr(pathway_results, "run_trial", fail)
    page = open_page(study_path)
    page = change(page, view_pathway, seed=98)
    assert page.error[0].value == say("app.error.unexpected", "da")
    assert "Regionen har 4,5 kapaciteter" in texts(page)


def test_places_are_searched_when_asked_for_and_are_those_of_the_command(
    open_page, study_path, result, monkeypatch
):
    """Until they are found the years are shown as before, and say so."""
    goes_on, begun = threading.Event(), threading.Event()

    def held(*args, **kwargs):
        place_year = placed_by_search(*args, **kwargs)

        def wait_and_place(demand):
            begun.set()
            assert goes_on.wait(60)
            return place_year(demand)

        return wait_and_place

    monkeypatch.setattr(pathway_results, "placed_by_search", held)
    page = change(open_page(study_path), view_pathway, places="search", assumptions=MANY)
    assert begun.wait(60)
    page.run()
    assert "Indtil da vises årene" in texts(page)
    goes_on.set()
    page = searched(page)
    assert "Indtil da" not in texts(page)
    after = replace(result.assessment, rules=result.assessment.rules.override(dict(MANY)))
    place_year = placed_by_search(after, candidates_from_grid(after))
    path = build_pathway(after, place_year=place_year)
    assert len(path.sites) > len(path.sites[path.sites["same_reach_as"].notna()])
    ground = Ground(study_key(study_path), (), judged_state(load_study(study_path)))
    planned = planned_path(PathStart(ground, Scenario(name=""), MANY, "search"), None, "da")
    assert planned.stamp.results == {"places": "search"}
    pd.testing.assert_frame_equal(planned.pathway.sites, path.sites)
    pd.testing.assert_frame_equal(planned.pathway.by_area, path.by_area)
    page = change(page, view_pathway, places="beside")
    assert "Søger steder" not in texts(page)


def test_a_search_for_places_that_fails_is_told_and_the_years_are_still_there(
    open_page, study_path, monkeypatch
):
    def fail(*_, **__):
        raise ValueError("a mistake")

    monkeypatch.setattr(pathway_results, "placed_by_search", fail)
    page = open_page(study_path)
    page = searched(change(page, view_pathway, places="search", assumptions=FEWER))
    assert page.error[0].value == say("app.error.unexpected", "da")
    assert "Regionen har 4,5 kapaciteter" in texts(page)


def searched(page):
    """Run the page again until the search for places is over."""
    for search in [one for one in threading.enumerate() if one.name == "background-run"]:
        search.join(60)
    return shown(page.run())


def test_what_the_table_shows_year_by_year(open_page, study_path, result):
    page = change(open_page(study_path), view_pathway, years="short")
    wide = table(page, "Mangler til målet", "2035")
    end = build_pathway(result.assessment).answer.short
    assert wide["Mangler til målet", "2035"].iloc[0] == pytest.approx(end)
    assert wide["", "Område"].iloc[0] == "I alt"


def test_the_tasks_in_doctors(open_page, study_path, result):
    tasks = table(open_page(study_path), "", "Opgave")
    assert list(tasks["", "Opgave"]) == ["Kontrol af KOL", "Børneastma", "Alle opgaver"]
    wanted = build_pathway(result.assessment).tasks.table
    last = wanted[wanted["year"] == 2035]["doctors"]
    assert list(tasks["Læger", "2035"]) == pytest.approx([*last, last.sum()])


def test_a_saved_scenario_is_where_the_years_start(open_page, tmp_path):
    path = write_study(tmp_path / "study", **PLAN)
    result = run_study(load_study(path))
    save_scenario(path.parent / "scenarios", ONE_OPENS)
    page = open_page(path)
    choice = next(box for box in page.selectbox if box.key.startswith("mod5000-start-"))
    assert choice.value == "baseline"
    choice.set_value(scenario_file_name("En ny")).run()
    page = shown(page)
    after = apply_to_study(result, ONE_OPENS).assessment
    wanted = build_pathway(after)
    assert wanted.answer.start == 6.5
    assert "Regionen har 6,5 kapaciteter i 2026" in texts(page)
    assert f"så der ventes {rounded_text(wanted.answer.end, 'da')} i 2035" in texts(page)


def test_a_scenario_that_cannot_be_carried_out_is_told_and_another_can_be_chosen(
    open_page, tmp_path
):
    path = write_study(tmp_path / "study", **PLAN)
    unknown = Scenario(name=HOSTILE, actions=(Close(ydernummer="999999"),))
    save_scenario(path.parent / "scenarios", unknown)
    page = open_page(path)
    page = change(page, view_pathway, scenario=scenario_file_name(HOSTILE))
    assert page.error
    assert "999999" in texts(page)
    assert "<img" not in texts(page)
    choice = next(box for box in page.selectbox if box.key.startswith("mod5000-start-"))
    choice.set_value("baseline").run()
    assert not page.error
    assert "Regionen har 4,5" in texts(shown(page))


def test_the_files_carry_the_scenario_and_the_moved_assumptions(open_page, tmp_path):
    path = write_study(tmp_path / "study", **PLAN)
    open_page(path)
    key = study_key(path)
    ground = Ground(key, (), judged_state(load_study(path)))
    named = replace(ONE_OPENS, name=HOSTILE)
    start = PathStart(ground, named, (("pathway.training_places", 600.0),))
    planned = planned_path(start, None, "da")
    after = moved(apply_to_study(ground.result, named).assessment, training_places=600.0)
    assert planned.pathway.answer == build_pathway(after).answer
    assert planned.before is ground.assessment
    assert planned.stamp.ruleset_id == after.rules.id
    assert [one.scenario.name for one in planned.stamp.scenarios] == [HOSTILE]
    assert planned.stamp.results == {"places": "beside"}
    run = watch_runs(start, RUNS, 3)
    assert run.wait(60)
    book = openpyxl.load_workbook(io.BytesIO(path_file(start, run, "pathway.xlsx", "da")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert after.rules.id in [cell.value for cell in cells]
    for name in PATHWAY_FILES:
        assert after.rules.id.encode() in path_file(start, run, name, "da")


def test_without_a_scenario_the_files_are_of_the_register(open_page, study_path):
    open_page(study_path)
    ground = Ground(study_key(study_path), (), judged_state(load_study(study_path)))
    planned = planned_path(PathStart(ground, Scenario(name=""), ()), None, "da")
    assert planned.before is None
    assert planned.stamp.scenarios == ()
    assert planned.stamp.ruleset_id == ground.result.stamp.ruleset_id


def test_hostile_names_are_text_and_never_markup(open_page, tmp_path):
    hostile = {
        "planomraader": f"kommune;område\nOdense;{HOSTILE}\nNyborg;Øst\n",
        "designations": PLAN["designations"].replace("Planområde;Vest", "Planområde;Øst"),
        "transferred_tasks": f"opgave;alder;konsultationer pr. år\n{HOSTILE};65+;1.800\n",
    }
    page = open_page(write_study(tmp_path / "study", **PLAN | hostile))
    page = change(page, choose_level, "Planområde")
    page = change(page, choose_area, HOSTILE)
    assert "<img" not in texts(page)
    assert "År for år: &lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed** =1+1" in texts(page)
    assert HOSTILE in list(table(page, "", "Opgave")["", "Opgave"])
    (frame,) = [one.proto for one in page.get("iframe")]
    assert "<img" not in frame.srcdoc
    assert "&lt;img" in frame.srcdoc


def test_without_optional_files_the_page_works_and_says_what_is_missing(open_page, tmp_path):
    """2,500 of 5,961,249 people x 5,000 are 2.1, less than the 4.5 that there are."""
    page = open_page(write_study(tmp_path / "study"))
    said = texts(page)
    assert "målet er nået på forhånd" in said
    assert "[transferred_tasks]" in said
    assert "Fremskrivningen mangler 1 kommuner" in said


def test_after_the_target_year_there_is_today_alone(open_page, tmp_path):
    study = STUDY.replace("as_of = 2026-01-01\nresolution", "as_of = 2036-01-01\nresolution")
    assert study != STUDY
    page = open_page(write_study(tmp_path / "study", study=study))
    assert "ingen år tilbage til målåret" in texts(page)
    assert not [one for one in page.select_slider if one.key.startswith("mod5000-year")]
    assert len(table(page, "", "År")) == 1


def test_another_level_and_another_language(open_page, study_path):
    page = change(open_page(study_path), choose_level, "Delområde")
    standing = table(page, "Kapaciteter", "I dag")
    assert set(standing["", "Område"]) == {"Nyborg", "Yderst", "Midt"}
    page = change(page, choose_language, "en")
    assert "The region has 4.5 capacities in 2026 and is to have 7.5 in 2035" in texts(page)
    assert "In 8 of 10 runs" in texts(page)
