"""``coverage.gpkg``: kommuner, practices, homes and places as layers for QGIS and the like."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from coverage.assessment import Assessment
from coverage.exports.annex_skal import skal_places
from coverage.exports.area_table import FIGURE_COLUMNS, STUDY_COLUMNS, build_area_table
from coverage.exports.stamp import RunStamp
from coverage.levels import KOMMUNE_LEVEL
from coverage.units import WORK_CRS
from coverage.wording import Language

# Nothing about doctors' ages: a place has few doctors.
_PLACE_COLUMNS = (
    *("place_id", "name", "kommune_code", "kommune_name", "towns", "persons", "kind", "is_skal"),
    *("duty", "practices", "practices_open", "capacities", "listed_persons", "last_ydernummer"),
    *("persons_nearest", "persons_lose_practice", "persons_lose_choice", "or_places"),
    *("x_m", "y_m"),
)
_CLOCK = "OGR_CURRENT_DATE"


def write_geopackage(
    path: Path, assessment: Assessment, stamp: RunStamp, language: Language
) -> None:
    """Write the layers ``kommuner``, ``practices``, ``origins`` and ``places``, EPSG:25832.

    Columns are named as in the code; of the values, only the notices speak the
    language. A practice that could not be placed is a row without geometry; its
    owner is nobody's business. Each row says whether it is an illustration.
    """
    practices = assessment.tables.practices.drop(columns="owner")
    layers = {
        "kommuner": _kommuner(assessment, stamp, language),
        "practices": _points(practices, assessment),
        "origins": _points(assessment.choice.by_origin, assessment),
        "places": _points(skal_places(assessment)[list(_PLACE_COLUMNS)], assessment),
    }
    with _fixed_clock(stamp):
        for number, (name, layer) in enumerate(layers.items()):
            pyogrio.write_dataframe(
                layer,
                path,
                layer=name,
                driver="GPKG",
                append=number > 0,
                geometry_type="MultiPolygon" if name == "kommuner" else "Point",
                promote_to_multi=name == "kommuner",
            )


def _kommuner(assessment: Assessment, stamp: RunStamp, language: Language) -> gpd.GeoDataFrame:
    table = build_area_table(assessment, stamp, language)
    table = table[table["area_level"] == KOMMUNE_LEVEL].rename(columns={"area_id": "kommune_code"})
    signals = assessment.designation.areas
    signals = signals[signals["area_level"] == KOMMUNE_LEVEL].set_index("area_id")
    table = table.join(signals[["signal", "designated"]], on="kommune_code")
    figures = table[["kommune_code", *FIGURE_COLUMNS, "signal", "designated", *STUDY_COLUMNS]]
    kommuner = assessment.tables.kommuner.sort_values("kommune_code", ignore_index=True)
    merged = kommuner.merge(figures, on="kommune_code", how="left", validate="one_to_one")
    merged = merged.astype({"designated": "boolean"})
    return gpd.GeoDataFrame(merged, geometry="geometry", crs=WORK_CRS)


def _points(table: pd.DataFrame, assessment: Assessment) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(table["x_m"], table["y_m"], crs=WORK_CRS)
    points = gpd.GeoDataFrame(table.reset_index(drop=True), geometry=geometry)
    points.loc[points["x_m"].isna(), "geometry"] = None
    return points.assign(illustrative=assessment.illustrative)


@contextmanager
def _fixed_clock(stamp: RunStamp) -> Iterator[None]:
    """Let the library date the file as the run's rules, so that equal runs give equal bytes."""
    pyogrio.set_gdal_config_options({_CLOCK: f"{stamp.as_of.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: None})
