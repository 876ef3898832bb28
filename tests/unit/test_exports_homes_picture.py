"""A picture of homes in colours of one's own: who loses what if practices close."""

import io

import numpy as np
import pytest
from PIL import Image

from coverage.exports.map_colours import STATUS_COLOURS
from coverage.exports.status_raster import StatusRaster, build_raster, paint_homes
from coverage.skal import who_loses
from coverage.ui.skal.place_map import loss_ranks
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment
from tests.unit.test_exports_map_layers import status_at

RED, BLUE = "#ff0000", "#0000ff"
# Two pixels, each a square: three homes in the first, one in the second, one in none.
RASTER = StatusRaster(
    55.0,
    10.0,
    56.0,
    11.0,
    (np.array([[0, 1]], dtype=np.int32),),
    np.array([0, 0, 0, 1, -1], dtype=np.int32),
    2,
)


def pixels(image):
    picture = Image.open(io.BytesIO(image.png)).convert("RGBA")
    return [picture.getpixel((column, 0)) for column in range(picture.width)]


def painted(ranks, colours=(RED, BLUE)):
    return paint_homes(RASTER, np.array(ranks, dtype=np.uint8), colours)


def test_a_square_has_the_colour_of_its_highest_rank_and_is_clear_without_one():
    first, second = pixels(painted([1, 2, 0, 0, 2]))
    assert first == (0, 0, 255, 255)
    assert second[3] == 0
    assert pixels(painted([0, 1, 1, 2, 0])) == [(255, 0, 0, 255), (0, 0, 255, 255)]


def test_a_home_in_no_square_paints_nothing():
    assert [pixel[3] for pixel in pixels(painted([0, 0, 0, 0, 2]))] == [0, 0]


def test_the_picture_fills_the_rasters_box():
    image = painted([0, 0, 0, 0, 0])
    assert (image.south, image.west, image.north, image.east) == (55.0, 10.0, 56.0, 11.0)


@pytest.mark.parametrize("ranks", [[3, 0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1, 1, 1]])
def test_a_rank_without_a_colour_and_a_home_without_a_rank_are_refused(ranks):
    with pytest.raises(ValueError, match="colours"):
        painted(ranks)


def test_who_loses_a_practice_and_who_a_choice_live_where_they_are_painted():
    """Vesterby's three close: A at 0.5 km loses all, B at 12.5 km keeps P3 and loses its choice."""
    assessment = drawn_assessment()
    lost = who_loses(assessment.matrix, assessment.choice, ["010001", "010002", "010006"])
    colours = [STATUS_COLOURS["one"], STATUS_COLOURS["none"]]
    image = paint_homes(build_raster(assessment), loss_ranks(lost), colours)
    at = {name: status_at(image, WEST_M + km * 1000, ROAD_Y_M) for name, km in HOMES_KM.items()}
    assert at == {"A": "none", "B": "one", "D": "one", "E": None, "G": None}


HOMES_KM = {"A": 0.5, "B": 12.5, "D": 18.5, "E": 22.5, "G": 45.5}
