"""The embedded demo's plan files hold what data/README.md promises of them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

DATA = Path(__file__).resolve().parents[2] / "data"
DEMO = DATA / "demo"
AGES = ["0-14 år", "15-64 år", "65-79 år", "80+ år"]
GROWING = {"Odense", "Vejle", "Kolding", "Fredericia", "Middelfart", "Billund"}
SHRINKING = {"Langeland", "Ærø", "Fanø", "Tønder", "Varde", "Nordfyns", "Assens"}
FROM_2026_TO_2031_THRESHOLD_PCT = 3  # designation.population_growth_pct


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DEMO / name, sep=";", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    """Kommuner of Region Syddanmark by name: code and population."""
    table = pd.read_csv(DATA / "facts" / "kommuner.csv", dtype={"kommune_code": str})
    return table[table["region"] == "Region Syddanmark"].set_index("name")


@pytest.fixture(scope="module")
def projection() -> pd.DataFrame:
    return read("projection.csv").astype({"TID": int, "INDHOLD": int})


@pytest.fixture(scope="module")
def people(projection) -> pd.DataFrame:
    """Persons by kommune (rows) and year."""
    return projection.pivot_table(index="OMRÅDE", columns="TID", values="INDHOLD", aggfunc="sum")


@pytest.fixture(scope="module")
def need() -> pd.Series:
    table = read("need_weights.csv")
    assert list(table.columns) == ["kommune", "vægt"]
    weights = table["vægt"].str.replace(",", ".").astype(float)
    return pd.Series(weights.to_numpy(), index=table["kommune"])


@pytest.fixture(scope="module")
def kommuner() -> gpd.GeoDataFrame:
    return gpd.read_file(DEMO / "kommuner.geojson").set_index("kommunekode")


@pytest.fixture(scope="module")
def sub_areas() -> gpd.GeoDataFrame:
    return gpd.read_file(DEMO / "delomraader.geojson")


def test_projection_has_one_number_for_each_kommune_age_and_year(projection, facts):
    assert list(projection.columns) == ["OMRÅDE", "ALDER", "TID", "INDHOLD"]
    assert not projection.duplicated(["OMRÅDE", "ALDER", "TID"]).any()
    assert set(projection["OMRÅDE"]) == set(facts.index)
    assert list(projection["ALDER"].unique()) == AGES
    assert sorted(projection["TID"].unique()) == list(range(2026, 2041))
    assert len(projection) == 22 * 4 * 15
    assert (projection["INDHOLD"] > 0).all()


def test_projection_starts_at_the_populations_of_the_demo(people, facts):
    ratio = people[2026] / facts["population_2011_grid"]
    assert (ratio - 1).abs().max() < 0.005
    assert (ratio != 1).all()


def test_towns_on_the_motorways_grow_and_islands_and_the_west_shrink(people):
    change_pct = (people[2040] / people[2026] - 1) * 100
    assert (change_pct[sorted(GROWING)] > 3).all()
    assert (change_pct[sorted(SHRINKING)] < -1).all()
    assert change_pct["Langeland"] < -8


def test_growth_lies_on_both_sides_of_the_threshold(people):
    change_pct = (people[2031] / people[2026] - 1) * 100
    above = set(change_pct.index[change_pct > FROM_2026_TO_2031_THRESHOLD_PCT])
    assert above == {"Odense", "Vejle", "Kolding", "Middelfart"}
    assert change_pct["Fredericia"] == pytest.approx(2.8, abs=0.15)


@pytest.mark.parametrize("ages", [AGES[2:], AGES[3:]])
def test_everybody_ages_every_year(projection, people, ages):
    older = projection[projection["ALDER"].isin(ages)]
    share = older.pivot_table(index="OMRÅDE", columns="TID", values="INDHOLD", aggfunc="sum")
    assert ((share / people).diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


def test_need_lies_around_one_and_is_highest_on_the_old_islands(need, people, facts):
    assert set(need.index) == set(facts.index)
    assert need.index.is_unique
    assert need.between(0.92, 1.12).all()
    assert np.average(need, weights=people[2026][need.index]) == pytest.approx(1, abs=0.005)
    assert set(need.nlargest(2).index) == {"Langeland", "Ærø"}
    assert need.idxmin() == "Vejle"


def test_closing_limits_are_of_a_kommune_or_of_a_practice(facts):
    limits = read("closing_limits.csv")
    assert list(limits.columns) == ["ydernummer", "kommune", "lukkegrænse"]
    of_practice = limits["ydernummer"] != ""
    assert (of_practice != (limits["kommune"] != "")).all()
    assert set(limits.loc[~of_practice, "kommune"]) == {"Langeland", "Ærø", "Tønder"} & set(
        facts.index
    )
    assert (limits.loc[~of_practice, "lukkegrænse"] < "1.600").all()
    register = read("practices.csv").set_index("Ydernr")
    own = limits[of_practice].set_index("ydernummer")
    assert sorted(own["lukkegrænse"]) == ["1.400", "1.700"]
    assert (register.loc[own.index, "Tilgang"] == "Åben").all()


def test_every_kommune_is_in_one_of_four_planning_areas(facts):
    areas = read("planomraader.csv")
    assert list(areas.columns) == ["kommune", "område"]
    assert sorted(areas["kommune"]) == sorted(facts.index)
    assert areas.groupby("område").size().to_dict() == {
        "Fyn og øerne": 10,
        "Trekanten": 4,
        "Sydvestjylland": 4,
        "Sønderjylland": 4,
    }


@pytest.mark.parametrize(("code", "count"), [("0461", 4), ("0561", 4), ("0621", 3), ("0630", 4)])
def test_sub_areas_are_the_kommune_exactly(kommuner, sub_areas, code, count):
    areas = sub_areas[sub_areas["id"].str.startswith(code)]
    assert list(areas["id"]) == [f"{code}-{k}" for k in range(1, count + 1)]
    outline = kommuner.geometry[code]
    shapes = areas.geometry.to_numpy()
    together = shapely.union_all(shapes)
    assert together.symmetric_difference(outline).area == 0
    # No new point on the outline: neighbours on the map meet without a gap.
    corners = {tuple(xy) for xy in shapely.get_coordinates(outline)}
    assert corners <= {tuple(xy) for xy in shapely.get_coordinates(shapes)}
    assert shapely.area(shapes).sum() == pytest.approx(outline.area, rel=1e-9)


def test_only_the_four_large_cities_are_divided_and_their_areas_named(sub_areas):
    assert set(sub_areas["id"].str[:4]) == {"0461", "0561", "0621", "0630"}
    assert sub_areas["name"].is_unique
    assert sub_areas.is_valid.all()
    assert sub_areas.crs.to_epsg() == 4326


def test_thousands_live_in_each_sub_area(sub_areas):
    census = pd.read_csv(DEMO / "population.csv")
    corner = census["GRD_ID"].str.extract(r"^CRS3035RES1000mN(\d+)E(\d+)$").astype(float)
    centre = gpd.points_from_xy(corner[1] + 500, corner[0] + 500, crs=3035).to_crs(4326)
    cells = gpd.GeoDataFrame({"persons": census["T"].to_numpy()}, geometry=centre)
    inside = gpd.sjoin(cells[cells.geometry.is_valid & corner[0].notna()], sub_areas)
    persons = inside.groupby("name")["persons"].sum()
    assert len(persons) == len(sub_areas)
    assert persons.min() > 5000


@pytest.fixture(scope="module")
def designations() -> pd.DataFrame:
    table = read("designations.csv")
    assert list(table.columns) == [
        "Niveau",
        "Områdekode",
        "Fra",
        "Tidligste ophør",
        "Ophørt",
        "Grundlag",
        "Beslutning",
    ]
    days = ["Fra", "Tidligste ophør", "Ophørt"]
    table[days] = table[days].apply(pd.to_datetime)
    return table


def test_designations_are_of_known_kommuner_and_say_that_they_are_made_up(designations, facts):
    assert 4 <= len(designations) <= 6
    assert (designations["Niveau"] == "kommune").all()
    assert set(designations["Områdekode"]) <= set(facts["kommune_code"])
    assert designations["Områdekode"].is_unique
    assert (designations["Grundlag"] != "").all()
    assert designations["Beslutning"].str.endswith("(opdigtet)").all()


def test_designations_hold_for_six_months(designations):
    half_a_year = designations["Fra"] + pd.DateOffset(months=6)
    assert (designations["Tidligste ophør"] == half_a_year).all()


def test_one_designation_has_ended_and_one_may_not_end_in_march(designations):
    ended = designations[designations["Ophørt"].notna()]
    assert list(ended["Ophørt"].dt.year) == [2024]
    running = designations.drop(index=ended.index)
    late = running[running["Tidligste ophør"] > pd.Timestamp(2026, 3, 1)]
    assert list(late["Områdekode"]) == ["0530"]
    assert list(late["Fra"]) == [pd.Timestamp(2025, 10, 15)]
    regular = running.drop(index=late.index)
    assert (regular["Fra"] == pd.Timestamp(2025, 9, 1)).all()
    assert len(regular) >= 3
