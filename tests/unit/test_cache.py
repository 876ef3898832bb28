"""The cache of prepared roads: it may spare time, and may never change an answer."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from coverage.cache import prepare_roads
from coverage.errors import UnreadableFileError
from tests.straight_road import RULES
from tests.tiny_study import write_study

TRAVEL = RULES.travel


@pytest.fixture
def roads(tmp_path):
    return write_study(tmp_path / "study").parent / "roads.osm.pbf"


def same(one, other):
    for field in fields(one.graph):
        np.testing.assert_array_equal(
            getattr(one.graph, field.name), getattr(other.graph, field.name)
        )
    pd.testing.assert_frame_equal(one.addresses, other.addresses)
    assert one.provenance == other.provenance


def stored(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_what_is_loaded_is_what_was_stored(roads, tmp_path):
    folder = tmp_path / "cache"
    fresh, works = prepare_roads(roads, None, TRAVEL, folder)
    assert works
    assert len(stored(folder)) == 3
    same(prepare_roads(roads, None, TRAVEL, folder)[0], fresh)


def test_the_second_time_the_road_file_is_not_parsed(roads, tmp_path, monkeypatch):
    prepare_roads(roads, None, TRAVEL, tmp_path / "cache")

    def fail(*_arguments, **_keywords):
        pytest.fail("the road file was parsed again")

    monkeypatch.setattr("coverage.cache.read_road_file", fail)
    prepare_roads(roads, None, TRAVEL, tmp_path / "cache")


def test_a_changed_road_file_is_read_anew(roads, tmp_path):
    folder = tmp_path / "cache"
    prepare_roads(roads, None, TRAVEL, folder)
    roads.write_bytes(roads.read_bytes()[:-40])
    with pytest.raises(UnreadableFileError):
        prepare_roads(roads, None, TRAVEL, folder)


@pytest.mark.parametrize("change", [{"use_ferries": True}, {"open_one_way_traps": False}])
def test_rules_that_shape_the_graph_have_a_cache_of_their_own(roads, tmp_path, change):
    folder = tmp_path / "cache"
    prepare_roads(roads, None, TRAVEL, folder)
    prepare_roads(roads, None, replace(TRAVEL, **change), folder)
    assert len(stored(folder)) == 6


def test_rules_that_do_not_shape_the_graph_share_it(roads, tmp_path):
    folder = tmp_path / "cache"
    prepare_roads(roads, None, TRAVEL, folder)
    prepare_roads(roads, None, replace(TRAVEL, max_leg_m=500.0), folder)
    assert len(stored(folder)) == 3


@pytest.mark.parametrize("suffix", [".npz", ".parquet", ".json"])
@pytest.mark.parametrize("content", [b"", b"damaged", None])
def test_a_damaged_or_half_cache_is_made_anew(roads, tmp_path, suffix, content):
    folder = tmp_path / "cache"
    fresh, _ = prepare_roads(roads, None, TRAVEL, folder)
    victim = next(folder.glob(f"*{suffix}"))
    if content is None:
        victim.unlink()
    else:
        victim.write_bytes(content)
    same(prepare_roads(roads, None, TRAVEL, folder)[0], fresh)
    assert len(stored(folder)) == 3


def test_a_cache_that_cannot_be_written_is_said_and_costs_no_answer(roads, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    prepared, works = prepare_roads(roads, None, TRAVEL, blocked / "cache")
    assert not works
    assert prepared.graph.edge_count == 56


def test_without_a_folder_nothing_is_written(roads, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    prepare_roads(roads, None, TRAVEL, None)
    assert sorted(tmp_path.rglob("*")) == before
