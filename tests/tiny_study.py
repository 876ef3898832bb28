"""A study on disk small enough to run in a moment: files of every form that a region has.

A street grid of 5 x 5 km near Odense, a junction every kilometre, an address at
every junction (Prøvevej 1 to 36), one cell of 100 persons a square kilometre,
two open practices and one closed. With ``PLAN`` the square has two kommuner, Odense
in the west and Nyborg in the east, and every optional file of the plan's own rules.
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
# Optional files, each a section of study.toml of the same name.
PLAN_FILES = (
    "towns",
    "projection",
    "need_weights",
    "closing_limits",
    "designations",
    "skal_areas",
    "distribution_model",
    "transferred_tasks",
    "judgements",
)
# Level -> its file.
LEVEL_FILES = {"Planområde": "planomraader.csv", "Delområde": "delomraader.geojson"}
WEST, EAST = "0461", "0450"


def write_study(folder: Path, **changed: str) -> Path:
    """Write the study and its files.

    Parameters
    ----------
    changed
        ``register``, ``study`` and ``kommuner``: other texts than the usual ones;
        of ``PLAN_FILES``: the text of a CSV file, and of ``LEVEL_FILES`` by the stem of the
        file: each is written and named in study.toml.

    Returns
    -------
    Path
        Of study.toml.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.csv").write_text(changed.get("register", REGISTER), encoding="utf-8")
    (folder / "grid.csv").write_text(_grid(), encoding="utf-8")
    kommuner = changed.get("kommuner", polygons(("0461", "Odense", 0.0, 1.0)))
    (folder / "kommuner.geojson").write_text(kommuner, encoding="utf-8")
    _write_roads(folder / "roads.osm.pbf")
    text = changed.get("study", STUDY)
    for name in PLAN_FILES:
        if name in changed:
            (folder / f"{name}.csv").write_text(changed[name], encoding="utf-8")
            text += f'\n[{name}]\npath = "{name}.csv"\nas_of = 2026-01-01\n'
    for level, name in LEVEL_FILES.items():
        if Path(name).stem in changed:
            (folder / name).write_text(changed[Path(name).stem], encoding="utf-8")
            text += f'\n[area.levels."{level}"]\npath = "{name}"\n'
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return study


def polygons(*stripes: tuple[str, str, float, float]) -> str:
    """Return GeoJSON of stripes of the square and 3 km around it.

    Each is a code, a name, and where it begins and ends as a share of the width,
    from the west.
    """
    low, high = -3000.0, (STREETS - 1) * 1000.0 + 3000.0
    features = []
    for code, name, begin, end in stripes:
        west, east = (low + share * (high - low) for share in (begin, end))
        corners = [(west, low), (east, low), (east, high), (west, high), (west, low)]
        ring = [lonlat(WEST_M + x, SOUTH_M + y) for x, y in corners]
        fields = {"KOMKODE": code, "KOMNAVN": name, "area_id": code, "name": name}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": fields, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


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


# Every optional file, for two kommuner; one of them is divided by polygons.
PLAN = {
    "study": STUDY.replace('["0461"]', '["0461", "0450"]'),
    "kommuner": polygons((WEST, "Odense", 0.0, 0.5), (EAST, "Nyborg", 0.5, 1.0)),
    "planomraader": "kommune;område\nOdense;Vest\nNyborg;Øst\n",
    "delomraader": polygons(("V1", "Yderst", 0.0, 0.4), ("V2", "Midt", 0.4, 0.5)),
    "towns": (
        "town,kommune_code,kommune,lat,lon,population\n"
        + "Prøveby,0461,Odense,{1:.6f},{0:.6f},3500\n".format(*lonlat(WEST_M, SOUTH_M))
        + "Østby,0450,Nyborg,{1:.6f},{0:.6f},900\n".format(
            *lonlat(WEST_M + 5_000.0, SOUTH_M + 5_000.0)
        )
    ),
    "projection": (
        "OMRÅDE;ALDER;TID;INDHOLD\n"
        "Odense;0-64 år;2026;1000\nOdense;65+ år;2026;500\n"
        "Odense;0-64 år;2031;1060\nOdense;65+ år;2031;530\n"
        "Nyborg;0-64 år;2026;600\nNyborg;65+ år;2026;400\n"
        "Nyborg;0-64 år;2031;540\nNyborg;65+ år;2031;410\n"
    ),
    "need_weights": "kommune;vægt\nOdense;0,95\nNyborg;1,10\n",
    "closing_limits": "ydernummer;kommune;lukkegrænse\n;Nyborg;1.500\n012345;;1.700\n",
    "designations": (
        "Niveau;Områdekode;Fra;Tidligste ophør;Ophørt;Grundlag;Beslutning\n"
        "kommune;0450;2025-03-01;2025-09-01;2025-09-01;Få pladser;Marts 2025\n"
        "kommune;0450;2025-09-01;2026-03-01;;Få pladser;September 2025\n"
        "Planområde;Vest;2025-09-01;2026-03-01;;Ventede ophør;September 2025\n"
    ),
    "skal_areas": (
        "kommune,area,includes,or_area,or_kommune\n"
        "Odense,Prøveby,,,\nNyborg,Østby,,Prøveby,Odense\n"
    ),
    "distribution_model": "kommune;kapaciteter\nOdense;4,5\nNyborg;3\n",
    "transferred_tasks": (
        "opgave;alder;konsultationer pr. år\nKontrol af KOL;65+;1.800\nBørneastma;0-64;700\n"
    ),
    "judgements": (
        "Niveau;Områdekode;Kriterium;Opfyldt;Dato;Forfatter;Begrundelse\n"
        "kommune;0461;Særlige forhold;Ja;2026-01-10;A. Planlægger;Byggeri af en ny bydel\n"
        "Delområde;V2;Tilsidesættelse af signal;Nej;2026-01-11;B. Planlægger;Nabo tager imod\n"
    ),
}
