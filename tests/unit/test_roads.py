"""Reading roads: which ways are kept, which way they run, and what a bad file is told."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from coverage.errors import (
    EmptyTableError,
    LaegedaekningError,
    MissingFileError,
    UnreadableFileError,
)
from coverage.sources.roads import RoadFile, read_roads
from coverage.tables import ADDRESSES, check_table

Tags = Mapping[str, str]

# Six nodes in a row, about 64 m apart, at Odense.
NODES = {number: (10.40 + number / 1_000, 55.40) for number in range(1, 7)}
ROAD = {"highway": "residential"}


def write_osm(
    path: Path,
    ways: Sequence[tuple[Tags, Sequence[int]]],
    *,
    relations: Sequence[tuple[Tags, Sequence[int]]] = (),
    addresses: Sequence[Tags] = (),
) -> Path:
    """Write nodes 1 to 6, ways numbered from 1, relations of ways, and addresses at node 1."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, location in NODES.items():
            writer.add_node(Node(id=number, location=location, tags={}))
        for number, tags in enumerate(addresses):
            writer.add_node(Node(id=100 + number, location=NODES[1], tags=dict(tags)))
        for number, (tags, nodes) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, nodes=list(nodes), tags=dict(tags)))
        for number, (tags, members) in enumerate(relations, start=1):
            parts = [("w", way, "") for way in members]
            writer.add_relation(Relation(id=number, members=parts, tags=dict(tags)))
    return path


@pytest.fixture
def read_ways(tmp_path: Path) -> Callable[..., RoadFile]:
    """Read a file with one way of nodes 1, 2, 3 for each set of tags."""

    def read(*tags: Tags, **more: object) -> RoadFile:
        ways = [(one, (1, 2, 3)) for one in tags]
        return read_roads(write_osm(tmp_path / "roads.osm.pbf", ways, **more))  # type: ignore[arg-type]

    return read


# --- the forms of the file ------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz", ".OSM.PBF"])
def test_every_form_of_file_gives_the_same_roads(tmp_path: Path, suffix: str) -> None:
    plain = write_osm(tmp_path / f"plain{suffix.lower()}", [(ROAD, (1, 2, 3)), (ROAD, (3, 5))])
    found = read_roads(plain.rename(tmp_path / f"roads{suffix}"))
    assert found.roads.point_osm_id.tolist() == [1, 2, 3, 5]
    ways = np.split(found.roads.point_osm_id[found.roads.way_point], found.roads.way_start[1:-1])
    assert [way.tolist() for way in ways] == [[1, 2, 3], [3, 5]]
    # UTM 32 has its central meridian at 9 degrees east: Odense is right of it.
    assert found.roads.point_x_m[0] == pytest.approx(588_800, abs=200)
    assert found.roads.point_y_m[0] == pytest.approx(6_140_400, abs=400)
    assert np.diff(found.roads.point_x_m)[:2] == pytest.approx(63.4, abs=0.5)


def test_the_account_adds_up_and_names_the_file(read_ways: Callable[..., RoadFile]) -> None:
    account = read_ways(ROAD, {"highway": "track"}, {**ROAD, "access": "private"}).provenance
    assert account.role == "roads"
    assert account.file_name == "roads.osm.pbf"
    assert account.rows_read == 3
    assert account.rows_kept == 1
    assert account.dropped == {"closed to cars": 1, "not a road for cars": 1}
    assert account.rows_read == account.rows_kept + sum(account.dropped.values())


# --- one-way --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "1"}, 1),
        ({"oneway": "true"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "reverse"}, -1),
        ({"oneway": "no"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "circular"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 0),
        ({"junction": "roundabout", "oneway": "-1"}, -1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"oneway:bicycle": "no", "oneway": "yes"}, 1),
    ],
)
def test_direction(read_ways: Callable[..., RoadFile], tags: Tags, direction: int) -> None:
    assert read_ways({**ROAD, **tags}).roads.way_direction.tolist() == [direction]


# --- which ways are roads for cars ----------------------------------------------------

OPEN = [
    {"highway": "unclassified"},
    {"highway": "service"},
    {"highway": "service", "service": "driveway"},
    {"highway": "living_street"},
    {"access": "yes"},
    {"access": "destination"},
    {"access": "customers"},
    # The most specific tag wins.
    {"access": "no", "vehicle": "yes"},
    {"access": "private", "motor_vehicle": "destination"},
    {"vehicle": "no", "motorcar": "yes"},
    {"motor_vehicle": "private", "motorcar": "designated"},
]
CLOSED = [
    {"access": "no"},
    {"access": "private"},
    {"vehicle": "no"},
    {"motor_vehicle": "no"},
    {"motorcar": "no"},
    {"motor_vehicle": "agricultural"},
    {"access": "yes", "motor_vehicle": "no"},
    {"motor_vehicle": "yes", "motorcar": "no"},
    {"access": "military"},
]
NO_ROAD = [
    {"highway": "track"},
    {"highway": "footway"},
    {"highway": "cycleway"},
    {"highway": "construction"},
    {"highway": "service", "service": "parking_aisle"},
    {"highway": "service", "service": "emergency_access"},
]


@pytest.mark.parametrize("tags", OPEN, ids=str)
def test_a_road_open_to_cars_is_kept(read_ways: Callable[..., RoadFile], tags: Tags) -> None:
    account = read_ways({**ROAD, **tags}).provenance
    assert (account.rows_read, account.rows_kept, account.dropped) == (1, 1, {})


@pytest.mark.parametrize(
    ("tags", "reason"),
    [(tags, "closed to cars") for tags in CLOSED]
    + [(tags, "not a road for cars") for tags in NO_ROAD],
    ids=str,
)
def test_another_way_is_dropped_with_its_reason(
    read_ways: Callable[..., RoadFile], tags: Tags, reason: str
) -> None:
    account = read_ways(ROAD, {**ROAD, **tags}).provenance
    assert (account.rows_read, account.rows_kept) == (2, 1)
    assert account.dropped == {reason: 1}


def test_no_home_joins_a_motorway_or_a_ferry(read_ways: Callable[..., RoadFile]) -> None:
    kinds = [ROAD, {"highway": "motorway"}, {"highway": "motorway_link"}, {"route": "ferry"}]
    assert read_ways(*kinds).roads.way_takes_homes.tolist() == [True, False, False, False]


# --- ferries --------------------------------------------------------------------------


def test_a_ferry_way_is_kept_as_a_ferry_that_sails_both_ways(
    read_ways: Callable[..., RoadFile],
) -> None:
    found = read_ways(ROAD, {"route": "ferry", "oneway": "yes"})
    assert found.roads.way_is_ferry.tolist() == [False, True]
    assert found.roads.way_direction.tolist() == [0, 0]
    assert found.provenance.rows_read == 2


@pytest.mark.parametrize("key", ["motor_vehicle", "motorcar", "access"])
def test_a_ferry_without_cars_is_dropped(read_ways: Callable[..., RoadFile], key: str) -> None:
    found = read_ways(ROAD, {"route": "ferry", key: "no"})
    assert found.roads.way_is_ferry.tolist() == [False]
    assert found.provenance.dropped == {"closed to cars": 1}


@pytest.mark.parametrize("tags", [{"name": "Overfarten"}, {"route": "other"}, {}], ids=str)
def test_a_ferry_that_only_a_relation_names_is_kept(
    read_ways: Callable[..., RoadFile], tags: Tags
) -> None:
    ferry = ({"type": "route", "route": "ferry"}, [2])
    found = read_ways(ROAD, tags, relations=[ferry])
    assert found.roads.way_is_ferry.tolist() == [False, True]
    assert (found.provenance.rows_read, found.provenance.rows_kept) == (2, 2)


def test_a_ferry_way_that_a_relation_names_too_is_kept_once(
    read_ways: Callable[..., RoadFile],
) -> None:
    ferry = ({"type": "route", "route": "ferry"}, [1, 2])
    found = read_ways(ROAD, {"route": "ferry"}, relations=[ferry])
    # A road that belongs to a ferry route, such as the way to its quay, stays a road.
    assert found.roads.way_is_ferry.tolist() == [False, True]


@pytest.mark.parametrize("route", ["bus", "train", "hiking"])
def test_another_route_is_no_road(read_ways: Callable[..., RoadFile], route: str) -> None:
    found = read_ways(ROAD, {"route": route}, relations=[({"route": route}, [2])])
    assert len(found.roads.way_direction) == 1


def test_a_road_that_carries_a_route_tag_is_a_road(read_ways: Callable[..., RoadFile]) -> None:
    roads = read_ways({**ROAD, "route": "bus"}, {**ROAD, "route": "ferry"}).roads
    assert roads.way_is_ferry.tolist() == [False, False]


# --- the edge of an extract -----------------------------------------------------------


def test_nodes_outside_the_extract_are_counted_and_the_rest_is_kept(tmp_path: Path) -> None:
    ways = [(ROAD, (1, 2, 3)), (ROAD, (3, 4, 999)), (ROAD, (5, 998))]
    found = read_roads(write_osm(tmp_path / "roads.osm.pbf", ways))
    assert found.roads.way_start.tolist() == [0, 3, 5]
    assert found.roads.point_osm_id.tolist() == [1, 2, 3, 4]
    account = found.provenance
    assert "2 way nodes lie outside the extract" in account.notes
    assert account.dropped == {"fewer than two nodes in the file": 1}
    assert account.rows_read == account.rows_kept + sum(account.dropped.values())


# --- addresses ------------------------------------------------------------------------


def test_address_nodes_become_a_table(read_ways: Callable[..., RoadFile]) -> None:
    full = {
        "addr:street": "Æblevej",
        "addr:housenumber": "12B",
        "addr:postcode": "5000",
        "addr:city": "Odense C",
    }
    island = {"addr:place": "Hjelm", "addr:housenumber": "3"}
    nowhere = {"addr:housenumber": "7"}
    found = read_ways(ROAD, addresses=[full, island, nowhere])
    table = check_table(found.addresses, ADDRESSES, where="addresses")
    columns = ["street", "house_number", "postcode", "town"]
    assert table[columns].values.tolist() == [
        ["Æblevej", "12B", "5000", "Odense C"],
        ["Hjelm", "3", "", ""],
    ]
    assert table["x_m"].tolist() == pytest.approx([found.roads.point_x_m[0]] * 2)
    assert "2 address nodes" in found.provenance.notes


def test_a_file_without_addresses_gives_an_empty_table(read_ways: Callable[..., RoadFile]) -> None:
    table = read_ways(ROAD).addresses
    assert list(table.columns) == list(ADDRESSES.columns)
    assert table.empty


# --- files that cannot be used --------------------------------------------------------


def failure_of(path: Path, kind: type[LaegedaekningError], exit_code: int) -> str:
    with pytest.raises(kind) as caught:
        read_roads(path)
    assert type(caught.value) is kind
    assert caught.value.exit_code == exit_code
    assert caught.value.hint
    message = str(caught.value)
    assert path.name in message
    if kind is not MissingFileError:  # what is not there is named in full
        assert str(path.parent) not in message
    return message


def test_a_truncated_file(tmp_path: Path) -> None:
    whole = write_osm(tmp_path / "whole.osm.pbf", [(ROAD, (1, 2, 3))]).read_bytes()
    for share in (0.3, 0.6, 0.95):
        path = tmp_path / "roads.osm.pbf"
        path.write_bytes(whole[: int(len(whole) * share)])
        message = failure_of(path, UnreadableFileError, 11)
        assert "truncated or of another kind" in message
        assert "Download the file again" in message


def test_a_truncated_xml_file(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [(ROAD, (1, 2, 3))])
    path.write_bytes(path.read_bytes()[:-40])
    assert "truncated" in failure_of(path, UnreadableFileError, 11)


def test_another_kind_of_file_under_the_name(tmp_path: Path) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(b"PK\x03\x04 a zip file, not roads" * 20)
    assert "of another kind" in failure_of(path, UnreadableFileError, 11)


@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n", "\ufeff\n<HTML>", "<html lang='da'>"])
def test_a_web_page_saved_under_the_name(tmp_path: Path, start: str) -> None:
    path = tmp_path / "denmark-latest.osm.pbf"
    path.write_text(f"{start}<body>Log in</body>", "utf-8")
    message = failure_of(path, UnreadableFileError, 11)
    assert "is a web page, not data" in message
    assert "login or error page" in message


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.touch()
    assert "The roads file is empty" in failure_of(path, UnreadableFileError, 11)


def test_a_missing_file(tmp_path: Path) -> None:
    message = failure_of(tmp_path / "roads.osm.pbf", MissingFileError, 10)
    assert "The roads file is not there" in message


def test_a_file_of_another_suffix(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    path.write_text("{}")
    message = failure_of(path, UnreadableFileError, 11)
    assert "is not an OpenStreetMap file" in message
    assert ".osm.pbf" in message


@pytest.mark.parametrize("ways", [[], [({"highway": "track"}, (1, 2))]], ids=["none", "tracks"])
def test_a_file_without_roads(tmp_path: Path, ways: list[tuple[Tags, Sequence[int]]]) -> None:
    path = write_osm(tmp_path / "roads.osm.pbf", ways)
    message = failure_of(path, EmptyTableError, 15)
    assert f"no drivable road ({len(ways)} ways read)" in message
    assert "extract with all highway ways" in message
