"""The plan's own rules on the real island: its roads and people, a made-up register and plan.

Figures of the register are worked out here once more, from the file itself and by
arithmetic that uses nothing of the package.
"""

import csv
import json
from datetime import date

import pandas as pd
import pytest

from coverage.pathway.pathway import build_pathway
from coverage.sources.area_levels import CHRISTIANSOE_FOLLOWS
from coverage.study import check_study, run_study
from coverage.study_file import InputFile, LevelFile, Study
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from tests.pathway_checks import CHECKS as PATH_CHECKS
from tests.plan_sums import CHECKS
from tests.shared_files import shared

# Bornholm's own towns: lon, lat, inhabitants (rounded).
TOWNS = {
    "Rønne": (14.7065, 55.1009, 13_600),
    "Nexø": (15.1306, 55.0607, 3_600),
    "Aakirkeby": (14.9192, 55.0707, 2_100),
    "Hasle": (14.7070, 55.1840, 1_600),
    "Allinge": (14.8010, 55.2770, 1_500),
    "Svaneke": (15.1429, 55.1356, 1_050),
    "Gudhjem": (14.9716, 55.2103, 700),
}
# km in EPSG:25832: west, south, east, north. Nobody practises around Gudhjem.
DISTRICTS = {
    "Rønne og Hasle": (850, 6095, 867.5, 6135),
    "Klemensker": (867.5, 6095, 873, 6135),
    "Aakirkeby": (873, 6095, 886, 6124),
    "Gudhjem": (873, 6124, 886, 6135),
    "Allinge": (850, 6135, 886, 6150),
    "Nexø og Svaneke": (886, 6095, 899, 6150),
}
PLAN = {
    "projection.csv": (
        "OMRÅDE;ALDER;TID;INDHOLD\n"
        "Bornholm;0-64 år;2026;27000\nBornholm;65+ år;2026;13000\n"
        "Bornholm;0-64 år;2031;25000\nBornholm;65+ år;2031;14000\n"
        "Christiansø;0-64 år;2026;60\nChristiansø;65+ år;2026;20\n"
        "Christiansø;0-64 år;2031;55\nChristiansø;65+ år;2031;20\n"
    ),
    "need_weights.csv": "kommune;vægt\nBornholm;1,08\n",
    "closing_limits.csv": "ydernummer;kommune;lukkegrænse\n010182;;1.500\n010141;;1.700\n",
    "planomraader.csv": "kommune;område\nBornholm;Øerne\n",
    "skal_areas.csv": (
        "kommune,area,includes,or_area,or_kommune\n"
        "Bornholm,Rønne,,,\nBornholm,Nexø,,,\nBornholm,Aakirkeby,,,\n"
        "Bornholm,Allinge,,Gudhjem,\nBornholm,Østermarie,,,\n"
    ),
    "designations.csv": (
        "Niveau;Områdekode;Fra;Tidligste ophør;Ophørt;Grundlag;Beslutning\n"
        "kommune;0400;2025-09-01;2026-03-01;;Ventede ophør;September 2025\n"
    ),
}


def write_plan(folder):
    for name, text in PLAN.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = [f"{name},0400,Bornholm,{lat},{lon},{n}\n" for name, (lon, lat, n) in TOWNS.items()]
    header = "town,kommune_code,kommune,lat,lon,population\n"
    (folder / "towns.csv").write_text(header + "".join(rows), encoding="utf-8")
    features = []
    for name, (west, south, east, north) in DISTRICTS.items():
        x = [1000.0 * km for km in (west, east, east, west, west)]
        y = [1000.0 * km for km in (south, south, north, north, south)]
        lon, lat = reproject(x, y, from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
        ring = [list(place) for place in zip(lon.tolist(), lat.tolist(), strict=True)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"id": name}, "geometry": geometry})
    layer = {"type": "FeatureCollection", "features": features}
    (folder / "distrikter.geojson").write_text(json.dumps(layer), encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bornholm")
    write_plan(folder)
    day = date(2026, 1, 1)
    files = ("towns", "projection", "need_weights", "closing_limits", "skal_areas", "designations")
    return Study(
        title="Bornholm",
        as_of=day,
        practices=InputFile(shared("data/bornholm_practices.csv"), day),
        population=InputFile(shared("data/geostat_2011_1km_dk.csv"), date(2011, 1, 1)),
        roads=InputFile(shared("data/bornholm.osm.pbf"), date(2025, 1, 1)),
        kommuner=InputFile(shared("data/dagi_kommuner_2014.geojson"), date(2014, 1, 1)),
        **{name: InputFile(folder / f"{name}.csv", day) for name in files},
        judgements=InputFile(folder / "judgements.csv"),
        area_kommuner=("0400", "0411"),
        area_levels={
            "Planområde": LevelFile(folder / "planomraader.csv"),
            "Distrikt": LevelFile(folder / "distrikter.geojson"),
            "Region 2027": LevelFile(shared("facts/kommuner.csv"), column="region_2027"),
        },
        designation_level="Distrikt",
        cache_folder=folder / "cache",
        path=folder / "study.toml",
    )


@pytest.fixture(scope="module")
def result(study):
    return run_study(study)


@pytest.fixture(scope="module")
def whole(result) -> pd.Series:
    return result.assessment.capacity.by_area["kommune"].iloc[-1]


@pytest.fixture(scope="module")
def districts(result) -> pd.DataFrame:
    return result.assessment.capacity.by_area["Distrikt"].set_index("area_id")


@pytest.fixture(scope="module")
def register() -> list[dict]:
    """The register's rows as a spreadsheet would have them, read without the package."""
    with shared("data/bornholm_practices.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [
        {
            "ydernummer": row["Ydernr"],
            "town": row["By"],
            "capacities": float(row["Kapaciteter"].replace(",", ".")),
            "listed": int(row["Tilmeldte gruppe 1-sikrede"].replace(".", "")),
            "open": row["Tilgang"] == "Åben",
            "years": [int(year) for year in row["Lægers fødselsår"].split(",") if year],
        }
        for row in rows
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_answers_of_the_island_fit_together(result, check):
    check(result.assessment)


def test_the_island_shows_what_is_missing_and_why(districts):
    """So that the reasons checked above are met with, each of them."""
    gudhjem, christiansoe = districts.loc["Gudhjem"], districts.loc["0411"]
    assert (gudhjem["practices"], gudhjem["capacities"]) == (0, 0)
    assert gudhjem["residents"] > 1000
    assert pd.isna(gudhjem["patients_per_capacity"])
    assert gudhjem["spare_places_pct"] == 0  # known: there is no practice that could be open
    assert gudhjem["access_e2sfca_per_1000"] > 0
    assert christiansoe["residents"] == 0
    assert pd.isna(christiansoe["spare_places_pct"])


def test_christiansoe_follows_bornholm_where_a_list_of_kommuner_leaves_it_out(result):
    for level, area in (("Planområde", "Øerne"), ("Region 2027", "Region Østdanmark")):
        table = result.assessment.capacity.by_area[level]
        assert table["area_id"].tolist() == [area, "all"]
    notes = {
        source.file_name: source.notes
        for source in result.stamp.inputs
        if source.file_name in {"planomraader.csv", "kommuner.csv"}
    }
    assert notes == dict.fromkeys(("planomraader.csv", "kommuner.csv"), (CHRISTIANSOE_FOLLOWS,))


def test_patients_per_capacity(whole, register):
    listed = sum(row["listed"] for row in register)
    capacities = sum(row["capacities"] for row in register)
    assert (listed, capacities) == (38_485, 25.0)
    assert whole["listed_persons"] == listed
    assert whole["capacities"] == capacities
    assert whole["patients_per_capacity"] == pytest.approx(1539.4)


def test_closed_practices(whole, register):
    closed = [row for row in register if not row["open"]]
    assert (len(closed), len(register)) == (8, 13)
    assert whole["practices_closed"] == 8
    assert whole["practices_closed_pct"] == pytest.approx(100 * 8 / 13)
    # 4 + 3 + 1 + 2.5 + 3 + 2 + 1 + 1 of 25 capacities.
    assert sum(row["capacities"] for row in closed) == 17.5
    assert whole["capacities_closed_pct"] == pytest.approx(70.0)


def test_doctors_of_sixty_and_over_on_the_first_of_january_2026(whole, register):
    """By the year of birth alone: who turns 60 during 2026 counts."""
    years = [year for row in register for year in row["years"]]
    assert len(years) == 24
    assert sum(2026 - year >= 60 for year in years) == 11
    assert sum(2026 - year >= 65 for year in years) == 8
    assert (whole["doctors"], whole["doctors_older"], whole["doctors_old"]) == (24, 11, 8)
    assert whole["doctors_older_pct"] == pytest.approx(100 * 11 / 24)
    # Regionsklinik Rønne names no doctor.
    assert whole["practices_without_doctors"] == 1


def test_free_places_with_a_limit_of_1600_and_one_of_1500(result, register):
    """A closed practice has none, whatever its limit."""
    limits = {row["ydernummer"]: 1600 for row in register} | {"010182": 1500, "010141": 1700}
    by_hand = {
        row["ydernummer"]: max(0.0, limits[row["ydernummer"]] * row["capacities"] - row["listed"])
        if row["open"]
        else 0.0
        for row in register
    }
    # 2 x 1,600 - 3,050; 2 x 1,600 - 2,210; 1 x 1,500 - 1,420; 2 x 1,600 - 2,760; 800 - 690.
    assert sorted(places for places in by_hand.values() if places) == [80, 110, 150, 440, 990]
    found = result.assessment.capacity.by_practice.set_index("ydernummer")
    assert found["free_places"].to_dict() == by_hand
    sources = found["closing_limit_source"]
    assert sources[sources != "rule"].to_dict() == {"010182": "file", "010141": "file"}
    whole = result.assessment.capacity.by_area["kommune"].iloc[-1]
    assert whole["free_places"] == 1770
    assert whole["spare_places_pct"] == pytest.approx(100 * 1770 / whole["residents"])


def test_free_places_with_a_limit_of_1600_for_all(study):
    whole = run_study(
        Study(**{**vars(study), "closing_limits": None, "area_levels": {}})
    ).assessment.capacity.by_area["kommune"]
    # Nexø Lægeklinik has 1,600 - 1,420 = 180 instead of 80.
    assert whole["free_places"].iloc[-1] == 1870


# Share that stops within a year, by age (default.toml), and the years ahead.
EXITS = ((60, 0.01), (65, 0.07), (70, 0.20), (200, 0.35))


def share_leaving(age: int, years: int = 5) -> float:
    stays = 1.0
    for later in range(age, age + years):
        stays *= 1 - next(share for below, share in EXITS if later < below)
    return 1 - stays


def test_capacity_expected_to_end(whole, register):
    ending = {
        row["ydernummer"]: row["capacities"]
        * sum(share_leaving(2026 - year) for year in row["years"])
        / len(row["years"])
        for row in register
        if row["years"]
    }
    assert len(ending) == 12
    # Born in 1958: 68 in 2026; two years of 20 %, three of 35 %.
    assert ending["010216"] == pytest.approx(1 - 0.8**2 * 0.65**3)
    assert whole["capacities_expected_to_end"] == pytest.approx(sum(ending.values()))
    with_doctors = sum(row["capacities"] for row in register if row["years"])
    assert with_doctors == 23
    assert whole["expected_exit_pct"] == pytest.approx(100 * sum(ending.values()) / 23)


TOWNS_OF = {
    "Rønne og Hasle": {"Rønne", "Hasle"},
    "Klemensker": {"Klemensker"},
    "Aakirkeby": {"Aakirkeby"},
    "Gudhjem": set(),
    "Allinge": {"Allinge"},
    "Nexø og Svaneke": {"Nexø", "Svaneke"},
}


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_district_has_the_practices_of_its_towns(districts, register, district):
    """The polygons are drawn around the towns, so that the postal town tells the district."""
    own = [row for row in register if row["town"] in TOWNS_OF[district]]
    found = districts.loc[district]
    assert found["practices"] == len(own)
    assert found["practices_open"] == sum(row["open"] for row in own)
    assert found["capacities"] == sum(row["capacities"] for row in own)
    assert found["listed_persons"] == sum(row["listed"] for row in own)
    assert found["doctors"] == sum(len(row["years"]) for row in own)


def test_the_projected_growth_is_that_of_the_file_on_every_level(result):
    """(25,000 + 14,000) / (27,000 + 13,000) - 1; nobody of the grid lives on Christiansø."""
    for table in result.assessment.capacity.by_area.values():
        lived_in = table[table["residents"] > 0]
        assert lived_in["population_growth_pct"].tolist() == pytest.approx([-2.5] * len(lived_in))
        assert table["projected_from_persons"].iloc[-1] == pytest.approx(40_000)


def test_need_weights_count_on_top_of_the_residents(whole):
    assert whole["need_weighted_residents"] == pytest.approx(1.08 * whole["residents"])
    assert whole["need_weighted_per_capacity"] == pytest.approx(1.08 * whole["residents"] / 25)


def test_more_people_than_places(result, whole):
    """The island's lists and free places hold fewer than live on it: somebody is left over."""
    room = 38_485 + 1_770
    assert whole["residents"] > room
    assert whole["persons_without_place"] >= whole["residents"] - room - 0.5
    assert result.assessment.capacity.by_practice["room_persons"].sum() == room
    assert result.assessment.capacity.persons_by_nearest >= whole["persons_without_place"] - 0.5


def test_the_signals_of_the_island_follow_from_its_figures(result):
    """Bornholm: 1,539 patients a capacity and 61.5 % closed are fine, 37.8 % leaving is not."""
    criteria = result.assessment.designation.criteria
    own = criteria[(criteria["area_level"] == "kommune") & (criteria["area_id"] == "0400")]
    status = own.set_index("criterion")["status"]
    assert status["patients_per_capacity"] == "not_met"
    assert status["practices_closed"] == "not_met"
    assert status["spare_places"] == "not_met"  # 1,770 of 41,700 residents: 4.2 %
    assert status["expected_exit"] == "met"
    assert status["population_growth"] == "not_met"
    assert status[["special_circumstances", "clinic_need"]].tolist() == ["not_entered"] * 2
    assert result.assessment.designation.decision_on == date(2026, 3, 1)


def test_the_places_of_the_island(result):
    places = result.assessment.skal.places.set_index("name")
    assert places.loc["Rønne", "kind"] == "main_town"
    assert places.loc["Nexø", "kind"] == "centre_town"
    assert places.loc["Rønne", "practices"] == 6
    assert places.loc["Nexø", "listed_persons"] == 4_905 + 1_420
    assert places.loc["Svaneke", "last_ydernummer"] == "010216"
    assert pd.isna(places.loc["Nexø", "last_ydernummer"])
    # Klemensker is no town of the table: its practice is a place of its own.
    assert places.loc["Klemensker", "practices"] == 1
    assert pd.isna(places.loc["Klemensker", "persons"])


def test_the_plans_own_list_beside_the_places(result):
    agreement = result.assessment.skal.agreement.set_index("plan_name")
    assert agreement.loc["Rønne", ["verdict", "reason"]].tolist() == ["agreed", "main_town"]
    assert agreement.loc["Nexø", ["verdict", "reason"]].tolist() == ["agreed", "centre_town"]
    assert agreement.loc["Østermarie", ["verdict", "reason"]].tolist() == [
        "missing",
        "no_such_town",
    ]


def test_check_finds_nothing_wrong_and_accounts_for_every_file(study):
    report = check_study(study)
    assert report.problems == ()
    assert {account.role for account in report.accounts} == {
        "practices",
        "population",
        "roads",
        "kommuner",
        "area level",
        "towns",
        "projection",
        "need_weights",
        "closing_limits",
        "skal_areas",
        "designations",
    }
    for account in report.accounts:
        assert account.rows_read == (
            account.rows_kept + account.merged_rows + sum(account.dropped.values())
        ), account.role


@pytest.mark.parametrize("check", PATH_CHECKS, ids=lambda check: check.__name__)
def test_the_years_to_the_target_fit_together(result, check):
    """Districts divide the kommune, and Christiansø has no resident on the grid."""
    check(build_pathway(result.assessment))
