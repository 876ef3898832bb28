"""The annex's tables: every word is there, every figure is right, and people add up."""

import re
from datetime import date

import pandas as pd
import pytest

from coverage import decisions, designation, lists, signal_rule, skal, skal_list_check, tables
from coverage.choice import ALL_AREAS
from coverage.exports.annex_columns import DECIMALS, FIELDS
from coverage.exports.annex_csv import STUDY_COLUMNS
from coverage.exports.annex_persons import whole_persons_by_area
from coverage.exports.annex_skal import DUTIES
from coverage.exports.annex_tables import COLUMNS, annex_tables
from coverage.exports.annex_words import reason_text
from coverage.levels import KOMMUNE_LEVEL
from coverage.plan_tables import (
    JUDGED,
    PlanTables,
)
from coverage.rules import load_ruleset
from coverage.wording import LANGUAGES, keys, say
from tests.annex_town import annex_town, full_plan, planned_town
from tests.drawn_town import drawn_stamp


@pytest.fixture(scope="module")
def town():
    return planned_town()


@pytest.fixture(scope="module")
def stamp(town):
    return drawn_stamp(town)


@pytest.fixture(scope="module")
def danish(town, stamp):
    """Return the annex's tables with Danish words."""
    return annex_tables(town, stamp, "da")


@pytest.fixture(scope="module")
def capacity(danish):
    return danish["capacity_by_area"]


def header(name, language="da"):
    return say(f"annex.column.{name}", language)


def by_area(annex, name, level, area_id):
    rows = (annex.codes["area_level"] == level) & (annex.codes["area_id"] == area_id)
    return annex.table.loc[rows, name].item()


class TestFields:
    def test_every_column_has_a_header_and_a_definition_and_no_words_are_left_over(self):
        for part in ("column", "definition"):
            named = {key.removeprefix(f"annex.{part}.") for key in keys(f"annex.{part}.")}
            assert named == set(FIELDS), part

    def test_every_field_is_a_column_of_some_table(self):
        used = {name for columns in COLUMNS.values() for name in columns} | set(STUDY_COLUMNS)
        assert used == set(FIELDS)

    @pytest.mark.parametrize("words", LANGUAGES)
    def test_no_table_has_two_columns_of_one_header(self, words):
        for table, columns in COLUMNS.items():
            headers = [header(name, words) for name in columns]
            assert len(set(headers)) == len(headers), table

    def test_inputs_are_roles_with_words_and_rules_are_rules(self):
        roles = {key.removeprefix("export.role.") for key in keys("export.role.")}
        rules = load_ruleset("default", date(2026, 1, 1)).rules
        for name, field in FIELDS.items():
            assert set(field.inputs) <= roles, name
            for rule in field.rules:
                assert any(key == rule or key.startswith(rule) for key in rules), (name, rule)

    def test_every_number_follows_from_an_input_or_a_rule(self):
        numbers = [name for name, field in FIELDS.items() if field.kind in DECIMALS]
        assert len(numbers) > 60
        assert [name for name in numbers if not (FIELDS[name].inputs or FIELDS[name].rules)] == []


class TestWords:
    @pytest.mark.parametrize(
        ("part", "codes"),
        [
            ("criterion", (*signal_rule.CRITERIA, *JUDGED)),
            ("status", designation.STATUSES),
            ("signal", signal_rule.SIGNALS),
            ("side", ("above", "below")),
            ("unit", (measure.column for measure in signal_rule.MEASURES.values())),
            ("item", decisions.AGENDA_ITEMS),
            ("kind", skal.KINDS),
            ("duty", DUTIES),
            ("verdict", skal_list_check.VERDICTS),
            ("limit_source", lists.LIMIT_SOURCES),
            ("table", COLUMNS),
        ],
    )
    def test_every_code_of_the_core_has_its_words(self, part, codes):
        named = {key.removeprefix(f"annex.{part}.") for key in keys(f"annex.{part}.")}
        assert named == set(codes)

    def test_every_form_of_practice_has_a_column(self):
        forms = {f"practices_{form}" for form in tables.CLINIC_FORMS}
        assert forms <= set(COLUMNS["capacity_by_area"])

    def test_every_reason_that_the_comparison_states_has_its_words(self):
        told = set(re.findall(r"``(\w+)``", skal_list_check.__doc__)) - set(skal.VERDICTS)
        kinds = set(skal.KINDS) - {skal_list_check.DISPENSABLE}
        named = {key.removeprefix("annex.reason.") for key in keys("annex.reason.")}
        assert named == told | kinds

    @pytest.mark.parametrize("words", LANGUAGES)
    @pytest.mark.parametrize("key", keys("annex.reason."))
    def test_a_reason_says_its_numbers_and_what_is_not_known(self, key, words):
        values = {
            "place": "Vesterby",
            "persons": None,
            "practices": 1,
            "persons_lose_practice": 1234.4,
            "persons_lose_choice": 0.5,
            "partner": "Østerby",
            "also": "",
            "town_persons": 3000.0,
            "min_persons_lost": 100.0,
        }
        text = reason_text(key.rsplit(".", 1)[1], values, words)
        assert "None" not in text
        assert "nan" not in text
        more = reason_text(key.rsplit(".", 1)[1], {**values, "also": "Sydby"}, words)
        assert more.startswith(text)
        assert "Sydby" in more

    def test_numbers_of_a_reason_are_written_as_the_language_does(self):
        values = {
            "place": "Ejby",
            "persons": 3500.0,
            "town_persons": 3000.0,
            "also": "",
            "partner": "",
        }
        text = reason_text("centre_town", values, "da")
        assert text == "Ejby har 3.500 indbyggere, flere end reglens 3.000."


class TestFigures:
    """Hand-checked on the drawn town."""

    @pytest.mark.parametrize(
        ("name", "odense"),
        [
            ("practices", 3),
            ("practices_open", 2),
            ("practices_intake_unknown", 1),
            ("capacities", 3.5),
            ("capacities_open", 2.5),
            ("doctors", 3),
            ("practices_without_doctors", 1),
            ("doctors_older", 2),
            ("doctors_old", 2),
            ("doctors_old_pct", 200 / 3),
            ("listed_persons", 1001 + 1002 + 1006),
            ("patients_per_capacity", 3009 / 3.5),
            ("residents", 1543),
            ("residents_per_capacity", (1200 + 310 + 100 / 3) / 3.5),
            ("need_weighted_residents", 1698),  # 1543.33 x 1.1003
            ("free_places", 1600 * 1.5 - 1001 + 1600 - 1002),
            ("spare_places_pct", (1399 + 598) / (1200 + 310 + 100 / 3) * 100),
            ("satellites", 1),
            ("persons_without_practice", 0),
            ("projected_to_persons", 1100),
            ("population_growth_pct", 10.0),
            ("practices_solo", 3),
        ],
    )
    def test_odense(self, capacity, name, odense):
        assert by_area(capacity, name, "kommune", "0461") == pytest.approx(odense)

    @pytest.mark.parametrize(
        ("name", "nyborg"),
        [
            ("practices_closed_pct", 50.0),
            ("capacities_closed_pct", 50.0),
            ("practices_without_list", 1),
            ("patients_per_capacity", 1004),
            ("residents", 191),
            ("persons_without_practice", 22),  # G at 17.5 km and F on the island
            # P3 at 36: 1 - 0.99^5; P4 at 64: 1 - 0.93 x 0.8^4; a capacity each.
            ("capacities_expected_to_end", 0.0490099501 + 0.619072),
            ("expected_exit_pct", 33.4041),
        ],
    )
    def test_nyborg(self, capacity, name, nyborg):
        assert by_area(capacity, name, "kommune", "0450") == pytest.approx(nyborg)

    def test_a_practice_without_a_place_is_in_the_total_and_in_no_area(self, capacity):
        assert by_area(capacity, "practices", "kommune", ALL_AREAS) == 6
        assert by_area(capacity, "practices", "kommune", "no_area") == 1
        assert by_area(capacity, "area_name", "kommune", "no_area") == say("annex.no_area", "da")
        assert pd.isna(by_area(capacity, "residents", "kommune", "no_area"))

    def test_the_signal_is_the_override_and_the_computed_one_stands_beside_it(self, danish):
        table = danish["designation"]
        odense = table.table[(table.codes["area_id"] == "0461")].iloc[0]
        assert odense["signal"] == say("annex.signal.signal", "da")
        assert odense["computed"] == say("annex.signal.no_signal", "da")
        assert odense["override"] == "ja"
        assert odense["override_on"] == "2025-09-01"
        assert odense["override_reason"] == "To ophør varslet"

    def test_a_criterion_has_its_threshold_with_source_and_status(self, danish):
        table = danish["criteria"]
        is_nyborg = (table.codes["area_id"] == "0450") & (table.codes["area_level"] == "kommune")
        rows = table.table[is_nyborg].set_index("criterion")
        growth = rows.loc[say("annex.criterion.population_growth", "da")]
        assert growth["value"] == pytest.approx(-5.0)
        assert growth["threshold"] == pytest.approx(3.0)
        assert growth["distance"] == pytest.approx(-8.0)
        assert growth["rule_status"] == say("export.rule_status.assumption", "da")
        assert growth["rule_source"].startswith("Region Syddanmark, Praksisplan 2025-2028")
        judged = rows.loc[say("annex.criterion.special_circumstances", "da")]
        assert judged["status"] == say("annex.status.met", "da")
        assert pd.isna(judged["value"])
        assert pd.isna(judged["unit"])
        assert (judged["author"], judged["reason"]) == ("Udvalget", "Sygdom")

    def test_the_agenda_asks_about_the_designation_that_may_end(self, danish):
        agenda = danish["agenda"]
        rows = agenda.table[agenda.codes["area_level"] == "kommune"].set_index("area_id")
        # Designated on 1 September 2025 for six months: on 1 March 2026 it may end.
        assert rows.loc["0450", "item"] == say("annex.item.signal_gone", "da")
        assert rows.loc["0450", "earliest_end"] == "2026-03-01"
        assert rows.loc["0450", "decision_on"] == "2026-03-01"
        assert rows.loc["0450", "decision"] == "Sag 12"
        assert rows.loc["0461", "item"] == say("annex.item.new_signal", "da")

    def test_a_place_says_who_loses_what_and_how_far_they_have(self, danish):
        places = danish["skal_areas"].table
        first = places.iloc[0]
        assert first["place_name"] == "Vesterby"
        assert first["kommune_name"] == "Odense"
        assert first["duty"] == say("annex.duty.kept", "da")
        assert first["verdict"] == say("annex.verdict.agreed", "da")
        assert first["persons_lose_practice"] == pytest.approx(1200)
        assert first["persons_lose_choice"] == pytest.approx(1200 + 310 + 100 + 55)
        # A has P1 at 0.5 km; without Vesterby P3 at 19.5 km.
        assert first["nearest_now_m"] == pytest.approx(0.5, abs=0.01)
        assert first["nearest_after_m"] == pytest.approx(19.5, abs=0.02)

    def test_the_plans_list_has_a_reason_for_every_row(self, danish):
        rows = danish["agreement"].table.set_index("plan_name")
        assert rows.loc["Sydby", "verdict"] == say("annex.verdict.missing", "da")
        assert rows.loc["Sydby", "agreement_reason"] == say("annex.reason.no_such_town", "da")
        assert pd.isna(rows.loc["Sydby", "place_name"])
        assert rows.loc["Vesterby", "agreement_reason"].startswith("Vesterby er kommunens største")

    def test_a_practice_has_its_limit_with_its_source_and_both_addresses(self, danish):
        rows = danish["practices"].table.set_index("ydernummer")
        assert list(rows.index) == [f"01000{number}" for number in range(1, 7)]
        first = rows.loc["010001"]
        assert first["satellite_address"] == "Havnen 1, 5000 Vesterby"
        assert first["closing_limit_persons"] == 1600
        assert first["closing_limit_source"] == say("annex.limit_source.rule", "da")
        assert first["persons_lose_choice"] == pytest.approx(1510)
        lost = rows.loc["010005"]
        assert lost["match"] == say("export.match.not_found", "da")
        for name in ("kommune_name", "place_name", "is_last", "persons_assigned"):
            assert pd.isna(lost[name]), name


class TestPersons:
    def test_areas_add_up_to_the_total_at_every_level(self, town, stamp):
        whole = whole_persons_by_area(town, stamp)
        totals = {tuple(table.loc[ALL_AREAS]) for table in whole.values()}
        assert len(totals) == 1
        for level, table in whole.items():
            assert (table.drop(index=ALL_AREAS).sum() == table.loc[ALL_AREAS]).all(), level
        total = whole[KOMMUNE_LEVEL].loc[ALL_AREAS]
        assert total["residents"] == 1734
        assert total["need_weighted_residents"] == round(1543.333 * 1.1003 + 190.667 * 0.9007)
        assert total["projected_from_persons"] == 1200

    def test_a_kommune_is_the_sum_of_its_parts(self, town, stamp):
        whole = whole_persons_by_area(town, stamp)
        parts = whole["bydel"].loc[["V1", "V2"]]
        assert (parts.sum() == whole[KOMMUNE_LEVEL].loc["0461"]).all()
        # 1,000 persons are shared as 1,200 and 343.3 residents.
        assert parts["projected_from_persons"].tolist() == [778, 222]

    def test_whole_persons_lie_less_than_one_from_what_was_computed(self, town, stamp):
        exact = town.capacity.by_area[KOMMUNE_LEVEL].set_index("area_id")
        whole = whole_persons_by_area(town, stamp)[KOMMUNE_LEVEL]
        for name in whole:
            assert (whole[name] - exact[name].reindex(whole.index)).abs().max() < 1, name

    def test_a_projection_that_lacks_a_kommune_is_empty_there_and_in_the_total(self, stamp):
        plan = full_plan()
        rows = plan.projection[plan.projection["kommune_code"] == "0461"]
        town = annex_town(plan=PlanTables(projection=rows.reset_index(drop=True)))
        whole = whole_persons_by_area(town, stamp)[KOMMUNE_LEVEL]["projected_to_persons"]
        assert whole["0461"] == 1100
        assert whole[["0450", ALL_AREAS]].isna().all()

    def test_capacities_lists_and_practices_add_up_at_every_level(self, town, stamp):
        annex = annex_tables(town, stamp, "da")["capacity_by_area"]
        for level in town.levels:
            part = annex.of_level(level.name)
            for name in ("practices", "capacities", "listed_persons", "free_places", "doctors"):
                total = part.table.loc[part.is_total, name].item()
                assert part.table.loc[~part.is_total, name].sum() == total, (level.name, name)
