"""The layers of the maps: GeoJSON, the picture of people's status, colours."""

import dataclasses
import io
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from coverage.assessment import place_candidates
from coverage.choice import STATUSES
from coverage.exports.map_colours import LAND_COLOUR, PRACTICE_COLOURS, STATUS_COLOURS
from coverage.exports.map_layers import (
    KOMMUNE_FIELDS,
    PRACTICE_FIELDS,
    build_raster,
    escape_for_map,
    kommuner_geojson,
    leaflet_files,
    paint_status,
    practices_geojson,
    simplified_outlines,
    status_image,
    surroundings_geojson,
    towns_geojson,
)
from coverage.units import LONLAT_EPSG, WEB_EPSG, WORK_EPSG, reproject
from tests.colour_sight import SIGHT, lab, linear
from tests.drawn_town import ROAD_Y_M, SOUTH_M, WEST_M, drawn_assessment


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


def status_at(image, x_m, y_m):
    """The status that a web map shows at a place, by Leaflet's own arithmetic; None for nobody."""
    picture = Image.open(io.BytesIO(image.png))
    west, south = reproject(image.west, image.south, from_epsg=LONLAT_EPSG, to_epsg=WEB_EPSG)
    east, north = reproject(image.east, image.north, from_epsg=LONLAT_EPSG, to_epsg=WEB_EPSG)
    web_x, web_y = reproject(x_m, y_m, from_epsg=WORK_EPSG, to_epsg=WEB_EPSG)
    column = int((web_x - west) // ((east - west) / picture.width))
    row = int((north - web_y) // ((north - south) / picture.height))
    if not (0 <= column < picture.width and 0 <= row < picture.height):
        return None
    red, green, blue, alpha = picture.convert("RGBA").getpixel((column, row))
    if alpha == 0:
        return None
    return {colour: status for status, colour in STATUS_COLOURS.items()}[
        f"#{red:02x}{green:02x}{blue:02x}"
    ]


class TestEscape:
    @pytest.mark.parametrize("sign", list("<>&\"'{}$\\`"))
    def test_every_sign_that_markup_or_a_template_reads_becomes_a_number(self, sign):
        assert escape_for_map(f"a{sign}b") == f"a&#{ord(sign)};b"

    def test_danish_letters_stay(self):
        assert escape_for_map("Læge Ærø Å-gård (3)") == "Læge Ærø Å-gård (3)"


class TestKommuner:
    def test_figures_are_ready_to_be_shown(self, assessment):
        features = kommuner_geojson(assessment, "da")["features"]
        nyborg = next(f for f in features if f["properties"]["kommune_code"] == "0450")
        shown = nyborg["properties"]
        assert set(shown) == {"kommune_code", *KOMMUNE_FIELDS}
        assert shown["name"] == "Nyborg"
        assert shown["persons"] == "191"
        assert shown["share_two_or_more"] == "63,8 %"
        assert shown["first_median"] == "9,50 km"

    def test_outlines_are_degrees_with_five_decimals_and_share_their_border(self, assessment):
        west, east = (
            shapely.geometry.shape(feature["geometry"])
            for feature in kommuner_geojson(assessment, "da")["features"]
        )
        coordinates = shapely.get_coordinates([west, east])
        assert (np.round(coordinates, 5) == coordinates).all()
        assert (coordinates[:, 0] > 9).all()
        assert (coordinates[:, 0] < 12).all()
        assert west.intersection(east).length > 0.1
        assert west.intersection(east).area == 0

    def test_a_wiggly_border_is_simplified_without_gap_or_overlap(self):
        wiggle = [(500_000 + (i % 2) * 90, 6_200_000 + i * 50) for i in range(201)]
        left = shapely.Polygon([(490_000, 6_200_000), *wiggle, (490_000, 6_210_000)])
        right = shapely.Polygon([(510_000, 6_200_000), *wiggle, (510_000, 6_210_000)])
        one, other = simplified_outlines(np.array([left, right]))
        assert shapely.get_num_coordinates(one) < 20
        assert one.intersection(other).area == 0
        whole = one.union(other)
        assert whole.geom_type == "Polygon"
        assert not whole.interiors

    def test_a_kommune_without_outline_is_left_to_the_tables(self, assessment):
        kommuner = assessment.tables.kommuner
        bare = gpd.GeoDataFrame(
            {"kommune_code": ["0482"], "name": ["Langeland"]}, geometry=[None], crs=kommuner.crs
        )
        tables = dataclasses.replace(assessment.tables, kommuner=pd.concat([kommuner, bare]))
        layer = kommuner_geojson(dataclasses.replace(assessment, tables=tables), "da")
        assert [feature["id"] for feature in layer["features"]] == ["0450", "0461"]

    def test_a_kommune_where_nobody_lives_says_so(self, assessment):
        kommuner = assessment.tables.kommuner
        empty = kommuner.iloc[[0]].assign(
            kommune_code="0482", geometry=[shapely.box(650_000, 6_220_000, 660_000, 6_230_000)]
        )
        tables = dataclasses.replace(assessment.tables, kommuner=pd.concat([kommuner, empty]))
        layer = kommuner_geojson(dataclasses.replace(assessment, tables=tables), "da")
        shown = layer["features"][-1]["properties"]
        assert shown["kommune_code"] == "0482"
        assert shown["persons"] == "ingen bor her"


class TestPractices:
    def test_every_placed_practice_and_no_other(self, assessment):
        features = practices_geojson(assessment, "da")["features"]
        assert [feature["id"] for feature in features] == [
            "010001", "010002", "010003", "010004", "010006",
        ]  # fmt: skip

    def test_says_in_words_what_the_register_says(self, assessment):
        by_id = {f["id"]: f["properties"] for f in practices_geojson(assessment, "da")["features"]}
        first = by_id["010001"]
        assert set(PRACTICE_FIELDS) <= set(first)
        assert first["address"] == "Landevejen 1, 5000 Vesterby"
        assert first["capacities"] == "1,5"
        assert first["listed"] == "1.001"
        assert by_id["010003"]["listed"] == "mangler"

    def test_open_closed_and_unknown(self, assessment):
        by_id = {f["id"]: f["properties"] for f in practices_geojson(assessment, "da")["features"]}
        assert by_id["010001"]["symbol"] == "open"
        assert by_id["010003"]["symbol"] == "closed"
        assert by_id["010006"]["is_open"] is False
        assert "ukendt" in by_id["010006"]["intake"]

    def test_point_is_where_the_practice_is(self, assessment):
        feature = practices_geojson(assessment, "da")["features"][0]
        x_m, y_m = reproject(
            *feature["geometry"]["coordinates"], from_epsg=LONLAT_EPSG, to_epsg=WORK_EPSG
        )
        assert abs(float(x_m) - 561_000) < 1
        assert abs(float(y_m) - ROAD_Y_M) < 1


class TestTowns:
    def test_names_do_not_run_into_each_other_and_the_larger_one_wins(self, assessment):
        towns = assessment.tables.towns
        close = towns.iloc[[0]].assign(name="Storby", persons=90_000.0, x_m=WEST_M + 1_500.0)
        tables = dataclasses.replace(assessment.tables, towns=pd.concat([towns, close]))
        labels = {
            f["properties"]["name"]: f["properties"]["label"]
            for f in towns_geojson(tables)["features"]
        }
        assert labels == {"Storby": True, "Vesterby": False, "Midterby": True, "Østerlund": True}

    def test_unknown_size_is_null_not_zero(self, assessment):
        persons = [f["properties"]["persons"] for f in towns_geojson(assessment.tables)["features"]]
        assert persons == [1200.0, 310.0, None]


class TestStatusImage:
    @pytest.mark.parametrize(
        ("km", "status"),
        [(0.5, "two_or_more"), (22.5, "one"), (45.5, "none"), (5.0, None), (44.5, None)],
    )
    def test_each_cell_shows_its_status_and_empty_land_nothing(self, assessment, km, status):
        image = status_image(assessment)
        assert status_at(image, WEST_M + km * 1000, ROAD_Y_M) == status

    def test_the_island_without_a_road_to_a_practice(self, assessment):
        image = status_image(assessment)
        assert status_at(image, WEST_M + 31_500, SOUTH_M + 8_500) == "no_road_connection"

    @pytest.mark.parametrize("dx_m", [-40, 40, 960, 1040])
    @pytest.mark.parametrize("dy_m", [-40, 40, 960, 1040])
    def test_edges_of_a_cell_lie_where_they_are_within_forty_metres(self, assessment, dx_m, dy_m):
        inside = 0 < dx_m < 1000 and 0 < dy_m < 1000
        found = status_at(status_image(assessment), WEST_M + 45_000 + dx_m, SOUTH_M + dy_m)
        assert found == ("none" if inside else None)

    def test_addresses_show_as_250_m_squares_of_their_cell(self, assessment):
        # Cell C is 14.5 to 15.5 km; its addresses, at 14.7, 15.2 and 15.3 km, lie at its middle.
        image = status_image(assessment)
        assert status_at(image, WEST_M + 14_700, ROAD_Y_M + 100) == "two_or_more"
        assert status_at(image, WEST_M + 14_700, ROAD_Y_M + 400) is None
        assert status_at(image, WEST_M + 14_900, ROAD_Y_M + 100) is None

    def test_whole_cells_when_people_are_measured_from_cells(self):
        image = status_image(drawn_assessment(resolution="cell"))
        assert status_at(image, WEST_M + 14_900, ROAD_Y_M + 400) == "two_or_more"

    def test_a_square_shows_the_worst_that_anyone_in_it_has(self, assessment):
        table = assessment.choice.by_origin
        worse = table.assign(
            road_status=table["road_status"].where(table["origin_id"] != "C/3", "none")
        )
        choice = dataclasses.replace(assessment.choice, by_origin=worse)
        image = status_image(dataclasses.replace(assessment, choice=choice))
        assert status_at(image, WEST_M + 15_250 + 20, ROAD_Y_M + 100) == "none"
        assert status_at(image, WEST_M + 14_700, ROAD_Y_M + 100) == "two_or_more"

    def test_the_straight_line_has_a_picture_of_its_own(self, assessment):
        # From the island P4 is 8.6 km away, P2 28: one in a straight line.
        image = status_image(assessment, "straight")
        assert status_at(image, WEST_M + 31_500, SOUTH_M + 8_500) == "one"

    def test_a_cell_of_the_european_grid_lies_where_it_is(self, assessment):
        # The grid is turned by some degrees against the map: corners tell.
        x_m, y_m = reproject(WEST_M, SOUTH_M, from_epsg=WORK_EPSG, to_epsg=3035)
        west_m, south_m = float(x_m) // 1000 * 1000, float(y_m) // 1000 * 1000
        origins = assessment.origins.table.iloc[[0]]
        cells = assessment.tables.cells.iloc[[0]].assign(
            grid_epsg=3035, west_m=west_m, south_m=south_m
        )
        one = dataclasses.replace(
            assessment,
            tables=dataclasses.replace(assessment.tables, cells=cells),
            origins=dataclasses.replace(assessment.origins, table=origins),
            choice=dataclasses.replace(
                assessment.choice, by_origin=assessment.choice.by_origin.iloc[[0]]
            ),
        )
        image = status_image(one)
        for east, north in itertools.product((-50, 50, 950, 1050), repeat=2):
            at_x, at_y = reproject(
                west_m + east, south_m + north, from_epsg=3035, to_epsg=WORK_EPSG
            )
            inside = 0 < east < 1000 and 0 < north < 1000
            found = status_at(image, at_x, at_y)
            assert found == ("two_or_more" if inside else None), (east, north)

    @pytest.mark.parametrize(("cell", "square"), [("none", "one"), ("one", "none")])
    def test_the_worse_shows_where_a_cell_and_a_square_overlap(self, assessment, cell, square):
        # D, all of a cell, is laid over C, whose persons are at addresses: two grids.
        cells = assessment.tables.cells
        over = cells["west_m"].where(cells["cell_id"] != "D", WEST_M + 14_400.0)
        tables = dataclasses.replace(assessment.tables, cells=cells.assign(west_m=over))
        table = assessment.choice.by_origin
        in_c = table["origin_id"].str.startswith("C/")
        status = table["road_status"].mask(table["origin_id"] == "D", cell).mask(in_c, square)
        choice = dataclasses.replace(assessment.choice, by_origin=table.assign(road_status=status))
        image = status_image(dataclasses.replace(assessment, tables=tables, choice=choice))
        assert status_at(image, WEST_M + 14_700, ROAD_Y_M + 100) == "none"
        assert status_at(image, WEST_M + 14_900, ROAD_Y_M + 100) == cell

    @pytest.mark.parametrize("measure", ["road", "straight"])
    def test_one_raster_serves_every_placed_practice(self, assessment, monkeypatch, measure):
        raster = build_raster(assessment)
        place = {"site_id": ["K1"], "x_m": [WEST_M + 44_000.0], "y_m": [ROAD_Y_M]}
        placed = place_candidates(assessment, pd.DataFrame(place))
        expected = status_image(placed, measure)
        # A projection costs more than the whole painting, once in each of the app's threads.
        monkeypatch.setattr("coverage.exports.status_raster.reproject", None)
        before, after = (paint_status(raster, one.choice, measure) for one in (assessment, placed))
        monkeypatch.undo()
        assert after == expected
        assert status_at(before, WEST_M + 45_500, ROAD_Y_M) == "none"
        assert status_at(after, WEST_M + 45_500, ROAD_Y_M) == "one"

    def test_nobody_at_all_is_one_clear_pixel(self, assessment):
        none = assessment.choice.by_origin.assign(persons=0.0)
        choice = dataclasses.replace(assessment.choice, by_origin=none)
        image = status_image(dataclasses.replace(assessment, choice=choice))
        assert Image.open(io.BytesIO(image.png)).convert("RGBA").getpixel((0, 0))[3] == 0


class TestColours:
    @pytest.mark.parametrize("sight", SIGHT)
    def test_every_two_statuses_are_told_apart(self, sight):
        """CIE 1976: a difference of 10 is plain side by side; 20 leaves room for opacity."""
        seen = {name: lab(SIGHT[sight] @ linear(c)) for name, c in STATUS_COLOURS.items()}
        for one, other in itertools.combinations(seen, 2):
            assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)

    def test_worse_is_darker_and_the_good_end_is_near_the_land(self):
        order = ["two_or_more", "one", "none"]
        lightness = [lab(linear(STATUS_COLOURS[status]))[0] for status in order]
        assert lightness == sorted(lightness, reverse=True)
        land = lab(linear(LAND_COLOUR))
        apart = [np.linalg.norm(lab(linear(STATUS_COLOURS[s])) - land) for s in order]
        assert apart == sorted(apart)

    def test_every_status_has_a_colour(self):
        assert set(STATUS_COLOURS) == set(STATUSES)
        assert set(PRACTICE_COLOURS) == {"open", "closed"}


def test_leaflet_is_installed_with_its_pictures():
    names = {path.name for path in leaflet_files()}
    assert {"leaflet.js", "leaflet.css", "layers.png"} <= names
    assert all(path.stat().st_size > 0 for path in leaflet_files())


def test_the_land_around_is_drawn_from_the_neighbouring_kommuner_near_by():
    assessment = drawn_assessment()
    assert surroundings_geojson(assessment)["features"] == []
    boxes = {"0440": (608_000, 0), "0420": (-900_000, 0)}
    neighbours = gpd.GeoDataFrame(
        {"kommune_code": list(boxes), "name": ["Kerteminde", "Assens"]},
        geometry=[shapely.box(x_m, 6_220_000, x_m + 9_000, 6_228_000) for x_m, _ in boxes.values()],
        crs=25832,
    )
    tables = dataclasses.replace(assessment.tables, surroundings=neighbours)
    around = surroundings_geojson(dataclasses.replace(assessment, tables=tables))
    assert len(around["features"]) == 1
    assert around["features"][0]["properties"] == {}
