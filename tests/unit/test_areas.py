"""Which area a point lies in, on squares whose answers can be read off."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from coverage.areas import locate_in_areas
from coverage.errors import CrsError

# Two squares of 10 km that share the border x = 510 km, where a UTM metre is 0.9996 m.
WEST = box(500_000, 6_100_000, 510_000, 6_110_000)
EAST = box(510_000, 6_100_000, 520_000, 6_110_000)


def areas(ids: list[str], shapes: list[object], crs: object = "EPSG:25832") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": ids}, geometry=shapes, crs=crs)


def locate(
    x: list[float], y: list[float], frame: gpd.GeoDataFrame, limit: float = 0.0
) -> list[object]:
    found = locate_in_areas(x, y, frame, "code", max_distance_m=limit)
    assert found.index.tolist() == list(range(len(x)))
    assert found.dtype == "str"
    return [None if missing else code for code, missing in zip(found, found.isna(), strict=True)]


def test_inside_outside_and_without_coordinates() -> None:
    frame = areas(["W", "E"], [WEST, EAST])
    x = [505_000.0, 515_000.0, 525_000.0, np.nan, 505_000.0]
    y = [6_105_000.0, 6_105_000.0, 6_105_000.0, 6_105_000.0, np.nan]
    assert locate(x, y, frame) == ["W", "E", None, None, None]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_shared_border_goes_to_the_lowest_id(order: list[int]) -> None:
    frame = areas(["W", "E"], [WEST, EAST]).iloc[order]
    assert locate([510_000.0, 500_000.0], [6_105_000.0, 6_100_000.0], frame) == ["E", "W"]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_overlap_goes_to_the_lowest_id(order: list[int]) -> None:
    frame = areas(["W", "E"], [WEST, WEST]).iloc[order]
    assert locate([505_000.0], [6_105_000.0], frame) == ["E"]


def test_nearest_within_the_limit_on_the_ground() -> None:
    frame = areas(["E"], [EAST])
    # At x = 520 km one map metre is 1/0.9996 ground metres: 999.5 map metres are under 1,000.
    assert locate([520_999.5, 521_000.5], [6_105_000.0] * 2, frame, 1000.0) == ["E", None]
    exactly_m = 1000.0 * 0.9996
    assert locate([520_000.0 + exactly_m - 0.05], [6_105_000.0], frame, 1000.0) == ["E"]
    assert locate([520_000.0 + exactly_m + 0.05], [6_105_000.0], frame, 1000.0) == [None]
    assert locate([520_000.001], [6_105_000.0], frame, 0.0) == [None]


def test_limit_is_on_the_ground_at_both_ends_of_the_country() -> None:
    """A kilometre is 999.6 m of the map west of Odense and 1,001.4 m at Bornholm."""
    bornholm = box(870_000, 6_100_000, 880_000, 6_110_000)
    frame = areas(["B", "E"], [bornholm, EAST])
    x = [881_001.0, 881_001.8, 520_999.5, 520_999.9]
    assert locate(x, [6_105_000.0] * 4, frame, 1000.0) == ["B", None, "E", None]


def test_nearest_is_chosen_among_several() -> None:
    far = box(530_000, 6_100_000, 540_000, 6_110_000)
    frame = areas(["A", "B"], [far, EAST])
    assert locate([521_000.0, 529_000.0], [6_105_000.0] * 2, frame, 10_000.0) == ["B", "A"]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_equally_near_goes_to_the_lowest_id(order: list[int]) -> None:
    frame = areas(["W", "E"], [WEST, EAST]).iloc[order]
    # Straight above the corner that the two squares share.
    assert locate([510_000.0], [6_110_500.0], frame, 1000.0) == ["E"]


def test_inside_beats_near() -> None:
    frame = areas(["A", "B"], [WEST, EAST])
    assert locate([510_000.5], [6_105_000.0], frame, 1000.0) == ["B"]


def test_holes_islands_and_parts_as_rows() -> None:
    hole = box(504_000, 6_104_000, 506_000, 6_106_000)
    holed = Polygon(WEST.exterior.coords, [hole.exterior.coords])
    island = box(550_000, 6_100_000, 551_000, 6_101_000)
    joined = areas(["W"], [MultiPolygon([holed, island])])
    as_rows = areas(["W", "W"], [holed, island])
    x, y = [505_000.0, 550_500.0, 501_000.0], [6_105_000.0, 6_100_500.0, 6_101_000.0]
    assert locate(x, y, joined) == locate(x, y, as_rows) == [None, "W", "W"]


def test_areas_without_geometry_claim_nothing() -> None:
    frame = areas(["A", "B", "W"], [None, MultiPolygon(), WEST])
    assert locate([505_000.0, 700_000.0], [6_105_000.0] * 2, frame, 5000.0) == ["W", None]


def test_no_areas_and_no_points() -> None:
    assert locate([505_000.0], [6_105_000.0], areas([], []), 1000.0) == [None]
    assert locate([], [], areas(["W"], [WEST]), 1000.0) == []


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:3035"])
def test_other_coordinate_systems_are_refused(crs: str | None) -> None:
    with pytest.raises(CrsError, match="EPSG:25832") as caught:
        locate([505_000.0], [6_105_000.0], areas(["W"], [WEST], crs))
    assert caught.value.exit_code == 24


def test_against_one_by_one_geometry() -> None:
    """Many points against crooked areas, each compared with every area by plain distance."""
    random = np.random.default_rng(7)
    shapes = []
    for _ in range(12):
        angle = np.sort(random.uniform(0, 2 * np.pi, 60))
        radius = random.uniform(2_000, 9_000, 60)
        x0, y0 = random.uniform(480_000, 560_000), random.uniform(6_080_000, 6_140_000)
        ring = np.column_stack([x0 + radius * np.cos(angle), y0 + radius * np.sin(angle)])
        shapes.append(Polygon(ring))
    ids = [f"{number:02d}" for number in random.permutation(12)]
    frame = areas(ids, shapes)
    x = random.uniform(470_000, 570_000, 800)
    y = random.uniform(6_070_000, 6_150_000, 800)
    found = locate(x.tolist(), y.tolist(), frame, 3000.0)
    points = gpd.points_from_xy(x, y)
    expected = []
    for point, x_m in zip(points, x, strict=True):
        scale = 0.9996 * (1 + ((x_m - 500_000) / 6_383_000) ** 2 / 2)
        near = sorted(
            (round(shape.distance(point) / scale, 3), code)
            for shape, code in zip(shapes, ids, strict=True)
        )
        expected.append(near[0][1] if near[0][0] <= 3000.0 else None)
    assert found == expected
    assert {None} < set(found)
