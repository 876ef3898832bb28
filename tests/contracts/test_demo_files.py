"""The embedded demo region holds what data/README.md promises of it."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data.make_demo import ratios

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"
FACTS = ROOT / "data" / "facts"
GENERATED = (
    "closing_limits.csv",
    "delomraader.geojson",
    "designations.csv",
    "kommuner.geojson",
    "need_weights.csv",
    "planomraader.csv",
    "population.csv",
    "practices.csv",
    "projection.csv",
    "roads.osm.pbf",
    "skal_areas.csv",
    "towns.csv",
    "transferred_tasks.csv",
)
BRIDGES = {
    "Den gamle Lillebæltsbro",
    "Den nye Lillebæltsbro",
    "Kong Christian X's Bro",
    "Alssundbroen",
    "Svendborgsundbroen",
    "Siøsundbroen",
    "Langelandsbroen",
    "Rømødæmningen",
    "Thurødæmningen",
}
# A junction's landmass is recognised by the nearest of these towns on the same road component.
LANDMASSES = ("Vejle", "Odense", "Nordborg", "Rudkøbing", "Troense", "Thurø By", "Havneby")
TO_METRES = Transformer.from_crs(4326, 25832, always_xy=True)


@dataclass(frozen=True)
class RoadFile:
    """Way nodes, ways by their tags, and every step of a way from node to node."""

    xy: np.ndarray  # metres, one row a way node
    tags: list[dict[str, str]]  # one a way
    step_way: np.ndarray
    step_from: np.ndarray  # rows of xy
    step_to: np.ndarray
    houses: pd.DataFrame

    def ways(self, key: str, value: str | None = None) -> np.ndarray:
        """Which ways carry a tag."""
        return np.array([key in t and value in (None, t[key]) for t in self.tags])

    def steps(self, ways: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        taken = ways[self.step_way]
        return self.step_from[taken], self.step_to[taken]


@pytest.fixture(scope="module")
def road_file() -> RoadFile:
    ways, houses, tags, number, lonlat = [], [], [], {}, []
    reader = osmium.FileProcessor(str(DEMO / "roads.osm.pbf")).with_locations()
    for item in reader.with_filter(osmium.filter.EmptyTagFilter()):
        if item.is_node():
            houses.append(dict(item.tags) | {"lon": item.location.lon, "lat": item.location.lat})
        else:
            tags.append(dict(item.tags))
            for node in item.nodes:
                if node.ref not in number:
                    number[node.ref] = len(lonlat)
                    lonlat.append((node.location.lon, node.location.lat))
            ways.append([number[node.ref] for node in item.nodes])
    lon, lat = np.array(lonlat).T
    steps = np.array([(k, u, v) for k, way in enumerate(ways) for u, v in pairwise(way)])
    xy = np.column_stack(TO_METRES.transform(lon, lat))
    return RoadFile(xy, tags, *steps.T, pd.DataFrame(houses))


@pytest.fixture(scope="module")
def roads(road_file: RoadFile) -> np.ndarray:
    return road_file.ways("highway")


@pytest.fixture(scope="module")
def kommuner() -> gpd.GeoDataFrame:
    return gpd.read_file(DEMO / "kommuner.geojson").to_crs(25832)


@pytest.fixture(scope="module")
def census() -> pd.DataFrame:
    return pd.read_csv(DEMO / "population.csv")


@pytest.fixture(scope="module")
def cells(census: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cell centres with their persons."""
    placed = census[census["GRD_ID"].str.startswith("CRS")]
    corner = placed["GRD_ID"].str.extract(r"^CRS3035RES1000mN(\d+)E(\d+)$").astype(int)
    centre = gpd.points_from_xy(corner[1] + 500, corner[0] + 500, crs=3035).to_crs(25832)
    return gpd.GeoDataFrame({"persons": placed["T"].to_numpy()}, geometry=centre)


@pytest.fixture(scope="module")
def practices() -> pd.DataFrame:
    table = pd.read_csv(DEMO / "practices.csv", sep=";", dtype=str, keep_default_na=False)
    table["capacities"] = table["Kapaciteter"].str.replace(",", ".").astype(float)
    listed = table["Tilmeldte gruppe 1-sikrede"].str.replace(".", "", regex=False)
    table["listed"] = listed.astype(int)
    return table


@pytest.fixture(scope="module")
def towns() -> pd.DataFrame:
    return pd.read_csv(DEMO / "towns.csv", dtype={"kommune_code": str}).set_index("town")


@pytest.fixture(scope="module")
def facts() -> dict[str, int]:
    """Population of each kommune of Region Syddanmark, by code."""
    with (FACTS / "kommuner.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["kommune_code"]: int(row["population_2011_grid"])
            for row in csv.DictReader(file)
            if row["region_code"] == "1083"
        }


def at(towns: pd.DataFrame, name: str) -> tuple[float, float]:
    return TO_METRES.transform(towns.loc[name, "lon"], towns.loc[name, "lat"])


def components(road_file: RoadFile, ways: np.ndarray, *, strong: bool = False) -> np.ndarray:
    """Component of every way node; one-way streets count as such only where asked."""
    start, goal = road_file.steps(ways)
    back_start, back_goal = road_file.steps(ways & ~road_file.ways("oneway", "yes"))
    rows, columns = np.concatenate([start, back_goal]), np.concatenate([goal, back_start])
    count = len(road_file.xy)
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    kind = "strong" if strong else "weak"
    return connected_components(graph, directed=True, connection=kind)[1]


def nodes_of(road_file: RoadFile, ways: np.ndarray) -> np.ndarray:
    return np.unique(np.concatenate(road_file.steps(ways)))


def label_of(road_file: RoadFile, towns: pd.DataFrame, name: str, label: np.ndarray) -> int:
    """Component of the road node nearest to a town's centre."""
    gap = road_file.xy - at(towns, name)
    distance_m = np.hypot(gap[:, 0], gap[:, 1])
    assert distance_m.min() < 500
    return int(label[np.argmin(distance_m)])


def test_all_files_are_there_and_small():
    assert set(GENERATED) <= {path.name for path in DEMO.iterdir()}
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 6_000_000


def test_kommuner_are_the_22_of_the_region_and_do_not_overlap(kommuner, facts):
    assert len(kommuner) == 22
    assert set(kommuner["kommunekode"]) == set(facts)
    assert kommuner["navn"].is_unique
    assert kommuner.is_valid.all()
    together = shapely.union_all(kommuner.geometry.to_numpy()).area
    assert kommuner.area.sum() == pytest.approx(together, rel=1e-5)
    assert 11_000e6 < together < 13_500e6


def test_census_has_the_form_of_eurostats_file(census):
    header = (DEMO / "population.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert header == (
        "GRD_ID,T,M,F,Y_LT15,Y_1564,Y_GE65,EMP,NAT,EU_OTH,OTH,SAME,CHG_IN,CHG_OUT,"
        "LAND_SURFACE,POPULATED,CNTR_ID"
    )
    assert census["GRD_ID"].is_unique
    assert (census["GRD_ID"] == "DK_unallocated").sum() == 1
    assert (census["T"] > 0).all()
    assert 10_500 < len(census) < 11_800
    parts = census[["Y_LT15", "Y_1564", "Y_GE65"]].sum(axis=1)
    assert (parts - census["T"]).abs().max() <= 3
    assert (census["CNTR_ID"] == "DE-DK").sum() > 5


def test_population_of_each_kommune_is_that_of_2011(cells, kommuner, facts):
    inside = gpd.sjoin(cells, kommuner, predicate="within")
    counted = inside.groupby("kommunekode")["persons"].sum()
    assert len(inside) == len(cells)
    for code, persons in facts.items():
        assert counted[code] == pytest.approx(persons, rel=0.01), code


@pytest.mark.parametrize(
    ("town", "radius_m", "least", "most"),
    [
        ("Odense", 6500, 130_000, 190_000),
        ("Esbjerg", 5000, 60_000, 85_000),
        ("Tønder", 2000, 5_500, 9_500),
        ("Tranekær", 1500, 500, 1_700),
        ("Marstal", 1500, 1_500, 3_000),
    ],
)
def test_towns_hold_about_as_many_as_they_should(cells, towns, town, radius_m, least, most):
    distance_m = cells.distance(shapely.Point(at(towns, town)))
    assert least < cells.loc[distance_m < radius_m, "persons"].sum() < most


def test_the_two_wrong_town_populations_are_mended(towns):
    assert towns.loc["Tønder", "population"] == 7500
    assert towns.loc["Tranekær", "population"] == 1000


def test_every_skal_area_has_a_place(kommuner):
    areas = pd.read_csv(DEMO / "skal_areas.csv", dtype={"kommune_code": str})
    original = pd.read_csv(FACTS / "skal_areas_syddanmark.csv")
    pd.testing.assert_frame_equal(areas[original.columns], original)
    places = gpd.points_from_xy(areas["lon"], areas["lat"], crs=4326).to_crs(25832)
    joined = gpd.sjoin(gpd.GeoDataFrame(areas, geometry=places), kommuner, predicate="within")
    assert len(joined) == len(areas)
    assert (joined["kommune_code"] == joined["kommunekode"]).all()


def test_the_mainland_and_its_bridged_islands_are_one_and_fano_and_aero_are_not(
    road_file, roads, towns
):
    label = components(road_file, roads)
    assert len(set(label[nodes_of(road_file, roads)].tolist())) == 3
    by_road = {label_of(road_file, towns, name, label) for name in LANDMASSES}
    assert len(by_road) == 1
    fano, aero = (label_of(road_file, towns, name, label) for name in ("Nordby", "Marstal"))
    assert fano not in by_road
    assert aero not in by_road
    assert fano != aero


def test_ferries_join_fano_and_aero_to_the_rest(road_file, roads, towns):
    ferries = road_file.ways("route", "ferry")
    tags = [road_file.tags[k] for k in np.flatnonzero(ferries)]
    assert len(tags) == 5
    assert not (ferries & roads).any()
    assert all(ferry["name"] for ferry in tags)
    assert all(re.fullmatch(r"\d\d:\d\d", ferry["duration"]) for ferry in tags)
    label = components(road_file, roads | ferries)
    joined = {label_of(road_file, towns, name, label) for name in ("Vejle", "Nordby", "Marstal")}
    assert len(joined) == 1


def test_water_is_crossed_at_the_named_bridges_alone(road_file, roads, towns):
    bridges = road_file.ways("bridge", "yes")
    assert {road_file.tags[k]["name"] for k in np.flatnonzero(bridges)} == BRIDGES
    label = components(road_file, roads & ~bridges)
    names = (*LANDMASSES, "Nordby", "Marstal")
    assert len({label_of(road_file, towns, name, label) for name in names}) == len(names)


def test_roads_without_a_bridge_stay_on_land(road_file, roads, kommuner):
    # The outlines are simplified by 60 m; roads may lie 80 m beyond them.
    land = shapely.union_all(kommuner.geometry.to_numpy()).buffer(100)
    shapely.prepare(land)
    start, goal = road_file.steps(roads & ~road_file.ways("bridge", "yes"))
    lines = shapely.linestrings(np.stack([road_file.xy[start], road_file.xy[goal]], axis=1))
    assert shapely.contains(land, lines).all()


def test_every_road_can_be_left_and_reached(road_file, roads):
    nodes = nodes_of(road_file, roads)
    weak = components(road_file, roads)[nodes]
    strong = components(road_file, roads, strong=True)[nodes]
    assert len(set(strong.tolist())) == len(set(weak.tolist()))


def test_road_classes_names_and_one_way_streets(road_file, roads):
    tags = [road_file.tags[k] for k in np.flatnonzero(roads)]
    assert {way["highway"] for way in tags} == {
        "motorway",
        "motorway_link",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
    }
    streets = [way for way in tags if way["highway"] == "residential"]
    assert sum(way.get("oneway") == "yes" for way in streets) > 30
    assert all(way["name"] for way in streets)


def test_roads_detour_as_much_as_bornholms(road_file, roads):
    start, goal = road_file.steps(roads)
    back_start, back_goal = road_file.steps(roads & ~road_file.ways("oneway", "yes"))
    pairs = np.vstack([np.column_stack([start, goal]), np.column_stack([back_goal, back_start])])
    graph = ratios.road_graph(road_file.xy, pairs, np.concatenate([start, goal]))
    sampled = ratios.sample_ratios(graph, sources=100)
    for band, sample, aim in zip(ratios.BANDS_M, sampled, ratios.TARGET, strict=True):
        mean, low, middle, high = ratios.summary(sample)
        assert mean == pytest.approx(aim[0], abs=0.07), band
        assert low == pytest.approx(aim[1], abs=0.11), band
        assert middle == pytest.approx(aim[2], abs=0.08), band
        assert high == pytest.approx(aim[3], abs=0.12), band


def test_houses_carry_whole_and_different_addresses(road_file):
    houses = road_file.houses
    columns = ["addr:postcode", "addr:street", "addr:housenumber"]
    assert 30_000 < len(houses) < 90_000
    assert houses.notna().all().all()
    assert not houses.duplicated(columns).any()
    assert houses["addr:postcode"].str.fullmatch(r"[5-7]\d{3}").all()
    assert (houses["addr:country"] == "DK").all()
    assert houses.groupby("addr:postcode")["addr:city"].nunique().max() == 1


@pytest.mark.parametrize(
    ("town", "postcode"),
    [
        ("Odense", "5000"),
        ("Esbjerg", "6700"),
        ("Kolding", "6000"),
        ("Svendborg", "5700"),
        ("Sønderborg", "6400"),
        ("Ribe", "6760"),
        ("Nordby", "6720"),
        ("Ærøskøbing", "5970"),
        ("Rudkøbing", "5900"),
    ],
)
def test_the_houses_in_a_towns_middle_have_its_postcode(road_file, towns, town, postcode):
    houses = road_file.houses
    xy = np.column_stack(TO_METRES.transform(houses["lon"], houses["lat"]))
    near = cKDTree(xy).query(at(towns, town), k=20)[1]
    assert set(houses["addr:postcode"].iloc[near]) == {postcode}


def test_inhabited_cells_have_houses(road_file, census):
    grid = Transformer.from_crs(4326, 3035, always_xy=True)
    east, north = grid.transform(road_file.houses["lon"], road_file.houses["lat"])
    corner = zip((north // 1000 * 1000).astype(int), (east // 1000 * 1000).astype(int), strict=True)
    with_houses = {f"CRS3035RES1000mN{n}E{e}" for n, e in corner}
    assert census["GRD_ID"].isin(with_houses).mean() > 0.99


def test_the_register_has_the_form_a_region_exports():
    text = (DEMO / "practices.csv").read_bytes().decode("utf-8")
    header, first, *_ = text.split("\r\n")
    assert header == (
        "Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte gruppe 1-sikrede;Tilgang;"
        "Praksisform;Lægers fødselsår;Handicapadgang;Satellitadresse"
    )
    assert first.count(";") == header.count(";")
    assert text.count("\n") == text.count("\r\n")
    assert re.search(r";\d,5;", text)
    assert re.search(r";\d\.\d{3};", text)


def test_practices_and_their_shares(practices):
    assert 350 <= len(practices) <= 410
    assert practices["Ydernr"].is_unique
    assert practices["Ydernr"].str.fullmatch(r"\d{6}").all()
    assert 50 < practices["Ydernr"].str.startswith("0").sum() < len(practices)
    assert practices["Praksisnavn"].is_unique
    assert 640 <= practices["capacities"].sum() <= 780
    assert (practices["Tilgang"] == "Lukket").mean() == pytest.approx(2 / 3, abs=0.01)
    assert set(practices["Tilgang"]) == {"Lukket", "Åben"}
    halves = practices["capacities"] % 1 == 0.5
    assert 5 < halves.sum() < len(practices) / 8
    assert set(practices["Praksisform"]) == {
        "Solopraksis",
        "Kompagniskab",
        "Samarbejdspraksis",
        "Delepraksis",
        "Regionsklinik",
        "Udbudsklinik",
    }


def test_a_quarter_of_the_doctors_is_over_60(practices):
    years = [
        int(year) for text in practices["Lægers fødselsår"] for year in text.split(",") if year
    ]
    assert np.mean([2026 - year > 60 for year in years]) == pytest.approx(0.25, abs=0.02)
    regional = practices["Praksisform"] == "Regionsklinik"
    assert (practices.loc[regional, "Lægers fødselsår"] == "").all()


def test_closed_practices_are_the_fuller_ones(practices):
    per_capacity = practices["listed"] / practices["capacities"]
    assert per_capacity.between(1375, 1755).all()
    closed = practices["Tilgang"] == "Lukket"
    assert (per_capacity[closed] >= 1590).all()
    assert (per_capacity[~closed] < 1600).all()


def test_practices_stand_at_houses_of_the_road_file(practices, road_file):
    houses = road_file.houses
    known = set(
        zip(
            houses["addr:postcode"],
            houses["addr:street"] + " " + houses["addr:housenumber"],
            houses["addr:city"],
            strict=True,
        )
    )
    columns = practices[["Postnr", "Adresse", "By"]].itertuples(index=False, name=None)
    loose = [row for row in columns if row not in known]
    assert len(loose) == 2  # one with a letter no house has, one that only its street places
    streets = set(zip(houses["addr:postcode"], houses["addr:street"], strict=True))
    assert all((code, text.rsplit(" ", 1)[0]) in streets for code, text, _ in loose)


def test_most_premises_are_accessible_and_a_few_say_nothing(practices):
    counts = practices["Handicapadgang"].value_counts()
    assert set(counts.index) == {"Ja", "Nej", ""}
    assert counts["Ja"] / len(practices) == pytest.approx(0.78, abs=0.05)
    assert 0 < counts[""] < 10


def test_satellites_stand_at_houses_of_towns_without_a_practice(practices, road_file):
    houses = road_file.houses
    xy = np.column_stack(TO_METRES.transform(houses["lon"], houses["lat"]))
    text = houses["addr:street"] + " " + houses["addr:housenumber"]
    at = dict(zip(zip(houses["addr:postcode"], text, strict=True), xy, strict=True))
    whole = text + ", " + houses["addr:postcode"] + " " + houses["addr:city"]
    at_satellite = dict(zip(whole, xy, strict=True))
    hosts = practices[practices["Satellitadresse"] != ""]
    assert 5 <= len(hosts) <= 8
    assert hosts["Satellitadresse"].is_unique
    assert (hosts["capacities"] >= 2).all()
    sites = np.array([at_satellite[address] for address in hosts["Satellitadresse"]])
    keys = zip(practices["Postnr"], practices["Adresse"], strict=True)
    placed = np.array([at[key] for key in keys if key in at])
    assert cKDTree(placed).query(sites)[0].min() > 3000
    homes = [at[key] for key in zip(hosts["Postnr"], hosts["Adresse"], strict=True)]
    # The farthest is on Rømø, 15 km from Skærbæk.
    assert np.hypot(*(sites - homes).T).max() < 16_000


def test_most_skal_areas_have_a_practice_and_some_have_none(practices, road_file):
    houses = road_file.houses
    lonlat = dict(
        zip(
            zip(
                houses["addr:postcode"],
                houses["addr:street"] + " " + houses["addr:housenumber"],
                strict=True,
            ),
            zip(houses["lon"], houses["lat"], strict=True),
            strict=True,
        )
    )
    addresses = zip(practices["Postnr"], practices["Adresse"], strict=True)
    places = [lonlat[key] for key in addresses if key in lonlat]
    areas = pd.read_csv(DEMO / "skal_areas.csv")
    tree = cKDTree(np.column_stack(TO_METRES.transform(*np.array(places).T)))
    distance_m = tree.query(np.column_stack(TO_METRES.transform(areas["lon"], areas["lat"])))[0]
    nearest = defaultdict(list)
    for area, metres in zip(areas["area"], distance_m, strict=True):
        nearest[area].append(metres)
    without = {area for area, metres in nearest.items() if min(metres) > 3000}
    assert {"Sdr. Omme", "Nørre Nebel", "Bredsten", "Felsted"} <= without
    assert len(without) <= 12
