"""What is offered for comparison, and its tables, on the drawn town.

Closing P2 takes the choice from 1,565 persons, 1,510 of them in Odense.
"""

from dataclasses import replace

import pandas as pd
import pytest

from coverage.comparison import Variant, compare_variants
from coverage.errors import ScenarioError
from coverage.scenario.actions import Close, Open, Scenario
from coverage.scenario.apply import apply_scenario
from coverage.scenario_folder import SavedScenario
from coverage.ui.draft import NOTHING, Draft, add_actions, mark_saved
from coverage.ui.grouped_table import GroupedColumn
from coverage.ui.sammenlign.answer import comparison_answer
from coverage.ui.sammenlign.tables import (
    SHOWN_FIGURES,
    area_columns,
    figure_columns,
    losing_columns,
    pair_columns,
    signal_columns,
    skal_columns,
)
from coverage.ui.sammenlign.variants import (
    BASELINE,
    DRAFT,
    by_id,
    chosen_ids,
    in_order,
    offered_variants,
)
from coverage.wording import keys
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M

SHA = "a" * 64
CLOSES = Scenario(name="P2 lukker", actions=(Close(ydernummer="010002"),), register_sha256=SHA)
OPENS = Scenario(
    name="Ny ved E",
    actions=(Open(site_id="N1", x_m=WEST_M + 22_500.0, y_m=ROAD_Y_M, capacities=2.0),),
)


@pytest.fixture(scope="module")
def comparison():
    town = annex_town()
    return compare_variants(
        Variant("Før", town),
        [Variant(one.name, apply_scenario(town, one)) for one in (CLOSES, OPENS)],
    )


def offered(draft=None, saved=()):
    return offered_variants(draft or Draft(), saved, SHA, "da")


def test_the_baseline_is_always_offered_and_comes_first():
    (only,), left_out = offered()
    assert (only.variant_id, only.name, only.scenario) == (BASELINE, "Udgangspunktet", NOTHING)
    assert left_out == ()


def test_the_draft_is_offered_while_it_is_not_saved():
    draft = add_actions(Draft(), CLOSES.actions, SHA)
    found, _ = offered(draft)
    assert [one.variant_id for one in found] == [BASELINE, DRAFT]
    assert found[1].name == "uden navn – ikke gemt"
    plan = replace(draft.scenario, name="Plan")
    saved = mark_saved(draft, plan)
    found, _ = offered(saved, (SavedScenario("plan.toml", plan),))
    assert [one.variant_id for one in found] == [BASELINE, "plan.toml"]
    assert len(offered(saved)[0]) == 2, "its file was deleted meanwhile"


def test_a_draft_for_another_register_is_not_compared():
    draft = add_actions(Draft(), CLOSES.actions, "b" * 64)
    assert len(offered(draft)[0]) == 1


def test_saved_scenarios_are_offered_or_left_out_with_the_reason():
    broken = ScenarioError("broken")
    found, left_out = offered(
        saved=(
            SavedScenario("a.toml", CLOSES),
            SavedScenario("b.toml", replace(OPENS, register_sha256="b" * 64)),
            SavedScenario("c.toml", problem=broken),
        )
    )
    assert [one.name for one in found] == ["Udgangspunktet", "P2 lukker"]
    assert [(one.name, one.problem) for one in left_out] == [("Ny ved E", None), ("c.toml", broken)]


def test_no_two_variants_have_one_name():
    files = [SavedScenario(f"{letter}.toml", CLOSES) for letter in "abc"]
    called_as_ours = SavedScenario("d.toml", replace(CLOSES, name="Udgangspunktet"))
    found, _ = offered(saved=(*files, called_as_ours))
    assert [one.name for one in found] == [
        "Udgangspunktet",
        "P2 lukker",
        "P2 lukker (2)",
        "P2 lukker (3)",
        "Udgangspunktet (2)",
    ]


def test_at_first_three_are_compared_and_then_the_chosen_ones_that_are_there():
    found, _ = offered(saved=tuple(SavedScenario(f"{letter}.toml", CLOSES) for letter in "abcd"))
    assert chosen_ids(found, None) == ("a.toml", "b.toml", "c.toml")
    assert chosen_ids(found, ("d.toml", "gone.toml", "b.toml")) == ("b.toml", "d.toml")
    assert chosen_ids(found, ()) == ()


def test_the_reference_comes_first_and_the_baseline_if_it_is_gone():
    found, _ = offered(saved=tuple(SavedScenario(f"{letter}.toml", CLOSES) for letter in "ab"))
    ids = [one.variant_id for one in in_order(found, "b.toml")]
    assert ids == ["b.toml", BASELINE, "a.toml"]
    assert in_order(found, "gone.toml")[0].variant_id == BASELINE
    assert set(by_id(found)) == {BASELINE, "a.toml", "b.toml"}


def table_of(columns):
    assert all(isinstance(column, GroupedColumn) for column in columns)
    heads = [(column.group, column.heading) for column in columns]
    assert len(set(heads)) == len(heads), "no two columns share their headings"
    return pd.DataFrame(
        {head: list(column.values) for head, column in zip(heads, columns, strict=True)}
    )


def row(table, name):
    return table[table["", "Tal"] == name].iloc[0]


def test_figures_stand_side_by_side_with_their_difference(comparison):
    table = table_of(figure_columns(comparison, "kommune", "all", "da"))
    assert len(table) == len(SHOWN_FIGURES)
    lost = row(table, "Borgere, der mister valget")
    assert lost["P2 lukker", "værdi"] == "1.565"
    assert lost["Før", "værdi"] == lost["P2 lukker", "forskel"] == ""
    practices = row(table, "Praksis")
    assert practices["Før", "værdi"] == "6"
    assert (practices["P2 lukker", "forskel"], practices["Ny ved E", "forskel"]) == ("-1", "+1")


def test_what_is_better_and_worse_stands_out_and_what_is_neither_does_not(comparison):
    columns = figure_columns(comparison, "kommune", "all", "da")
    by_head = {(column.group, column.heading): column for column in columns}
    at = {figure: position for position, figure in enumerate(SHOWN_FIGURES)}
    closes, opens = by_head["P2 lukker", "forskel"], by_head["Ny ved E", "forskel"]
    assert at["persons_two_or_more"] in closes.bad
    assert at["persons_two_or_more"] in opens.good
    assert at["practices"] not in (*closes.good, *closes.bad)
    # Fewer with one practice only: they have two now, or none.
    assert at["persons_one"] not in (*closes.good, *closes.bad)
    assert at["persons_no_road_connection"] not in (*closes.good, *closes.bad)


def test_areas_with_the_largest_difference_come_first(comparison):
    table = table_of(area_columns(comparison, "kommune", "persons_lose_choice", "da"))
    assert list(table["", "Område"])[:2] == ["Odense", "Nyborg"]
    assert list(table["P2 lukker", "værdi"])[:2] == pytest.approx([1510.0, 55.0])
    shares = table_of(area_columns(comparison, "kommune", "share_two_or_more_pct", "da"))
    assert shares["Før", "værdi"].iloc[0] == pytest.approx(100.0)
    assert shares["P2 lukker", "forskel"].iloc[0] < -90


def test_losing_places_signals_skal_areas_and_pairs_have_their_tables(comparison):
    losing = table_of(losing_columns(comparison, {"0461": "Odense"}, "da"))
    assert list(losing["", "Kommune"])[:2] == ["Odense", "Odense"]
    lost = losing["Borgere, der mister", "mister valget"]
    assert lost.sum() == pytest.approx(1565.0)
    assert list(lost) == sorted(lost, reverse=True)
    assert len(table_of(pair_columns(comparison, "da"))) == 6
    signals = table_of(signal_columns(comparison, "kommune", "da"))
    assert set(signals["", "Scenarie"]) <= {"P2 lukker", "Ny ved E"}
    skal = table_of(skal_columns(comparison, "da"))
    assert list(skal.columns) == [
        ("", "Scenarie"),
        ("", "Sted"),
        ("Praksis", "før"),
        ("Praksis", "efter"),
    ]


def test_the_answer_is_against_the_reference(comparison):
    told = comparison_answer(comparison, "da")
    assert told.startswith("P2 lukker: 0 borgere får valget, 1.565 mister det. Ny ved E: ")


def test_every_figure_that_is_compared_has_its_words():
    titled = {key.rsplit(".", 1)[1] for key in keys("app.sammenlign.figure.")}
    assert titled == set(SHOWN_FIGURES)
