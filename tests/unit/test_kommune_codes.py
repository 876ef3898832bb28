"""Kommune codes and names, in the forms that files have them."""

import pandas as pd
import pytest

from coverage.sources.kommune_codes import known_kommuner, normalise_kommune_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (461, "0461"),
        (461.0, "0461"),
        ("461", "0461"),
        ("0461", "0461"),
        (" 0461 ", "0461"),
        ("DK_461", "0461"),
        ("DK_0461", "0461"),
        ("461.0", "0461"),
        ("461,0", "0461"),
        ("Odense", "0461"),
        ("odense kommune", "0461"),
        ("Københavns Kommune", "0101"),
        ("Koebenhavn", "0101"),
        ("Bornholms Regionskommune", "0400"),
        ("Århus", "0751"),
        ("Ålborg", "0851"),
        ("Høje Tåstrup", "0169"),
        ("Vesthimmerland", "0820"),
        ("Nordfyn", "0480"),
        ("Assens", "0420"),
        ("Brønderslev-Dronninglund", "0810"),
        ("0461 Odense", "0461"),
        ("Odense (461)", "0461"),
        ("Christiansø", "0411"),
    ],
)
def test_a_kommune_is_known_by_every_form_of_its_code_and_name(written, code):
    assert normalise_kommune_code(written) == code


@pytest.mark.parametrize(
    "written",
    ["", " ", None, float("nan"), pd.NA, "999", "0999", "1084", "46", "4610", "Sydby", "461.5",
     "0461 Aarhus", "kommune", "<b>Odense</b>"],
)  # fmt: skip
def test_what_is_no_kommune_is_none(written):
    assert normalise_kommune_code(written) is None


def test_every_kommune_is_found_by_its_own_code_and_name():
    for row in known_kommuner().itertuples():
        assert normalise_kommune_code(row.kommune_code) == row.kommune_code
        assert normalise_kommune_code(row.name) == row.kommune_code
        assert normalise_kommune_code(f"{row.name}s Kommune") == row.kommune_code


def test_denmark_has_98_kommuner_and_christiansoe_in_five_regions_and_four_from_2027():
    kommuner = known_kommuner()
    assert len(kommuner) == 99
    assert kommuner["kommune_code"].is_unique
    assert kommuner["kommune_code"].is_monotonic_increasing
    assert kommuner["kommune_code"].str.fullmatch(r"\d{4}").all()
    assert not kommuner.isna().any(axis=None)
    # Numbers of kommuner by region: data-sources 3.4; Hovedstaden has 29 and Christiansø.
    assert kommuner.groupby("region_code").size().to_dict() == {
        "1081": 11,
        "1082": 19,
        "1083": 22,
        "1084": 30,
        "1085": 17,
    }
    merged = kommuner[kommuner["region_2027"] == "Region Østdanmark"]["region"].unique()
    assert set(merged) == {"Region Hovedstaden", "Region Sjælland"}
    assert kommuner["region_2027"].nunique() == 4


def test_a_caller_cannot_change_the_table_for_others():
    mine = known_kommuner()
    mine["name"] = "changed"
    assert "changed" not in set(known_kommuner()["name"])
