"""The plan's list beside what the tool finds: one verdict for every row and every place."""

import pandas as pd
import pytest

from coverage.skal_list_check import VERDICTS, compare_with_plan
from tests.drawn_country import Country, at, plan_list
from tests.straight_road import RULES

# place_id, name, towns, kind, persons, practices, lose practice, lose choice
PLACES = [
    ("0461-hovedby", "Hovedby", "main_town", 9_000.0, 4, 0.0, 0.0),
    ("0461-midtby", "Midtby", "centre_town", 3_500.0, 0, 0.0, 0.0),
    ("0461-fjern", "Fjern", "geographically_necessary", 300.0, 1, 450.0, 20.0),
    ("0461-enten", "Enten", "dispensable", 700.0, 1, 5.0, 0.0),
    ("0461-eller", "Eller", "dispensable", 600.0, 1, 5.0, 0.0),
    ("0461-tom", "Tom", "dispensable", 1_700.0, 0, 0.0, 0.0),
    ("0461-faa", "Få", "dispensable", 1_200.0, 1, 19.0, 99.0),
    ("0461-ingen", "Ingen", "dispensable", 2_000.0, 2, 0.0, 0.0),
    ("0461-valg", "Valg", "dispensable", 1_600.0, 1, 19.0, 100.0),
    ("0461-ukendt", "Ukendt", "dispensable", None, 1, 19.0, 0.0),
    ("praksis-000009", "Landet", "dispensable", None, 1, 0.0, 0.0),
    ("0450-nabo", "Nabo", "main_town", 800.0, 1, 0.0, 0.0),
]
NAMES = ("place_id", "name", "kind", "persons", "practices")
LOSSES = ("persons_lose_practice", "persons_lose_choice")


def places():
    table = pd.DataFrame(PLACES, columns=[*NAMES, *LOSSES]).astype({"persons": float})
    codes = ["0450" if place_id == "0450-nabo" else "0461" for place_id in table["place_id"]]
    return table.assign(kommune_code=codes, is_skal=table["kind"] != "dispensable")


def pairs(*ends):
    return pd.DataFrame(ends or [("0461-enten", "0461-eller")], columns=["place_a", "place_b"])


def compared(*rows, rules=RULES.skal, found_pairs=None, **more_towns):
    """The comparison; ``more_towns``: further names of the place of an id's last word."""
    table = places()
    towns = table.loc[~table["place_id"].str.startswith("praksis"), ["place_id", "name"]]
    more = [(f"0461-{place}", name) for place, name in more_towns.items()]
    towns = pd.concat([towns, pd.DataFrame(more, columns=towns.columns)], ignore_index=True)
    towns["kommune_code"] = towns["place_id"].str[:4]
    found = pairs() if found_pairs is None else found_pairs
    plan = plan_list(*rows).skal_areas
    return compare_with_plan(plan, table, found, towns, ["0461", "0450", "0479"], rules)


def only(*rows, **more):
    """The first row of the plan, judged."""
    return compared(*rows, **more).iloc[0]


@pytest.mark.parametrize(
    ("name", "reason", "place_id"),
    [
        ("Hovedby", "main_town", "0461-hovedby"),
        ("MIDTBY", "centre_town", "0461-midtby"),
        ("Fjern", "geographically_necessary", "0461-fjern"),
        ("Enten", "or_pair", "0461-enten"),
    ],
)
def test_what_both_find_is_agreed(name, reason, place_id):
    row = only({"name": name})
    assert (row.verdict, row.reason, row.place_id) == ("agreed", reason, place_id)


@pytest.mark.parametrize(
    ("name", "reason", "place_id"),
    [
        ("Findes ikke", "no_such_town", None),
        ("Nabo", "no_such_town", None),  # that town lies in another kommune
        ("Tom", "no_practice_now", "0461-tom"),
        ("Faa", "dispensable_now", "0461-faa"),
        ("Ingen", "below_town_size", "0461-ingen"),
        ("Valg", "only_choice_lost", "0461-valg"),
        ("Ukendt", "size_unknown", "0461-ukendt"),
        ("Landet", "size_unknown", "praksis-000009"),
    ],
)
def test_what_only_the_plan_names_is_missing_with_its_reason(name, reason, place_id):
    row = only({"name": name})
    assert (row.verdict, row.reason) == ("missing", reason)
    assert row.place_id == place_id if place_id else pd.isna(row.place_id)


def test_choice_is_no_reason_where_the_rules_protect_it():
    """With protection a place of 100 would be needed; here the table says that it is not."""
    protecting = RULES.override({"skal.protect_choice": True}).skal
    assert only({"name": "Valg"}, rules=protecting).reason == "dispensable_now"


def test_a_missing_pair_is_said_unless_there_is_a_better_reason():
    row = only({"name": "Få", "or_name": "Ingen"})
    assert (row.verdict, row.reason) == ("missing", "or_pair_not_found")
    assert row["values"]["partner"] == "Ingen"
    assert only({"name": "Tom", "or_name": "Ingen"}).reason == "no_practice_now"
    assert only({"name": "Valg", "or_name": "Ingen"}).reason == "only_choice_lost"


def test_a_row_asks_for_either_and_the_tool_for_the_other():
    row = only({"name": "Ingen", "or_name": "Nabo", "or_kommune_code": "0450"})
    assert (row.verdict, row.reason, row.place_id) == ("agreed", "or_partner", "0461-ingen")
    assert row["values"]["partner"] == "Nabo"


def test_a_pair_with_a_town_that_stays_anyway_is_no_duty_of_the_other():
    beside = pairs(("0461-hovedby", "0461-ingen"))
    assert only({"name": "Ingen"}, found_pairs=beside).reason == "below_town_size"
    table = compared({"name": "Hovedby"}, found_pairs=beside)
    assert "0461-ingen" not in set(table["place_id"])


def test_a_town_is_found_by_any_name_of_its_place():
    row = only({"name": "Forstad"}, hovedby="Forstad")
    assert (row.verdict, row.reason, row.place_id) == ("agreed", "main_town", "0461-hovedby")
    assert row["values"]["place"] == "Hovedby"


@pytest.mark.parametrize("includes", ["Fjern, Midtby", "Fjern og Midtby", "Fjern/Midtby"])
def test_a_row_that_includes_others_names_them_all(includes):
    table = compared({"name": "Ingen", "includes": includes})
    row = table.iloc[0]
    assert (row.verdict, row.place_id) == ("agreed", "0461-fjern")
    assert row["values"]["also"] == "Midtby"
    assert not {"0461-fjern", "0461-midtby"} & set(table.iloc[1:]["place_id"])


def test_towns_that_the_plan_counts_together_and_the_tool_does_not_are_said():
    row = only({"name": "Tom", "includes": "Ingen"})
    assert (row.verdict, row.reason) == ("missing", "not_merged")
    assert row["values"]["place"] == "Tom, Ingen"
    assert row["values"]["persons"] == 3_700
    assert only({"name": "Få", "includes": "Tom"}).reason == "dispensable_now"  # 2,900 together


def test_what_the_plan_lacks_is_extra_with_its_numbers():
    table = compared({"name": "Hovedby"}).iloc[1:].set_index("place_id")
    assert set(table["verdict"]) == {"extra"}
    assert table["plan_name"].isna().all()
    assert table["reason"].to_dict() == {
        "0461-midtby": "centre_town",
        "0461-fjern": "geographically_necessary",
        "0461-enten": "or_pair",
        "0461-eller": "or_pair",
        "0450-nabo": "main_town",
    }
    assert table.loc["0461-enten", "values"]["partner"] == "Eller"
    assert table.loc["0461-fjern", "values"] == {
        "place": "Fjern",
        "persons": 300.0,
        "practices": 1,
        "persons_lose_practice": 450.0,
        "persons_lose_choice": 20.0,
        "partner": "",
        "also": "",
    }


def test_a_partner_is_named_by_the_plan_unless_it_must_stay_by_itself():
    extra = compared({"name": "Enten", "or_name": "Eller"}).iloc[1:]["place_id"]
    assert "0461-eller" not in set(extra)
    extra = compared({"name": "Enten", "or_name": "Fjern"}).iloc[1:]["place_id"]
    assert "0461-fjern" in set(extra)


def test_a_row_of_another_kommune_is_not_compared():
    row = only({"name": "Odense", "kommune_code": "0851"})
    assert (row.verdict, row.reason) == ("not_compared", "outside_study")
    assert pd.isna(row.place_id)


def test_every_row_of_the_plan_is_there_once_and_in_its_order():
    names = ["Hovedby", "Findes ikke", "Hovedby", "Ingen", "Fjern"]
    table = compared(*({"name": name} for name in names))
    assert table["plan_name"].dropna().tolist() == names
    assert table["place_id"][table["verdict"] == "extra"].is_unique
    must_stay = places().loc[places()["is_skal"], "place_id"]
    assert set(must_stay) <= set(table["place_id"].dropna())
    assert set(table["verdict"]) <= set(VERDICTS)


def test_without_a_list_there_is_no_comparison():
    drawn = Country([("Storby", at(10_000), 9_000.0)], {}, {"h": (at(0), 1.0)})
    assert drawn.skal().agreement.empty
    table = drawn.skal(plan_list({"name": "Storby"})).agreement
    assert table[["plan_name", "verdict", "reason"]].to_numpy().tolist() == [
        ["Storby", "agreed", "main_town"]
    ]
    assert table.columns.tolist() == drawn.skal().agreement.columns.tolist()
