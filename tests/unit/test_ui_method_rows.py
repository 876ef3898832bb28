from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from coverage.exports.annex_columns import FIELDS, Field
from coverage.exports.annex_table import AnnexTable
from coverage.exports.annex_tables import annex_tables
from coverage.ui.metode import rows as method_rows
from coverage.ui.metode.limits import LIMITS
from coverage.ui.metode.rows import (
    ALL_GROUPS,
    definition_rows,
    rule_groups,
    rule_rows,
    source_rows,
)
from coverage.ui.metode.wrapped_table import WIDTHS_PX
from coverage.wording import LANGUAGES, keys
from tests.drawn_town import drawn_assessment, drawn_stamp

MOVED = "designation.practices_closed_pct"
BY_STUDY = "capacity.closing_limit_persons"


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


def rules_shown(assessment, *, thresholds=(), overrides=(), group=ALL_GROUPS, language="da"):
    rules = assessment.rules.override({**dict(overrides), **dict(thresholds)})
    rows = rule_rows(rules, assessment.rules.rules, dict(thresholds), group, language)
    return rows.set_index("key", drop=False)


def test_every_rule_has_its_row_and_every_column_its_width(assessment):
    rows = rules_shown(assessment)
    assert set(rows["key"]) == set(assessment.rules.rules)
    assert set(WIDTHS_PX["rules"]) <= set(rows)


def test_a_rule_is_shown_as_its_file_says(assessment):
    rule = replace(assessment.rules.rules[BY_STUDY], min=538, max=4000, valid_from=date(2025, 7, 1))
    rules = replace(assessment.rules, rules={BY_STUDY: replace(rule, value=1650.5)})
    (row,) = rule_rows(rules, {BY_STUDY: rule}, {}, ALL_GROUPS, "da").to_dict("records")
    assert (row["value"], row["unit"]) == ("1.650,50", "personer pr. kapacitet")
    assert (row["range"], row["valid_from"]) == ("538 til 4.000", "1.7.2025")
    assert (row["changed"], row["is_changed"]) == ("", False)
    (row,) = rule_rows(rules, {BY_STUDY: rule}, {}, ALL_GROUPS, "en").to_dict("records")
    assert (row["value"], row["valid_from"]) == ("1,650.50", "2025-07-01")


def test_a_rule_without_a_range_has_none(assessment):
    assert rules_shown(assessment).loc["travel.use_ferries", "range"] == ""


def test_assumptions_are_told_from_what_a_source_sets(assessment):
    rows = rules_shown(assessment)
    assumed = {key for key, rule in assessment.rules.rules.items() if rule.status == "assumption"}
    assert 0 < len(assumed) < len(rows)
    assert set(rows[rows["is_assumption"]].index) == assumed
    assert set(rows.loc[sorted(assumed), "status"]) == {"ANTAGELSE"}
    assert rows.loc["choice.limit_m", "status"] == "overenskomst eller praksisplan"


def test_what_was_changed_says_by_whom_and_from_what(assessment):
    rows = rules_shown(assessment, thresholds=[(MOVED, 50.0)], overrides=[(BY_STUDY, 1700)])
    assert rows.loc[MOVED, "value"] == "50"
    assert rows.loc[MOVED, "changed"] == "af dig (ellers 67)"
    assert rows.loc[BY_STUDY, "changed"] == "i undersøgelsen (ellers 1.600)"
    assert set(rows[rows["is_changed"]].index) == {MOVED, BY_STUDY}


def test_a_group_shows_its_rules_only_and_no_rule_is_in_none(assessment):
    groups = rule_groups(assessment.rules)
    assert set(rules_shown(assessment, group="skal").index) == {
        key for key in assessment.rules.rules if key.startswith("skal.")
    }
    parts = [rules_shown(assessment, group=group) for group in groups]
    assert sum(map(len, parts)) == len(assessment.rules.rules)
    known = keys("app.metode.group.")
    assert {f"app.metode.group.{group}" for group in (*groups, "all")} == set(known)


def test_every_status_has_its_words(assessment):
    shown = {rule.status for rule in assessment.rules.rules.values()}
    assert {f"app.metode.status.{status}" for status in shown} <= set(keys("app.metode.status."))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_defined_column_is_listed_with_its_tables_and_rules(assessment, language):
    tables = annex_tables(assessment, drawn_stamp(assessment), language)
    rows = definition_rows(tables, language)
    used = {column for table in tables.values() for column in table.table}
    defined = {key.rsplit(".", 1)[1] for key in keys("annex.definition.")}
    assert len(rows) == len(used & defined & set(FIELDS)) > 100
    per_capacity = {"da": "Patienter pr. kapacitet", "en": "Patients per capacity"}[language]
    row = rows.set_index("column").loc[per_capacity]
    assert row["tables"] == {"da": "Kapacitet, Praksis", "en": "Capacity, Practices"}[language]


def test_rules_are_named_by_key_beginning_or_group(monkeypatch):
    rules = ("skal.", "workforce.exit_", "choice.limit_m")
    monkeypatch.setattr(method_rows, "FIELDS", {"basis": Field("text", (), rules)})
    table = AnnexTable("agenda", pd.DataFrame({"basis": ["x"]}), pd.DataFrame())
    monkeypatch.setattr(method_rows, "keys", lambda _: ("annex.definition.basis",))
    (row,) = definition_rows({"agenda": table}, "da").to_dict("records")
    assert row["rules"] == "Skal-områder, workforce.exit_*, choice.limit_m"


def test_a_column_without_a_definition_is_left_out(monkeypatch):
    table = AnnexTable("agenda", pd.DataFrame({"basis": ["x"], "decision": ["y"]}), pd.DataFrame())
    monkeypatch.setattr(method_rows, "keys", lambda _: ("annex.definition.basis",))
    assert list(definition_rows({"agenda": table}, "da")["column"]) == ["Grundlag"]
    monkeypatch.setattr(method_rows, "keys", lambda _: ())
    assert definition_rows({"agenda": table}, "da").empty


def test_every_file_is_listed_with_what_became_of_its_rows(assessment):
    rows = source_rows(drawn_stamp(assessment), "da").set_index("file_name", drop=False)
    assert set(WIDTHS_PX["files"]) == set(rows)
    practices = rows.loc["practices.csv"]
    assert (practices["rows_read"], practices["rows_kept"], practices["merged_rows"]) == (9, 6, 2)
    assert practices["dropped"].endswith(": 1")
    assert practices["as_of"] == "1.11.2025"
    assert practices["sha256"] == "a" * 64
    # Nobody said when: a dash. Nothing left out: nothing to say.
    assert rows.loc["roads.osm.pbf", "as_of"] == "–"
    assert rows.loc["population.csv", "dropped"] == ""


def test_a_reason_that_dropped_nothing_is_not_told(assessment):
    stamp = drawn_stamp(assessment)
    first = replace(stamp.inputs[0], dropped={"no ydernummer": 0})
    assert source_rows(replace(stamp, inputs=(first,)), "da")["dropped"].tolist() == [""]


def test_every_limit_has_its_words_and_no_words_are_forgotten():
    parts = {f"app.metode.limit.{name}.{part}" for name in LIMITS for part in ("heading", "text")}
    assert parts == set(keys("app.metode.limit."))
