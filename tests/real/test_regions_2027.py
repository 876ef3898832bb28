"""The regions as of 2027 on the national files: as the study's area, and as a level of areas."""

from datetime import date

import pandas as pd
import pytest

from coverage.pathway.pathway import build_pathway
from coverage.study import run_study
from coverage.study_file import InputFile, LevelFile, Study
from tests.pathway_checks import CHECKS as PATH_CHECKS
from tests.shared_files import shared

REGIONS = ["Region Midtjylland", "Region Nordjylland", "Region Syddanmark", "Region Østdanmark"]
DENMARK_PERSONS = 5_535_148


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(shared("facts/kommuner.csv"), dtype={"kommune_code": "str"})


def regional_study(tmp_path_factory, region):
    """People and boundaries of the country, practices and roads of one island."""
    day = date(2026, 1, 1)
    return Study(
        title=region or "Danmark",
        as_of=day,
        practices=InputFile(shared("data/bornholm_practices.csv"), day),
        population=InputFile(shared("data/geostat_2011_1km_dk.csv"), date(2011, 1, 1)),
        roads=InputFile(shared("data/bornholm.osm.pbf"), date(2025, 1, 1)),
        kommuner=InputFile(shared("data/dagi_kommuner_2014.geojson"), date(2014, 1, 1)),
        area_region=region,
        area_levels={
            "Region 2027": LevelFile(shared("facts/kommuner.csv"), column="region_2027"),
            "Region i dag": LevelFile(shared("facts/kommuner.csv"), column="region"),
        },
        resolution="cell",
        path=tmp_path_factory.mktemp("regions") / "study.toml",
    )


@pytest.fixture(scope="module")
def east(tmp_path_factory):
    return run_study(regional_study(tmp_path_factory, "Region Østdanmark")).assessment


@pytest.fixture(scope="module")
def denmark(tmp_path_factory):
    return run_study(regional_study(tmp_path_factory, None)).assessment


def test_region_oestdanmark_is_hovedstaden_and_sjaelland_and_christiansoe(east, facts):
    own = facts[facts["region"].isin(["Region Hovedstaden", "Region Sjælland"])]
    assert len(own) == 46
    assert (own["region_2027"] == "Region Østdanmark").all()
    table = east.capacity.by_area["kommune"]
    assert table["area_id"].tolist() == [*sorted([*own["kommune_code"], "0411"]), "all"]
    # The facts were counted with finer boundaries: a few cells at the border differ.
    assert table["residents"].iloc[-1] == pytest.approx(
        own["population_2011_grid"].sum(), rel=0.001
    )


def test_its_level_of_2027_is_one_region_and_todays_are_two(east, facts):
    one = east.capacity.by_area["Region 2027"]
    assert one["area_id"].tolist() == ["Region Østdanmark", "all"]
    two = east.capacity.by_area["Region i dag"].set_index("area_id")
    assert two.index.tolist() == ["Region Hovedstaden", "Region Sjælland", "all"]
    for region in ("Region Hovedstaden", "Region Sjælland"):
        people = facts.loc[facts["region"] == region, "population_2011_grid"].sum()
        assert two.loc[region, "residents"] == pytest.approx(people, rel=0.001)
    # Bornholm is Region Hovedstaden's: all 13 practices of the register.
    assert two["practices"].tolist() == [13, 0, 13]
    assert two["residents"].iloc[:2].sum() == one["residents"].iloc[0]


def test_the_country_falls_into_the_four_regions_of_2027(denmark, facts):
    table = denmark.capacity.by_area["Region 2027"].set_index("area_id")
    assert table.index.tolist() == [*REGIONS, "all"]
    people = facts.groupby("region_2027")["population_2011_grid"].sum()
    for region in REGIONS:
        assert table.loc[region, "residents"] == pytest.approx(people[region], rel=0.001)
    assert table.loc[REGIONS, "residents"].sum() == pytest.approx(DENMARK_PERSONS)
    assert table.loc["all", "residents"] == pytest.approx(DENMARK_PERSONS)
    assert table.loc[REGIONS, "practices"].tolist() == [0, 0, 0, 13]
    criteria = denmark.designation.criteria
    of_regions = criteria[criteria["area_level"] == "Region 2027"]
    assert of_regions.groupby("area_id").size().to_dict() == dict.fromkeys(REGIONS, 8)


def test_east_is_the_same_alone_and_within_the_country(east, denmark):
    alone = east.capacity.by_area["Region 2027"].set_index("area_id").loc["Region Østdanmark"]
    within = denmark.capacity.by_area["Region 2027"].set_index("area_id").loc["Region Østdanmark"]
    assert alone.isna().equals(within.isna())
    numbers = alone.index.drop("area_name")
    pd.testing.assert_series_equal(
        alone[numbers].astype(float), within[numbers].astype(float), rtol=1e-3, check_names=False
    )


@pytest.mark.parametrize("check", PATH_CHECKS, ids=lambda check: check.__name__)
def test_the_years_to_the_target_of_the_whole_country_fit_together(denmark, check):
    """98 kommuner, of which one has practices: the rest has growth and no place for it."""
    check(build_pathway(denmark))
