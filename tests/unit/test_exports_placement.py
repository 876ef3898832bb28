"""A placement in words and tables: what is shown is what was found, in units that a reader has."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.exports.placement_book import request_table
from coverage.exports.placement_tables import (
    STEP_COLUMNS,
    PlacementTables,
    frontier_table,
    placement_tables,
    trade_off_table,
)
from coverage.exports.placement_words import answer_lines, answer_rows, scenario_words, value_text
from coverage.exports.sheet_writer import Column
from coverage.placement.frontier import frontier, trade_off
from coverage.placement.place import STOPPED_BY, place
from coverage.placement.request import OBJECTIVES, Effort, PlacementRequest
from coverage.placement_files import PlacementOrder, order_values
from coverage.wording import LANGUAGES, keys, say
from tests.placement_town import LONE, MOVING, Practice, Town, ydernummer

EXACT = Effort(steps=300, gap=0.0, seconds=600.0)


def placed(town, **asked):
    assessment = town.assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(
        **{"objective": "choice", "capacities": 3.0, "effort": EXACT} | asked
    )
    return place(assessment, candidates, request), candidates, assessment


@pytest.fixture(scope="module")
def lone():
    return placed(LONE)


@pytest.fixture(scope="module")
def tables(lone) -> PlacementTables:
    return placement_tables(*lone, "en")


def rows(table):
    return table.shown().replace({np.nan: None}).to_numpy(object).tolist()


class TestAnswer:
    def test_sentences_have_the_figures(self, lone):
        placement, candidates, _ = lone
        lines = answer_lines(placement, candidates, "en")
        assert lines == [
            "3 capacities in 3 new practices; 0 practices move.",
            (
                "A choice for most: persons with two open practices within the limit: "
                "0 persons before, 600 persons after. Gain: 600 persons."
            ),
            (
                "No placement that meets the conditions is better than 600 persons: "
                "the gap is 0.00 % of the gain and 0.00 % of the value."
            ),
            "Proved: no placement that meets the conditions is better.",
            "0 of 6 swaps of one site that were tried are as good.",
            "5 candidates, 0 left out.",
        ]

    def test_without_a_proof_no_bound_is_told(self, lone):
        placement, candidates, _ = lone
        bare = replace(
            placement, bound=np.nan, gap_of_gain=np.nan, gap_of_value=np.nan, stopped_by="heuristic"
        )
        lines = answer_lines(bare, candidates, "en")
        assert not [line for line in lines if "nan" in line or "No placement" in line]
        assert "Without a proof: how far" in lines[2]
        whats = {row.what for row in answer_rows(bare, candidates, "en")}
        assert not {"bound", "gap_of_gain", "gap_of_value", "moves_worth", "cutoff"} & whats

    def test_an_interrupted_search_says_so_first(self, lone):
        placement, candidates, _ = lone
        stopped = replace(placement, stopped_by="interrupted")
        for language, word in (("da", "AFBRUDT"), ("en", "INTERRUPTED")):
            assert answer_lines(stopped, candidates, language)[0].startswith(word)
            name, note = scenario_words(stopped, language)
            assert name.endswith({"da": "afbrudt", "en": "interrupted"}[language])
            assert word in note
        table = placement_tables(stopped, *lone[1:], "da").answer
        marked = [row for row, mark in zip(rows(table), table.marked, strict=True) if mark]
        assert [row[1][:7] for row in marked] == ["AFBRUDT"]

    def test_facts_have_their_units(self, lone):
        placement, candidates, _ = lone
        facts = {row.what: row for row in answer_rows(placement, candidates, "en")}
        assert (facts["gain"].value, facts["gain"].unit) == (600.0, "persons")
        assert (facts["bound"].value, facts["bound"].kind) == (600.0, "whole")
        assert facts["gap_of_gain"].unit == "%"
        assert facts["seconds_exact"].label == "Time: proof"
        assert (facts["candidates"].value, facts["left_out"].value) == (5.0, 0.0)

    def test_a_gap_is_told_in_percent(self, lone):
        placement, candidates, _ = lone
        near = replace(placement, gap_of_gain=0.0123, bound=607.4)
        facts = {row.what: row.value for row in answer_rows(near, candidates, "en")}
        assert facts["gap_of_gain"] == pytest.approx(1.23)
        assert "than 607 persons: the gap is 1.23 %" in answer_lines(near, candidates, "en")[2]

    def test_distances_are_in_km(self):
        assert value_text("second_distance", 5_671.4, "da") == "5,671 km"
        assert value_text("choice", 1_174_127.4, "da") == "1.174.127 personer"
        assert value_text("shortage", 158.96, "en") == "159.0 need-weighted persons"


class TestTables:
    def test_steps_are_in_the_order_of_what_each_adds(self, tables):
        shown = [[row[0], row[1], *row[3:9]] for row in rows(tables.steps)]
        assert shown == [
            [1, "New practice", "c1", "c1", 1.0, 500.0, 500.0, "persons"],
            [2, "New practice", "c3", "c3", 1.0, 0.0, 500.0, "persons"],
            [3, "New practice", "c4", "c4", 1.0, 100.0, 600.0, "persons"],
        ]
        assert list(tables.steps.columns) == list(STEP_COLUMNS)
        assert tables.steps.table["stopped_by"].unique().tolist() == ["optimal"]
        assert tables.steps.table["kommune_name"].tolist() == ["Odense", "Nyborg", "Nyborg"]

    def test_the_areas_are_those_of_the_requests_level(self):
        found = placed(LONE, level="side", quotas={"nord": (2.0, 2.0)})
        table = placement_tables(*found, "en").sites.table
        assert set(zip(table["area_level"], table["area_name"], strict=True)) == {
            ("side", "syd"),
            ("side", "nord"),
        }

    def test_candidates_say_which_were_chosen(self, tables):
        chosen = tables.candidates.table.set_index("site_id")["is_chosen"]
        assert chosen.to_dict() == {"c0": "no", "c1": "yes", "c2": "no", "c3": "yes", "c4": "yes"}

    def test_places_left_out_have_a_reason_in_words(self, lone):
        placement, candidates, assessment = lone
        left_out = pd.DataFrame(
            {
                "site_id": ["a", "b", "c", "d"],
                "name": ["A", "B", "C", "D"],
                "x_m": [1.0, 2.0, 3.0, np.nan],
                "y_m": [1.0, 2.0, 3.0, np.nan],
                "reason": ["outside", "no_road", "merged", "no_place"],
                "merged_into": [None, None, "c1", None],
            }
        )
        some = replace(candidates, left_out=left_out)
        shown = placement_tables(placement, some, assessment, "en").left_out.table
        assert shown["reason"].tolist() == [
            "outside the study's kommuner",
            "too far from the nearest road",
            "merged with another place near by",
            "without coordinates",
        ]
        assert shown["merged_into"].dropna().tolist() == ["c1"]
        assert "4 left out" in answer_lines(placement, some, "en")[-1]

    def test_a_move_is_a_step_with_its_practice(self):
        found = placed(
            MOVING,
            capacities=1.0,
            movable=(ydernummer(0),),
            forced_in=("c1",),
        )
        tables = placement_tables(*found, "da")
        assert found[0].value_after == 500.0
        moves = tables.moves.table
        assert moves[["ydernummer", "practice_name"]].to_numpy().tolist() == [
            ["000001", "Praksis 0"]
        ]
        steps = tables.steps.table
        assert sorted(steps["step"]) == [1, 2]
        move = steps[steps["kind"] == "Flytning"].iloc[0]
        assert (move["ydernummer"], move["site_id"], move["kommune_code"]) == (
            *("000001", "c0", "0461"),
        )
        assert pd.isna(move["capacities"])
        assert steps["gain"].sum() == pytest.approx(500.0)
        chosen = tables.candidates.table.set_index("site_id")["is_chosen"].to_dict()
        assert chosen == {"c0": "Flytning", "c1": "ja"}

    def test_ties_have_the_difference(self):
        """The candidates at km 4 and 5 give the home at 0 its second just as well."""
        town = Town((0.0,), (200.0,), (Practice(10_000.0),), (4_000.0, 5_000.0))
        found = placed(town, capacities=1.0)
        table = placement_tables(*found, "en").ties.table
        assert len(table) == 1
        assert {*table["site_id"], *table["other_site_id"]} == {"c0", "c1"}
        assert table["difference"].tolist() == [0.0]

    def test_distances_are_shown_in_km_everywhere(self):
        found = placed(LONE, objective="second_distance")
        placement, candidates, assessment = found
        tables = placement_tables(*found, "en")
        assert tables.sites.table["value"].iloc[-1] * 1000 == pytest.approx(placement.value_after)
        assert tables.sites.table["gain"].sum() * 1000 == pytest.approx(placement.gain)
        assert set(tables.sites.table["unit"]) == {"km"}
        facts = {row.what: row.value for row in answer_rows(placement, candidates, "en")}
        assert facts["cutoff"] == 30.0
        request = placement.request
        table = frontier_table(frontier(assessment, candidates, request), "second_distance", "en")
        assert table.table["value"].iloc[-1] * 1000 == pytest.approx(placement.value_after)
        assert table.columns["value"] == Column("Value", "thousandth", 14.0)


class TestFrontierAndTradeOff:
    def test_the_frontier_is_the_librarys(self, lone):
        placement, candidates, assessment = lone
        found = frontier(assessment, candidates, placement.request)
        table = frontier_table(found, "choice", "en").table
        assert table["value"].tolist() == [500.0, 500.0, 600.0]
        assert table["marginal_gain"].tolist() == [500.0, 0.0, 100.0]
        assert table["gap_of_gain_pct"].tolist() == [0.0, 0.0, 0.0]
        assert table["site_ids"].iloc[-1] == "c1, c3, c4"

    def test_a_trade_off_has_a_column_an_objective(self, lone):
        placement, candidates, assessment = lone
        found = trade_off(assessment, candidates, placement.request, "second_distance")
        table = trade_off_table(found, "en")
        assert list(table.columns) == [
            *("weight_of_other_pct", "value_choice", "value_second_distance", "site_ids"),
        ]
        first = table.table.iloc[0]
        assert first["value_choice"] == 600.0
        assert first["value_second_distance"] * 1000 == pytest.approx(
            found["second_distance"].iloc[0]
        )

    def test_what_was_not_asked_for_has_no_rows(self, tables):
        assert tables.frontier.table.empty
        assert tables.trade_off.table.empty


class TestRequest:
    def test_every_key_that_is_given_has_a_row(self):
        order = PlacementOrder(
            objective="second_distance",
            capacities=2.5,
            quotas={"0461": (1.0, 1.5), "0450": (0.0, 1.0)},
            forced_in=("A", "B"),
            move_cost=250.0,
            gap=0.02,
            trade_off="choice",
            candidates="own_candidates.csv",
        )
        table = request_table(order_values(order), "en")
        shown = [tuple(row) for row in rows(table)]
        for row in (
            ("Objective", say("placement.objective.second_distance", "en"), None),
            ("Capacities in all", 2.5, "capacities"),
            ("Quota: 0461", "1.0 to 1.5", "capacities"),
            ("Quota: 0450", "0.0 to 1.0", "capacities"),
            ("Forced in", "A", None),
            ("Forced in", "B", None),
            ("A move must be worth", 0.25, "km"),
            ("Near enough, of the gain", 2.0, "%"),
            ("Weighed against", say("placement.objective.choice", "en"), None),
            ("Candidates", "own_candidates.csv", None),
            ("Proof", "yes", None),
            ("Level of the quotas", "Kommune", None),
        ):
            assert row in shown
        assert len(table.row_kinds) == len(shown)

    def test_candidates_are_said_in_words(self):
        table = request_table(order_values(PlacementOrder(capacities=1.0)), "da")
        assert "det folkerigeste sted i hvert kvadrat af et net" in set(table.table["answer"])


def test_every_code_has_words():
    for prefix, codes in (
        ("placement.objective", OBJECTIVES),
        ("placement.unit", OBJECTIVES),
        ("placement.stopped", STOPPED_BY),
        ("placement.reason", ("outside", "no_road", "merged", "no_place")),
    ):
        assert {f"{prefix}.{code}" for code in codes} <= set(keys(f"{prefix}."))
    order = PlacementOrder(capacities=1.0, practices=1, most_capacities=1.0, grid_m=1.0)
    every = set(order_values(order))
    assert every <= {key.rsplit(".", 1)[1] for key in keys("placement.request.")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_header_of_its_own_and_a_definition(language):
    names = {key.rsplit(".", 1)[1] for key in keys("placement.column.")}
    assert names == {key.rsplit(".", 1)[1] for key in keys("placement.definition.")}
    headers = [say(f"placement.column.{name}", language) for name in STEP_COLUMNS]
    assert len(set(headers)) == len(headers)
