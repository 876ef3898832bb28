"""What must hold between the answers of a plan: nobody is lost, nobody counted twice.

Used on the demo and on the real island; each function raises AssertionError with what differs.
"""

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.signal_rule import CRITERIA, MEASURES
from coverage.tables import CLINIC_FORMS

# Counts of persons, doctors, capacities and practices: the areas' make up the whole.
ADDITIVE = (
    "practices",
    "practices_open",
    "practices_closed",
    "practices_intake_unknown",
    *(f"practices_{form}" for form in CLINIC_FORMS),
    "practices_accessible",
    "practices_access_unknown",
    "practices_without_capacity",
    "practices_without_list",
    "practices_without_doctors",
    "open_practices_without_room",
    "satellites",
    "doctors",
    "doctors_older",
    "doctors_old",
    "capacities",
    "capacities_open",
    "capacities_expected_to_end",
    "listed_persons",
    "free_places",
    "residents",
    "need_weighted_residents",
    "persons_without_practice",
    "persons_without_place",
    "projected_from_persons",
    "projected_to_persons",
)
# Step 2 of the shortage counts in hundredths of a person.
PERSONS_OFF = 0.5


def missing_with_reason(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return column -> where it is missing for a good reason; every other column is never missing.

    For a register that gives the capacity and the list of every practice.
    """
    nobody = table["residents"] == 0
    no_practice = table["practices"] == 0
    no_capacity = table["capacities"] == 0
    # Nothing is known of the doctors of a practice without birth years and number.
    no_doctor_known = ~no_practice & (table["practices_without_doctors"] == table["practices"])
    no_doctor = table["doctors"].isna() | (table["doctors"] == 0)
    return {
        # Without a practice there are neither lists nor capacities to divide.
        "patients_per_capacity": no_practice | no_capacity,
        "residents_per_capacity": nobody | no_capacity,
        "need_weighted_per_capacity": nobody | no_capacity,
        # A share of nothing.
        "practices_closed_pct": table["practices"] == table["practices_intake_unknown"],
        "capacities_closed_pct": table["practices"] == table["practices_intake_unknown"],
        "doctors": no_doctor_known,
        "doctors_older": no_doctor_known,
        "doctors_old": no_doctor_known,
        "doctors_older_pct": no_doctor,
        "doctors_old_pct": no_doctor,
        "capacities_expected_to_end": no_doctor_known,
        "expected_exit_pct": table["practices"] == table["practices_without_doctors"],
        # What is of residents needs residents.
        "spare_places_pct": nobody,
        "access_2sfca_per_1000": nobody,
        "access_e2sfca_per_1000": nobody,
        "access_worst_tenth_per_1000": nobody,
        "access_gini": nobody | (table["access_e2sfca_per_1000"] == 0),
        "projected_from_persons": nobody,
        "projected_to_persons": nobody,
        "population_growth_pct": nobody,
    }


def check_every_area_has_every_measure(assessment: Assessment) -> None:
    """Every figure of every area and level is there, or is missing for a reason."""
    assert list(assessment.capacity.by_area) == [level.name for level in assessment.levels]
    for level in assessment.levels:
        table = assessment.capacity.by_area[level.name]
        assert (table[["practices_without_capacity", "practices_without_list"]] == 0).all(axis=None)
        ids = [area for area in table["area_id"] if area != NO_AREA]
        assert ids == [*sorted(level.shapes["area_id"]), ALL_AREAS]
        reasons = missing_with_reason(table)
        for column in table.columns:
            reason = reasons.get(column, pd.Series(data=False, index=table.index))
            assert table[column].isna().tolist() == reason.tolist(), (level.name, column)


def check_areas_make_up_the_whole(assessment: Assessment) -> None:
    """On every level the areas add up to "all", and "all" is the same on every level."""
    first = assessment.capacity.by_area["kommune"].iloc[-1]
    for level, table in assessment.capacity.by_area.items():
        whole = table.iloc[-1]
        assert whole["area_id"] == ALL_AREAS
        for column in ADDITIVE:
            parts = table[column].iloc[:-1].sum()
            assert np.isclose(parts, whole[column], rtol=1e-9, atol=1e-6), (level, column)
        numbers = table.columns.drop(["area_id", "area_name"])
        pd.testing.assert_series_equal(
            whole[numbers].astype(float), first[numbers].astype(float), rtol=1e-9, check_names=False
        )


def check_residents_are_those_of_laegevalg(assessment: Assessment) -> None:
    """Two tables of one area speak of the same people."""
    for level, table in assessment.capacity.by_area.items():
        persons = assessment.by_area[level].set_index("area_id")["persons"]
        residents = table[table["area_id"] != NO_AREA].set_index("area_id")["residents"]
        pd.testing.assert_series_equal(
            residents, persons.reindex(residents.index, fill_value=0.0), check_names=False
        )


def check_access_hands_out_every_capacity_in_reach(assessment: Assessment) -> None:
    """Access x need-weighted persons, added up, is the capacity that somebody reaches."""
    homes = assessment.capacity.by_origin
    persons = assessment.origins.table["persons"].to_numpy()
    needing = persons * homes["need_weight"].to_numpy()
    pairs = assessment.matrix.pairs()
    lived_in = assessment.origins.table.loc[persons > 0, "origin_id"]
    near = pairs[
        (pairs["distance_m"] <= assessment.rules.access.zone_3_m)
        & pairs["origin_id"].isin(lived_in)
    ]
    practices = assessment.tables.practices
    in_reach = practices.loc[practices["ydernummer"].isin(near["site_id"]), "capacities"].sum()
    assert in_reach > 0
    for column in ("access_2sfca_per_1000", "access_e2sfca_per_1000"):
        handed_out = (homes[column].to_numpy() / 1000 * needing).sum()
        assert np.isclose(handed_out, in_reach, rtol=1e-9), column


def check_everybody_has_a_place_or_none(assessment: Assessment) -> None:
    """Assigned, without a place and without a practice are all residents, each once."""
    homes, practices = assessment.capacity.by_origin, assessment.capacity.by_practice
    persons = assessment.origins.table["persons"].to_numpy()
    without = homes["persons_without_practice"] + homes["persons_without_place"]
    assert (homes[["persons_without_practice", "persons_without_place"]] >= 0).all(axis=None)
    assert (without.to_numpy() <= persons + 1e-6).all()
    assigned = practices["persons_assigned"].sum()
    assert abs(assigned + without.sum() - persons.sum()) < PERSONS_OFF
    known = practices.dropna(subset="persons_assigned")
    full = known["persons_assigned"] + known["persons_free"]
    assert np.allclose(full, known["room_persons"])


def check_criteria_of_every_area(assessment: Assessment) -> None:
    """Every area of every level has the eight criteria once, judged by its own figures."""
    criteria = assessment.designation.criteria
    areas = [(level.name, area) for level in assessment.levels for area in level.shapes["area_id"]]
    listed = assessment.designation.areas
    assert list(zip(listed["area_level"], listed["area_id"], strict=True)) == areas
    assert len(criteria) == 8 * len(areas)
    assert criteria["criterion"].tolist() == list(CRITERIA) * len(areas)
    of_area = list(zip(criteria["area_level"], criteria["area_id"], strict=True))
    assert of_area[::8] == of_area[7::8] == areas
    for criterion, measure in MEASURES.items():
        own = criteria[criteria["criterion"] == criterion]
        values = [_figure(assessment, measure.column, *area) for area in areas]
        np.testing.assert_allclose(own["value"], values, rtol=1e-9)
        threshold = assessment.rules.rules[measure.rule_key].value
        assert set(own["threshold"]) == {threshold}
        for value, status in zip(values, own["status"], strict=True):
            is_worse = value > threshold if measure.worse_side == "above" else value < threshold
            expected = "unknown" if np.isnan(value) else "met" if is_worse else "not_met"
            assert status == expected, (criterion, value, threshold)


def _figure(assessment: Assessment, column: str, level: str, area_id: str) -> float:
    if column == "choice_pct":
        table = assessment.by_area[level].set_index("area_id")
        # Nobody lives in an area that the table of lægevalg lacks.
        known = table["road_share_two_or_more"].reindex([area_id])
        return float(known.iloc[0]) * 100.0
    return float(assessment.capacity.by_area[level].set_index("area_id").loc[area_id, column])


def check_every_place_and_plan_row_once(assessment: Assessment) -> None:
    """Every practice and town is of one place; every row of the plan and place is compared once."""
    skal, tables = assessment.skal, assessment.tables
    assert skal.places["place_id"].is_unique
    placed = tables.practices[tables.practices["x_m"].notna()]
    assert sorted(skal.practices["ydernummer"]) == sorted(placed["ydernummer"])
    assert set(skal.practices["place_id"]) <= set(skal.places["place_id"])
    counted = skal.practices.groupby("place_id").size()
    held = skal.places.set_index("place_id")["practices"]
    assert held[held > 0].to_dict() == counted.to_dict()
    own_towns = tables.towns[tables.towns["kommune_code"].isin(tables.kommuner["kommune_code"])]
    in_places = skal.places["towns"].str.split(", ").explode()
    lone = ~skal.places["place_id"].str.match(r"\d{4}-")
    assert sorted(in_places[~in_places.index.isin(skal.places.index[lone])]) == sorted(
        own_towns["name"]
    )
    assert np.isclose(
        skal.places["capacities"].sum(skipna=True), placed["capacities"].sum(), rtol=1e-9
    )
    _check_agreement(assessment)


def _check_agreement(assessment: Assessment) -> None:
    agreement, places = assessment.skal.agreement, assessment.skal.places.set_index("place_id")
    of_plan = agreement[agreement["plan_name"].notna()]
    extra = agreement[agreement["plan_name"].isna()]
    assert of_plan["plan_name"].tolist() == assessment.plan.skal_areas["name"].tolist()
    assert of_plan["kommune_code"].tolist() == assessment.plan.skal_areas["kommune_code"].tolist()
    assert set(extra["verdict"]) <= {"extra"}
    assert "extra" not in set(of_plan["verdict"])
    assert extra["place_id"].is_unique
    assert not set(extra["place_id"]) & set(of_plan["place_id"].dropna())
    also = ", ".join(values["also"] for values in of_plan["values"]).split(", ")
    must_stay = places[places["is_skal"]]
    named = must_stay.index.isin(of_plan["place_id"]) | must_stay["name"].isin(also)
    assert set(must_stay.index[~named]) <= set(extra["place_id"])
    paired = set(assessment.skal.pairs["place_a"]) | set(assessment.skal.pairs["place_b"])
    assert set(extra["place_id"]) - paired <= set(must_stay.index)


CHECKS = (
    check_every_area_has_every_measure,
    check_areas_make_up_the_whole,
    check_residents_are_those_of_laegevalg,
    check_access_hands_out_every_capacity_in_reach,
    check_everybody_has_a_place_or_none,
    check_criteria_of_every_area,
    check_every_place_and_plan_row_once,
)
