"""A study on disk small enough to run in a moment: files of every form that a region has.

A street grid of 5 x 5 km near Odense, a junction every kilometre, an address at
every junction (Prøvevej 1 to 36), one cell of 100 persons a square kilometre,
two open practices and one closed.
"""

import json
from pathlib import Path

import osmium

from coverage.units import GRID_EPSG, LONLAT_EPSG, WORK_EPSG, reproject

WEST_M, SOUTH_M = 585_000.0, 6_140_000.0
STREETS = 6
REGISTER = """\
Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte;Tilgang;Praksisform;Fødselsår
012345;Lægerne Vest;Prøvevej 1;5000;Prøveby;2;3.210;Åben;Kompagniskab;1961,1975
012346;Lægerne Midt;Prøvevej 15;5000;Prøveby;1,5;2.405;Lukket;Solo;1958
012347;Lægerne Øst;Prøvevej 36;5000;Prøveby;1;1.480;Åben;Solo;1980
"""
STUDY = """\
[study]
title = "Prøveby"
as_of = 2026-01-01
resolution = "address"

[area]
kommuner = ["0461"]

[practices]
path = "register.csv"
as_of = 2026-01-01

[population]
path = "grid.csv"
as_of = 2026-01-01

[roads]
path = "roads.osm.pbf"
as_of = 2026-01-01

[kommuner]
path = "kommuner.geojson"
as_of = 2026-01-01
"""


def write_study(folder: Path, **changed: str) -> Path:
    """Write the study and its files; ``register`` and ``study`` may be other texts.

    Returns
    -------
    Path
        Of study.toml.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.csv").write_text(changed.get("register", REGISTER), encoding="utf-8")
    (folder / "grid.csv").write_text(_grid(), encoding="utf-8")
    (folder / "kommuner.geojson").write_text(json.dumps(_kommuner()), encoding="utf-8")
    _write_roads(folder / "roads.osm.pbf")
    study = folder / "study.toml"
    study.write_text(changed.get("study", STUDY), encoding="utf-8")
    return study


def lonlat(x_m: float, y_m: float) -> tuple[float, float]:
    """Return degrees of a point in EPSG:25832."""
    lon, lat = reproject([x_m], [y_m], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    return float(lon[0]), float(lat[0])


def _grid() -> str:
    ids = set()
    for column in range(STREETS - 1):
        for row in range(STREETS - 1):
            x, y = reproject(
                [WEST_M + 500 + column * 1000],
                [SOUTH_M + 500 + row * 1000],
                from_epsg=WORK_EPSG,
                to_epsg=GRID_EPSG,
            )
            ids.add(f"1kmN{int(y[0] // 1000)}E{int(x[0] // 1000)}")
    return "population,grid_id\n" + "".join(f"100,{cell}\n" for cell in sorted(ids))


def _kommuner() -> dict[str, object]:
    reach = (STREETS - 1) * 1000 + 3000
    corners = [(-3000, -3000), (reach, -3000), (reach, reach), (-3000, reach), (-3000, -3000)]
    ring = [lonlat(WEST_M + east, SOUTH_M + north) for east, north in corners]
    feature = {
        "type": "Feature",
        "properties": {"KOMKODE": "0461", "KOMNAVN": "Odense"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return {"type": "FeatureCollection", "features": [feature]}


def _write_roads(path: Path) -> None:
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        for node in range(STREETS * STREETS):
            place = lonlat(WEST_M + node % STREETS * 1000, SOUTH_M + node // STREETS * 1000)
            tags = {
                "addr:street": "Prøvevej",
                "addr:housenumber": str(node + 1),
                "addr:postcode": "5000",
                "addr:city": "Prøveby",
            }
            writer.add_node(osmium.osm.mutable.Node(id=node + 1, location=place, tags=tags))
        for street in range(STREETS):
            across = [street * STREETS + step + 1 for step in range(STREETS)]
            along = [step * STREETS + street + 1 for step in range(STREETS)]
            for number, nodes in enumerate((across, along)):
                way = osmium.osm.mutable.Way(
                    id=street * 2 + number + 1, nodes=nodes, tags={"highway": "residential"}
                )
                writer.add_way(way)
    finally:
        writer.close()
