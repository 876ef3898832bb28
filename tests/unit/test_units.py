import numpy as np
import pytest
from pyproj import Geod, Proj

from coverage import units

PLACES = {
    "Blåvand": (8.1, 55.5),
    "Skagen": (10.6, 57.7),
    "Gedser": (11.9, 54.6),
    "Bornholm": (15.1, 55.1),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("bearing_deg", [0, 45, 90, 200])
def test_fifteen_km_on_the_ground_is_fifteen_km_within_a_centimetre(place, bearing_deg):
    lon, lat = PLACES[place]
    far_lon, far_lat, _ = Geod(ellps="GRS80").fwd(lon, lat, bearing_deg, 15_000)
    (x1_m, x2_m), (y1_m, y2_m) = units.reproject(
        [lon, far_lon], [lat, far_lat], from_epsg=units.LONLAT_EPSG
    )
    assert units.ground_distance_m(x1_m, y1_m, x2_m, y2_m) == pytest.approx(15_000, abs=0.01)


def test_map_metres_of_bornholm_would_be_18_m_off_at_the_line():
    _, true_scale = (0, Proj(units.WORK_EPSG).get_factors(15.1, 55.1).meridional_scale)
    assert (true_scale - 1) * 15_000 > 18


@pytest.mark.parametrize("place", PLACES)
def test_scale_factor_agrees_with_proj_to_a_millionth(place):
    lon, lat = PLACES[place]
    x_m, _ = units.reproject([lon], [lat], from_epsg=units.LONLAT_EPSG)
    true_scale = Proj(units.WORK_EPSG).get_factors(lon, lat).meridional_scale
    assert units.scale_factor(x_m)[0] == pytest.approx(true_scale, rel=1e-6)


def test_reproject_to_the_same_system_returns_a_copy():
    given = np.array([1.0, 2.0])
    x, _ = units.reproject(given, given, from_epsg=units.WORK_EPSG)
    x[0] = 9
    assert given[0] == 1


def test_denmarks_box_holds_bornholm_and_leaves_degrees_out():
    x_m, y_m = units.reproject([15.1, 8.1], [55.1, 55.5], from_epsg=units.LONLAT_EPSG)
    assert units.in_denmark(x_m, y_m).tolist() == [True, True]
    assert units.in_denmark([15.1, np.nan], [55.1, np.nan]).tolist() == [False, False]
