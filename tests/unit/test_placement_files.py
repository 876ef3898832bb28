"""What is asked for, as a file and as values: it reads back as it was, or all wrong is said."""

from dataclasses import replace

import pytest

from coverage.errors import MissingFileError, PlacementError
from coverage.placement.request import OBJECTIVES, Effort, PlacementRequest
from coverage.placement_files import (
    MAX_FILE_BYTES,
    PlacementOrder,
    build_order,
    named_beside,
    order_text,
    order_values,
    read_order_values,
)

FULL = PlacementOrder(
    objective="second_distance",
    capacities=7.5,
    practices=6,
    least_capacities=0.5,
    most_capacities=2.0,
    level="Planområde",
    quotas={"Vest": (1.0, 2.5), "Øst = nord": (0.0, 3.0)},
    candidates="grid",
    grid_m=2_000.0,
    forced_in=("6140_585", 'A "b" = c'),
    forced_out=("6140_586",),
    apart_m=1_500.0,
    serve_skal=True,
    movable=("012345",),
    movable_open=True,
    move_cost=250.0,
    seed=7,
    steps=100,
    seconds=5.0,
    gap=0.02,
    proof=False,
    frontier=True,
    trade_off="choice",
    scenario="first.toml",
    by_ydernummer=True,
)
PLAIN = PlacementOrder(capacities=2.0)


def saved(folder, order):
    path = folder / "place.toml"
    path.write_text(order_text(order), "utf-8")
    return path


@pytest.mark.parametrize("order", [FULL, PLAIN], ids=["full", "plain"])
def test_a_request_reads_back_as_it_was(order, tmp_path):
    found = build_order(read_order_values(saved(tmp_path, order)), where="place.toml")
    scenario = str(tmp_path / order.scenario) if order.scenario else ""
    assert found == replace(order, scenario=scenario)
    assert order_text(replace(found, scenario=order.scenario)) == order_text(order)


def test_files_are_read_from_the_folder_of_the_request(tmp_path):
    order = replace(PLAIN, candidates="lists/mine.csv", scenario="s.toml")
    values = read_order_values(saved(tmp_path, order))
    assert values["candidates"] == str(tmp_path / "lists" / "mine.csv")
    assert values["scenario"] == str(tmp_path / "s.toml")
    assert build_order(values, where="x").has_own_list
    assert not PLAIN.has_own_list


def test_beside_the_outputs_files_have_names_of_their_own():
    order = replace(PLAIN, candidates="/data/secret/mine.csv", scenario="/data/secret/s.toml")
    beside = named_beside(order, candidates="own_candidates.csv", scenario="first_scenario.toml")
    assert (beside.candidates, beside.scenario) == ("own_candidates.csv", "first_scenario.toml")
    assert "secret" not in order_text(beside)
    assert named_beside(PLAIN, candidates="", scenario="").candidates == "grid"


def test_the_request_to_the_placement_says_the_same():
    assert FULL.request(("012347", "012345")) == PlacementRequest(
        objective="second_distance",
        capacities=7.5,
        practices=6,
        least_capacities=0.5,
        most_capacities=2.0,
        level="Planområde",
        quotas={"Vest": (1.0, 2.5), "Øst = nord": (0.0, 3.0)},
        forced_in=("6140_585", 'A "b" = c'),
        forced_out=("6140_586",),
        apart_m=1_500.0,
        serve_skal=True,
        movable=("012345", "012347"),
        move_cost=250.0,
        seed=7,
        effort=Effort(steps=100, exact=False, seconds=5.0, gap=0.02),
    )


def test_defaults_are_those_of_the_placement():
    assert PLAIN.request() == PlacementRequest(objective=OBJECTIVES[0], capacities=2.0)


def test_what_is_not_given_is_not_written():
    values = order_values(PLAIN)
    left_out = {"practices", "most_capacities", "quotas", "forced_in", "scenario", "trade_off"}
    assert left_out & set(values) == set()
    assert values["capacities"] == 2.0


WRONG = {
    "an unknown key": ({"capacity": 2.0, "capacities": 2.0}, ["unknown key capacity", "known: "]),
    "nothing to place": ({}, ["capacities is missing"]),
    "a text for a number": ({"capacities": "2"}, ["capacities is '2'"]),
    "a truth for a number": ({"capacities": True}, ["capacities is True"]),
    "a number for a truth": ({"capacities": 1, "proof": 1}, ["proof is 1"]),
    "a number for a text": ({"capacities": 1, "objective": 3}, ["objective is 3"]),
    "half a seed": ({"capacities": 1, "seed": 0.5}, ["seed is 0.5"]),
    "a text for a list": ({"capacities": 1, "forced_in": "K1"}, ["forced_in is 'K1'"]),
    "a list of numbers": ({"capacities": 1, "movable": [12345]}, ["movable is [12345]"]),
    "a quota of one number": ({"capacities": 1, "quotas": {"0461": [1]}}, ["quotas is {'0461'"]),
    "a quota that is no list": ({"capacities": 1, "quotas": {"0461": 1}}, ["quotas is"]),
    "quotas that are no table": ({"capacities": 1, "quotas": 3}, ["quotas is 3"]),
    "a grid of towns": (
        {"capacities": 1, "grid_m": 500, "candidates": "towns"},
        ["grid_m is of a grid", "'towns'"],
    ),
    "a grid without a side": ({"capacities": 1, "grid_m": 0}, ["grid_m is 0, not above 0"]),
    "an objective against itself": (
        {"capacities": 1, "trade_off": "choice"},
        ["'choice' is weighed against itself"],
    ),
    "nothing to carry over": ({"capacities": 1, "by_ydernummer": True}, ["there is none"]),
    "all of it at once": (
        {"capacities": "x", "seed": "y", "hue": 1},
        ["unknown key hue", "capacities is 'x'", "seed is 'y'"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_request_that_cannot_be_meant_is_refused_with_all_that_is_wrong(case):
    values, parts = WRONG[case]
    with pytest.raises(PlacementError) as refusal:
        build_order(values, where="place.toml")
    for part in ["place.toml", *parts]:
        assert part in str(refusal.value)


BAD_FILES = {
    "no toml": ("format = ", "not valid TOML"),
    "no text": (b"\xff\xfe\x00", "not valid TOML"),
    "a newer version": ("format = 2\ncapacities = 1\n", "version 2; this program reads up to 1"),
    "no version": ("capacities = 1\n", "format = None"),
    "a version that is a truth": ("format = true\n", "format = True"),
    "a version that is a text": ('format = "1"\n', "format = '1'"),
    "too large": ("#" * (MAX_FILE_BYTES + 1), "more than 1,000,000 bytes"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_is_no_request_is_refused(case, tmp_path):
    content, part = BAD_FILES[case]
    path = tmp_path / "place.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PlacementError) as refusal:
        read_order_values(path)
    assert part in str(refusal.value)
    assert "place.toml" in str(refusal.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(MissingFileError):
        read_order_values(tmp_path / "no.toml")
    with pytest.raises(PlacementError, match="cannot be opened"):
        read_order_values(tmp_path)
