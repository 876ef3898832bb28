"""A path in words: every table by hand, on the town of ``tests.path_town``."""

import csv
import io
from dataclasses import fields, replace
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest

from coverage.choice import ALL_AREAS
from coverage.exports.pathway_bands import BAND_COLUMNS, CHANCE_COLUMNS, chance_pct
from coverage.exports.pathway_book import SHEETS, pathway_bytes
from coverage.exports.pathway_outputs import PATHWAY_FILES, pathway_csv
from coverage.exports.pathway_persons import PERSON_COLUMNS, whole_persons_of_path
from coverage.exports.pathway_region import (
    ANSWER_COLUMNS,
    RULE_COLUMNS,
    TASK_COLUMNS,
    YEAR_COLUMNS,
    answer_lines,
    task_lines,
)
from coverage.exports.pathway_tables import (
    AREA_COLUMNS,
    GIVEN_COLUMNS,
    SHORT_COLUMNS,
    SITE_COLUMNS,
    pathway_tables,
)
from coverage.exports.pathway_words import BANDED, CHANCES
from coverage.exports.said_table import STUDY_COLUMNS
from coverage.pathway.monte_carlo import MEASURES, Trial
from coverage.pathway.pathway import build_pathway
from coverage.wording import LANGUAGES, keys, say
from tests.path_town import ALONE, planned_path, stopped, twelve

TABLE_COLUMNS = {
    "answer": ANSWER_COLUMNS,
    "by_year": YEAR_COLUMNS,
    "by_area": AREA_COLUMNS,
    "given": GIVEN_COLUMNS,
    "short": SHORT_COLUMNS,
    "bands": BAND_COLUMNS,
    "chances": CHANCE_COLUMNS,
    "tasks": TASK_COLUMNS,
    "sites": SITE_COLUMNS,
    "rules": RULE_COLUMNS,
}
TRIAL = Trial(runs=40, seed=3)


@cache
def town():
    """With every area told: the least number of doctors is 1."""
    return planned_path(least=1, trial=TRIAL)


@cache
def tables(language="da"):
    return pathway_tables(town(), language)


def rows(said, **where):
    table = said.table
    for name, value in where.items():
        table = table[table[name] == value]
    return table.to_dict("records")


def row(said, **where):
    (found,) = rows(said, **where)
    return found


def content(name, planned=None, language="da"):
    text = pathway_csv(planned or town(), name, language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def column(name, language="da"):
    return say(f"pathway.column.{name}", language)


class TestByArea:
    def test_a_year_of_an_area_as_derived_on_paper(self):
        """0.1575 + 0.35 + 0.128 stop in Odense in 2027, all are taken over, a half opens."""
        found = row(tables().by_area, year=2027, area_id="0461", area_level="Kommune")
        assert found["capacities_start"] == 3.5
        assert found["capacities_retired"] == found["capacities_taken_over"] == 0.64
        assert found["capacities_lapsed"] == 0
        assert found["capacities_opened"] == 0.5
        assert found["capacities_end"] == 4
        assert found["residents"] == 1020
        assert found["target_capacities"] == 8
        assert found["short_of_target_capacities"] == 4

    def test_every_figure_is_the_paths_rounded_once(self):
        table, path = tables().by_area.table, town().pathway.by_area
        assert len(table) == len(path)
        assert table["year"].tolist() == path["year"].tolist()
        persons = dict.fromkeys(PERSON_COLUMNS, 1.0)
        per_capacity = dict.fromkeys(("residents_per_capacity", "patients_per_capacity"), 0.5)
        for name in AREA_COLUMNS[4:-1]:
            allowed = {**persons, **per_capacity, "choice_pct": 0.05}.get(name, 0.005)
            np.testing.assert_allclose(
                table[name].astype(float), path[name], rtol=0, atol=allowed + 1e-9, err_msg=name
            )

    def test_codes_are_words(self):
        assert row(tables().by_area, year=2026, area_name="I alt", area_level="bydel")
        signals = set(tables().by_area.table["signal"].dropna())
        assert signals <= {say(key, "da") for key in keys("annex.signal.")}

    def test_halves_are_written_as_such_and_fractions_with_two_decimals(self):
        own = [
            found
            for found in content("pathway_by_area.csv")
            if found["År"] == "2027" and found["Områdekode"] == "0461"
        ]
        assert own[0][column("capacities_opened")] == "0,5"
        assert own[0][column("capacities_retired")] == "0,64"
        assert own[0][column("capacities_end")] == "4,0"
        assert own[0][column("residents")] == "1020"

    def test_nothing_is_a_negative_zero(self):
        for name in PATHWAY_FILES:
            cells = [cell for found in content(name) for cell in found.values()]
            assert not {"-0", "-0,0", "-0,00"} & set(cells)


class TestPersons:
    @pytest.mark.parametrize("name", PERSON_COLUMNS)
    def test_areas_add_up_and_every_level_has_the_same_total(self, name):
        path = town().pathway.by_area
        whole = whole_persons_of_path(town().pathway)[name]
        assert (whole % 1 == 0).all()
        table = path[["year", "area_level", "area_id"]].assign(whole=whole.to_numpy())
        is_total = table["area_id"] == ALL_AREAS
        sums = table[~is_total].groupby(["year", "area_level"])["whole"].sum()
        totals = table[is_total].set_index(["year", "area_level"])["whole"]
        assert sums.to_dict() == totals.to_dict()
        for _, of_year in totals.groupby("year"):
            assert len(set(of_year)) == 1

    def test_parts_of_a_kommune_add_up_to_it(self):
        found = {
            (one["year"], one["area_id"]): one["residents"]
            for one in rows(tables().by_area)
            if one["area_id"] in ("V1", "V2", "0461") and one["area_level"] != "sundhedsraad"
        }
        for year in town().pathway.model.years:
            assert found[year, "V1"] + found[year, "V2"] == found[year, "0461"]

    def test_nobody_has_a_choice_who_is_no_resident(self):
        whole = whole_persons_of_path(town().pathway)
        assert (whole["persons_with_choice"] <= whole["residents"]).all()

    def test_people_to_come_where_nobody_lives_today(self):
        """Nyborg's residents move away from the grid: the projection still has its 200."""
        start = town().assessment
        homes = start.origins.table
        left = homes["persons"].mask(homes["kommune_code"] == "0450", 0.0)
        origins = replace(start.origins, table=homes.assign(persons=left))
        path = build_pathway(replace(start, origins=origins))
        whole = path.by_area[["year", "area_level", "area_id"]].assign(
            residents=whole_persons_of_path(path)["residents"].to_numpy()
        )
        today = whole[whole["year"] == 2026].set_index(["area_level", "area_id"])["residents"]
        assert today["kommune", "0450"] == today["sundhedsraad", "Øst"] == 200
        assert today["bydel", ALL_AREAS] == 1200


class TestByYear:
    def test_what_a_year_needs_and_uses(self):
        """From 6.5 to 12 in nine years: 7.11 in 2027, of whose 2.4 specialists 1.34 are used."""
        found = row(tables().by_year, year=2027)
        assert found["path_capacities"] == 7.11
        assert found["needed_capacities"] == 0.61
        assert found["available_capacities"] == 2.4
        assert found["capacities_retired"] == 0.84
        assert found["capacities_opened"] == 0.5
        assert found["unused_capacities"] == round(2.4 - 0.8435 - 0.5, 2)
        assert found["national_doctors"] == round(3500 + 1500 / 9, 2)
        assert found["residents"] == 1218

    def test_today_needs_nothing_and_the_target_is_the_last(self):
        first, *_, last = rows(tables().by_year)
        assert (first["needed_capacities"], first["capacities_opened"]) == (0, 0)
        assert last["path_capacities"] == 12
        assert last["short_of_path_capacities"] == 0

    def test_signals_are_counted_over_kommuner(self):
        table = town().pathway.by_area
        kommuner = table[(table["area_level"] == "kommune") & (table["signal"] == "signal")]
        counts = kommuner.groupby("year").size()
        for found in rows(tables().by_year):
            assert found["areas_signalling"] == counts.get(found["year"], 0)


class TestGiven:
    def test_each_area_gets_its_halves_year_by_year(self):
        odense = row(tables().given, area_id="0461", area_level="Kommune")
        own = [odense[f"year_{year}"] for year in range(2027, 2036)]
        assert own == [0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 0, 1.0]
        assert odense["total"] == 4
        assert row(tables().given, area_id="0450", area_level="Kommune")["total"] == 1.5
        assert row(tables().given, area_id="I alt", area_level="bydel")["total"] == 5.5

    def test_its_headers_are_the_years(self):
        headers = list(tables().given.shown())
        assert headers[3:12] == [str(year) for year in range(2027, 2036)]
        assert headers[-2:] == [column("total"), column("capacities_opened_to_shortage")]


class TestShort:
    def test_of_each_level_the_worst_come_first_and_no_total_is_among_them(self):
        short = tables().short.table
        assert ALL_AREAS not in set(short["area_id"])
        assert list(short["area_level"].unique()) == ["Kommune", "sundhedsraad", "bydel"]
        for _, level in short.groupby("area_level"):
            lacking = level["short_of_target_capacities"].tolist()
            assert lacking == sorted(lacking, reverse=True)
        # Odense has 7.5 of 8 and Nyborg 3.5 of 4; of the parts the one without a practice lacks.
        assert short["short_of_target_capacities"].tolist()[:2] == [0.5, 0.5]
        assert short[short["area_level"] == "bydel"]["area_id"].iloc[0] == "V2"

    def test_areas_that_signal_are_marked(self):
        marked = np.array(tables().short.marked)
        signals = tables().short.table["signal"] == say("annex.signal.signal", "da")
        assert marked.tolist() == signals.tolist()


class TestBands:
    def test_a_band_is_the_librarys(self):
        bands = town().bands.table.set_index(["measure", "year", "area_level", "area_id"])
        own = bands.loc["capacities", 2035, "kommune", "0461"]
        found = row(
            tables().bands,
            figure_code="capacities",
            year=2035,
            area_level="Kommune",
            area_id="0461",
        )
        for name in ("mean", "p10", "p50", "p90"):
            assert found[name] == pytest.approx(own[name], abs=0.005)
        assert np.isnan(found["probability_pct"])
        assert (found["runs"], found["interrupted"]) == (40, "nej")

    def test_probabilities_stand_below_and_side_by_side(self):
        own = town().bands.probabilities
        long = tables().bands.table
        for name in CHANCES:
            code = name.removesuffix("_pct")
            below = long[long["figure_code"] == code]["probability_pct"].astype(float)
            assert below.tolist() == tables().chances.table[name].tolist()
            assert np.abs(below.to_numpy() - own[code].to_numpy() * 100).max() <= 0.05
        assert set(long["figure_code"]) == {*MEASURES, *(n.removesuffix("_pct") for n in CHANCES)}

    @pytest.mark.parametrize(
        ("probability", "shown"),
        [
            (0.0, 0.0),
            (1.0, 100.0),
            (1 / 5000, 0.1),
            (4999 / 5000, 99.9),
            (0.0005, 0.1),
            (0.9995, 99.9),
            (0.05, 5.0),
            (0.12345, 12.3),
        ],
    )
    def test_only_never_is_0_and_only_always_100(self, probability, shown):
        assert chance_pct(pd.Series([probability])).tolist() == [shown]

    def test_without_runs_there_are_headers_alone(self):
        planned = replace(town(), bands=None)
        assert content("pathway_bands.csv", planned) == []
        text = pathway_csv(planned, "pathway_bands.csv").decode("utf-8-sig")
        assert text.splitlines()[0].split(";")[:2] == [column("year"), column("area_level")]
        found = pathway_tables(planned)
        assert found.bands.table.empty
        assert found.chances.table.empty
        assert len(found.answer.table) == len(tables().answer.table) - 2
        assert planned.trial_account.runs == planned.trial_account.runs_asked == 0
        assert not planned.trial_account.interrupted
        assert pathway_bytes(planned)

    def test_every_measure_has_a_name_and_a_unit(self):
        assert set(BANDED) == set(MEASURES)


class TestAnswer:
    def test_the_answer_in_words(self):
        """12 of 5,000 are 0.24 %; 9 years of 2.4 specialists are 21.6."""
        lines = answer_lines(town(), "da")
        assert lines[0] == (
            "Fra dagens 6,5 kapaciteter til 12 i 2035: regionens del (0,2 %) af mindst 5.000 læger "
            "i landet. Der mangler 5,5 i dag."
        )
        assert lines[1] == "Nye speciallæger kan fylde 21,6 kapaciteter undervejs."
        assert "5,5 nye åbner" in lines[2]
        assert lines[3] == "I 2035 er der 12 kapaciteter: målet er nået."
        assert lines[4].startswith("40 gennemløb")
        assert answer_lines(town(), "en")[3] == (
            "In 2035 there are 12 capacities: the target is reached."
        )

    def test_a_target_that_is_missed_is_told(self):
        lines = answer_lines(planned_path(least=1, overrides=ALONE), "da")
        assert "mangler til målet" in lines[3]

    def test_a_figure_a_row_with_what_it_is(self):
        found = {one["figure"]: one["value"] for one in rows(tables().answer)}
        assert found["Regionens del af landet"] == 0.24
        assert found["Kapaciteter i dag (2026)"] == 6.5
        assert found["Målet i 2035"] == 12
        assert found["Mangler i dag til målet"] == 5.5
        assert found["Åbner nye"] == 5.5
        assert found["Kapaciteter i 2035"] == 12
        assert found["Kapaciteter i 2035: 10 %-fraktil"] <= 12
        assert all(one["meaning"] for one in rows(tables().answer))

    def test_without_a_year_left_the_path_is_today_alone(self):
        planned = planned_path(overrides={"pathway.target_year": 2025})
        assert answer_lines(planned, "da")[1] == "Målåret er nået: der er ingen år at regne frem."
        found = pathway_tables(planned)
        assert found.by_area.table["year"].unique().tolist() == [2026]
        assert list(found.given.shown())[3:] == [
            column("total"),
            column("capacities_opened_to_shortage"),
        ]
        assert found.given.table["total"].tolist() == [0.0] * len(found.given.table)
        assert found.areas_left_out == found.closing_left_out == 0
        assert len(found.short.table) == 7
        assert say("annex.withheld", "da") not in found.by_area.table.astype(str).to_numpy()
        assert pathway_bytes(planned)


class TestTasksSitesRules:
    def test_tasks_become_doctors_by_the_consultations_of_one(self):
        """7.35 x 5,961,249 / 3,500 = 12,518.6 a year; 2,400 are 0.19 doctors, 3,600 are 0.29.

        The projection grows from 1,200 to 1,290 by 2031 and stays: 7.5 %.
        """
        first, second, total = rows(tables().tasks)
        assert first["doctors_now"] == 0.19
        assert second["doctors_now"] == 0.1
        assert first["growth_pct"] == 7.5
        assert first["consultations_then"] == 2580
        assert total["consultations_now"] == 3600
        assert total["doctors_then"] == round(0.21 + 0.1, 2)
        assert np.isnan(total["growth_pct"])
        lines = task_lines(town(), "da")
        assert "12.519 konsultationer" in lines[0]
        assert "7,35 kontakter" in lines[0]
        # 800, 900 and 860 of 5,000, of which the region has 12.
        assert "1,9 til 2,2 læger i regionen (0,2 %" in lines[1]
        assert "af de 2,1" in lines[1]

    def test_without_tasks_there_is_no_total_either(self):
        start = town().assessment
        plan = replace(start.plan, transferred_tasks=twelve().transferred_tasks.iloc[:0])
        path = build_pathway(replace(start, plan=plan))
        assert pathway_tables(replace(town(), pathway=path)).tasks.table.empty

    def test_new_places_name_kommune_and_neighbour(self):
        """Two capacities make a practice: Odense's second one opens in 2031, its fourth in 2035."""
        found = rows(tables().sites)
        assert [(one["year"], one["kommune_code"]) for one in found] == [
            (2031, "0461"),
            (2035, "0461"),
        ]
        names = town().assessment.tables.practices.set_index("ydernummer")["name"]
        assert found[0]["kommune_name"] == "Odense"
        assert found[0]["beside_name"] == names[found[0]["beside"]]

    def test_every_rule_of_the_path_is_told_with_status_and_source(self):
        own = town().assessment.rules.rules
        expected = {key for key in own if key.startswith(("pathway.", "workforce."))}
        assert {one["rule_key"] for one in rows(tables().rules)} == expected
        for one, marked in zip(rows(tables().rules), tables().rules.marked, strict=True):
            rule = own[one["rule_key"]]
            assert one["rule_source"] == rule.source
            assert one["rule_status"] == say(f"export.rule_status.{rule.status}", "da")
            assert marked == (rule.status == "assumption" or rule.overridden)


class TestWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", TABLE_COLUMNS)
    def test_every_table_has_its_columns_with_headers_and_meaning(self, name, language):
        said = getattr(tables(language), name)
        own = [one for one in said.columns if not one.startswith("year_")]
        assert own == list(TABLE_COLUMNS[name])
        assert list(said.table) == list(said.columns)
        for one in own:
            assert say(f"pathway.definition.{one}", language)
        assert len(set(said.shown().columns)) == len(said.columns)

    def test_every_text_is_of_a_column_a_table_or_a_line_that_there_is(self):
        columns = {one for names in TABLE_COLUMNS.values() for one in names}
        columns |= {"displaced_persons", *STUDY_COLUMNS}
        for part in ("column", "definition"):
            told = {key.rsplit(".", 1)[1] for key in keys(f"pathway.{part}.")}
            assert told == columns, part
        assert {key.rsplit(".", 1)[1] for key in keys("pathway.table.")} == set(TABLE_COLUMNS)
        names = {field.name for field in fields(type(tables()))}
        assert set(TABLE_COLUMNS) == names - {"areas_left_out", "closing_left_out"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_workbook_has_a_sheet_for_each_table_and_their_figures(self, language):
        book = openpyxl.load_workbook(io.BytesIO(pathway_bytes(town(), language)))
        sheets = [say(f"pathway.table.{name}", language) for name in SHEETS]
        assert book.sheetnames == [*sheets, say("export.sheet.basis", language)]
        for name, sheet_name in zip(SHEETS, sheets, strict=True):
            said = getattr(tables(language), name)
            cells = [list(line) for line in book[sheet_name].iter_rows(values_only=True)]
            headers = list(said.shown())
            first = next(at for at, line in enumerate(cells) if line[: len(headers)] == headers)
            below = cells[first + 1 : first + 1 + len(said.table)]
            assert len(below) == len(said.table) == len(cells) - first - 1
            for line, own in zip(below, said.table.itertuples(index=False), strict=True):
                expected = [None if pd.isna(value) else value for value in own]
                assert line[: len(headers)] == expected
        basis = book[say("export.sheet.basis", language)]
        told = {line[0] for line in basis.iter_rows(values_only=True)}
        assert say("pathway.column.capacities_lapsed", language) in told
        assert say("export.workbook.rules", language) in told

    def test_the_workbook_is_the_same_to_the_byte(self):
        assert pathway_bytes(town()) == pathway_bytes(town())

    def test_numbers_do_not_depend_on_the_language(self):
        for name in PATHWAY_FILES:
            danish = [list(one.values()) for one in content(name)]
            english = [list(one.values()) for one in content(name, language="en")]
            numbers = [
                [cell for cell in line if cell[:1].isdigit() or cell[:1] == "-"]
                for line in (*danish, *english)
            ]
            assert numbers[: len(danish)] == numbers[len(danish) :]


class TestInterrupted:
    def test_bands_answer_and_account_say_that_somebody_stopped_the_runs(self):
        planned = stopped(town(), 500)
        assert {
            (one["Gennemløb"], one["Afbrudt"]) for one in content("pathway_bands.csv", planned)
        } == {("40", "ja")}
        sentence = "Gennemløbene blev afbrudt: båndene hviler på 40 af de 500, der blev bedt om."
        book = openpyxl.load_workbook(io.BytesIO(pathway_bytes(planned)))
        for name in ("Svar", "Bånd", "Sandsynligheder", "Grundlag"):
            told = [line[0] for line in book[name].iter_rows(values_only=True)]
            assert sentence in told, name
        assessment, stamp = planned.told()
        assert assessment.notices[0].say("da") == sentence
        assert stamp.trial.interrupted
        assert (stamp.trial.runs, stamp.trial.runs_asked, stamp.trial.seed) == (40, 500, 3)

    def test_a_whole_trial_says_nothing_of_it(self):
        assessment, stamp = town().told()
        assert [one.key for one in assessment.notices if "interrupted" in one.key] == []
        assert not stamp.trial.interrupted
