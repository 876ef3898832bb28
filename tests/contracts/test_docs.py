"""The pages say what the code does: tables written from it, and lists that must be whole."""

import json
import re
import tomllib
from dataclasses import fields
from datetime import date
from inspect import getmembers, isclass
from itertools import chain

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest

from coverage import (
    choice,
    decisions,
    designation,
    errors,
    lists,
    origins,
    plan_tables,
    signal_rule,
    skal,
    tables,
    wording,
)
from coverage.errors import StudyError
from coverage.exports import OUTPUT_NAMES, write_outputs
from coverage.exports.annex_tables import COLUMNS
from coverage.exports.outputs import ANNEX_FILES
from coverage.exports.pathway_outputs import (
    PATHWAY_FILES,
    PATHWAY_OUTPUTS,
    write_pathway_outputs,
)
from coverage.exports.placement_outputs import MORE_OUTPUTS, PLACEMENT_OUTPUTS
from coverage.exports.placement_tables import FRONTIER_COLUMNS, STEP_COLUMNS
from coverage.exports.scenario_outputs import (
    COMPARISON_FILES,
    COMPARISON_OUTPUTS,
    SCENARIO_OUTPUTS,
    write_scenario_outputs,
)
from coverage.pathway.monte_carlo import Trial
from coverage.placement_files import PlacementOrder, build_order, read_order_values
from coverage.rules import RULESETS, load_ruleset
from coverage.rules import STATUSES as RULE_STATUSES
from coverage.scenario import actions, checks
from coverage.scenario_files import parse_scenario
from coverage.sources.area_levels import read_area_level
from coverage.sources.candidate_list import read_candidates
from coverage.sources.closing_limits import read_closing_limits
from coverage.sources.designations import read_designations
from coverage.sources.distribution_model import read_distribution_model
from coverage.sources.judgements import read_judgements
from coverage.sources.need_weights import read_need_weights
from coverage.sources.projection import read_projection
from coverage.sources.skal_list import read_skal_list
from coverage.sources.towns import read_towns
from coverage.sources.transferred_tasks import read_transferred_tasks
from coverage.study import run_study
from coverage.study_file import OPTIONAL_INPUTS, RESOLUTIONS, LevelFile, load_study
from docs.make_tables import FOLDER, PAGES_WITH_TABLES, RULES_PAGE, rules_page, with_tables
from tests.compared_town import CLOSES, compared_town
from tests.path_town import planned_path
from tests.tiny_study import write_study

ROOT = FOLDER.parent
GUIDE = (FOLDER / "user-guide.md").read_text("utf-8")
OUTPUTS = (FOLDER / "outputs.md").read_text("utf-8")
GLOSSARY = (FOLDER / "glossary.md").read_text("utf-8")
PAGES = sorted(
    page for page in chain(ROOT.glob("*.md"), FOLDER.rglob("*.md"), (ROOT / "data").glob("*.md"))
)
DECISIONS = sorted((FOLDER / "decisions").glob("*.md"))
OUT_OF_DATE = "Run: python -m docs.make_tables"
# Legal terms that a planner meets here; each has a row of its own.
LEGAL_TERMS = (
    *("lægevalg", "åben for tilgang", "lukket for tilgang", "ydernummer", "lægekapacitet"),
    *("lukkegrænse", "skal-område", "lægedækningstruet område", "kommune", "region"),
    *("sundhedsråd", "praksisplan", "planområde", "margin", "afstandsgrænse", "5 km-området"),
    *("udpegning", "forventet ophør", "behovsvægt", "satellit", "befolkningsfremskrivning"),
    *("scenarie", "handling", "overtagelse af patienter", "restriktiv udmøntning"),
    *("patienter pr. kapacitet", "uden plads", "særlige forhold", "tilsidesættelse", "og/eller"),
)


def table_below(page, heading):
    """Return the rows of the first table below a heading, as tuples of cells without marks."""
    lines = page[page.index(f"## {heading}\n") :].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| ---")) + 1
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append(tuple(cell.strip().strip("`") for cell in line.strip("|").split(" | ")))
    return rows


def test_the_rules_page_is_up_to_date():
    assert RULES_PAGE.read_text("utf-8") == rules_page(), OUT_OF_DATE


@pytest.mark.parametrize("path", PAGES_WITH_TABLES, ids=lambda path: path.name)
def test_tables_in_the_pages_are_up_to_date(path):
    page = path.read_text("utf-8")
    assert "<!-- table: " in page
    assert page == with_tables(page), OUT_OF_DATE


def test_the_guide_lists_every_error_with_its_exit_code():
    classes = {
        name: str(found.exit_code)
        for name, found in getmembers(errors, isclass)
        if issubclass(found, errors.LaegedaekningError)
    }
    rows = table_below(GUIDE, "Errors")
    assert {row[0]: row[1] for row in rows} == classes
    assert len(rows) == len(classes)


def test_the_guide_explains_every_notice():
    said = {wording.Notice(key.removeprefix("notice.")).key for key in wording.keys("notice.")}
    texts = {raw_text(f"notice.{key}") for key in said}
    rows = table_below(GUIDE, "What the notices mean")
    assert {row[0] for row in rows} == texts
    assert all(row[1] for row in rows)


def raw_text(key):
    for file in (ROOT / "coverage" / "wording").glob("*.toml"):
        found = tomllib.loads(file.read_text("utf-8"))
        for part in key.split("."):
            found = found.get(part, {})
        if found:
            return found["da"]
    raise KeyError(key)


def study_text(extra=""):
    files = "".join(
        f'[{name}]\npath = "{name}.csv"\n'
        for name in ("practices", "population", "roads", "kommuner", "towns")
    )
    return f'[study]\ntitle = "x"\nas_of = 2026-01-01\n{files}{extra}'


@pytest.fixture
def known_keys(tmp_path):
    """Return the keys that a study may have: what the refusal of an unknown one names."""

    def ask(text):
        path = tmp_path / "study.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(StudyError) as refusal:
            load_study(path)
        return re.fullmatch(r"Known here: (.*)\.", refusal.value.hint)[1].split(", ")

    keys = set()
    for section in ask(study_text("[unknown]\n")):
        place = f"[{section}]\n"
        text = study_text()
        text = text.replace(place, f"{place}unknown = 1\n") if place in text else text
        text = text if place in text else f"{text}{place}unknown = 1\n"
        keys |= {f"{section}.{key}" for key in ask(text)}
    return keys | {f"area.levels.NAME.{field.name}" for field in fields(LevelFile)}


def test_the_guide_lists_every_key_of_a_study(known_keys):
    rows = table_below(GUIDE, "study.toml")
    assert {row[0] for row in rows} == known_keys
    assert len(known_keys) > 15


@pytest.mark.parametrize("page", ["README.md", "docs/user-guide.md"])
def test_the_example_of_a_study_can_be_loaded(page, tmp_path):
    example = re.search(r"```toml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)[1]
    path = tmp_path / "study.toml"
    path.write_text(example, "utf-8")
    study = load_study(path)
    assert study.as_of == date(2026, 3, 1)
    assert study.wanted_kommuner()
    assert load_ruleset(study.ruleset, study.as_of).override(study.overrides).id


def test_the_guides_example_of_a_study_has_every_optional_file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[1], "utf-8")
    study = load_study(path)
    assert [name for name in OPTIONAL_INPUTS if getattr(study, name) is None] == []
    assert any(level.column for level in study.area_levels.values())
    assert study.designation_level in study.area_levels


def test_the_guide_names_every_ruleset():
    row = next(row for row in table_below(GUIDE, "study.toml") if row[0] == "rules.ruleset")
    assert re.findall(r'"(\w+)"', row[2]) == list(RULESETS)


EXAMPLES = dict(re.findall(r"<!-- example: (.+?) -->\n```\n(.*?)```", GUIDE, re.DOTALL))
FUNEN = ("0410", "0461")


@pytest.fixture
def read_example(tmp_path):
    """Return a function that reads the guide's example of a file with that file's reader.

    Every row must be of use: none is left out.
    """

    def read_it(name, reader, *arguments, **keywords):
        path = tmp_path / "example.csv"
        path.write_text(EXAMPLES[name], "utf-8")
        found, provenance = reader(path, *arguments, as_of=date(2026, 3, 1), **keywords)
        assert provenance.dropped == {}
        assert provenance.rows_kept == len(EXAMPLES[name].strip().splitlines()) - 1
        return found

    return read_it


def test_there_is_an_example_of_every_optional_file():
    shown = {name.split(" by ")[0] for name in EXAMPLES}
    assert shown == {*OPTIONAL_INPUTS, "area_level"}


def test_the_example_of_towns_is_read(read_example):
    towns = read_example("towns", read_towns)
    assert dict(zip(towns["name"], towns["persons"], strict=True)) == {
        "Odense": 183_000,
        "Bellinge": 4_900,
    }


def test_the_examples_of_levels_are_read(read_example):
    division = read_example("area_level", read_area_level, FUNEN)
    assert division.area_of_kommune == {"0410": "Fyn", "0461": "Fyn"}
    codes = ("0101", "0370", "0461")
    regions = {
        column: read_example("area_level by column", read_area_level, codes, column=column)
        for column in ("region", "region_2027")
    }
    today, later = (set(found.area_of_kommune.values()) for found in regions.values())
    assert today == {"Region Hovedstaden", "Region Sjælland", "Region Syddanmark"}
    assert later == {"Region Østdanmark", "Region Syddanmark"}


def test_the_example_of_a_projection_is_read_and_reaches_the_rules_years(read_example):
    projection = read_example("projection", read_projection, ("0461",))
    years = load_ruleset("default", date(2026, 1, 1)).designation.trend_years
    assert set(projection["year"]) == {2026, 2026 + round(years)}
    assert projection.groupby("year")["persons"].sum().to_dict() == {2026: 209_900, 2031: 216_000}


def test_the_examples_of_need_weights_are_read(read_example):
    need = read_example("need_weights by kommune", read_need_weights, FUNEN)
    assert need.by_kommune["weight"].tolist() == [1.04, 0.98]
    need = read_example("need_weights by age", read_need_weights, FUNEN)
    assert need.by_age["weight"].tolist() == [5.9, 11.4]


def test_the_example_of_closing_limits_is_read(read_example):
    limits = read_example("closing_limits", read_closing_limits, ["012345"], ("0482",))
    assert limits["limit_persons"].tolist() == [1_400, 1_450]


def test_the_example_of_the_plans_list_is_read(read_example):
    areas = read_example("skal_areas", read_skal_list)
    assert areas["includes"].fillna("").tolist() == ["Strib", ""]
    assert areas["or_kommune_code"].fillna("").tolist() == ["", "0410"]


def test_the_examples_of_a_distribution_model_are_read(read_example):
    model = read_example("distribution_model by capacities", read_distribution_model, FUNEN)
    assert model["year"].tolist() == [2030, 2035, 2030, 2035]
    model = read_example("distribution_model by patients", read_distribution_model, FUNEN)
    assert model["value"].tolist() == [1235, 1260]


def test_the_example_of_transferred_tasks_is_read(read_example):
    tasks = read_example("transferred_tasks", read_transferred_tasks)
    assert tasks["consultations"].tolist() == [150_000, 140_000]


def test_the_example_of_designations_is_read(read_example):
    found = read_example("designations", read_designations, min_months=6)
    assert found["from_date"].dt.date.tolist() == [date(2025, 9, 1), date(2025, 3, 1)]
    assert found["earliest_end"].dt.date.tolist() == [date(2026, 3, 1), date(2025, 9, 1)]
    assert found["ended_on"].notna().tolist() == [False, True]


def test_the_example_of_judgements_is_read_and_has_every_kind(read_example):
    judgements = read_example("judgements", read_judgements)
    assert judgements["criterion"].tolist() == list(plan_tables.JUDGED)
    assert judgements["met"].tolist() == [True, False, True]


def test_the_guide_lists_every_criterion():
    rows = table_below(GUIDE, "From figures to a signal")
    assert [row[0] for row in rows] == list(signal_rule.CRITERIA)


@pytest.mark.parametrize("criterion", signal_rule.MEASURES)
def test_the_guide_has_the_threshold_of_each_criterion(criterion):
    measure = signal_rule.MEASURES[criterion]
    rules = load_ruleset("default", date(2026, 1, 1)).rules
    row = next(row for row in table_below(GUIDE, "From figures to a signal") if row[0] == criterion)
    side, value = row[2].removesuffix(" %").split(" ")
    assert side == measure.worse_side
    assert float(value.replace(",", "")) == rules[measure.rule_key].value


def test_the_glossary_has_every_legal_term_and_every_value():
    terms = {cell for row in glossary_rows() for cell in row[0].split(", ")}
    assert [term for term in LEGAL_TERMS if term not in terms] == []
    values = (
        *choice.STATUSES,
        *tables.MATCH_LEVELS,
        *(form for form in tables.CLINIC_FORMS if form != "unknown"),
        *RESOLUTIONS,
        *RULE_STATUSES,
        *signal_rule.CRITERIA,
        *designation.STATUSES,
        *signal_rule.SIGNALS,
        *plan_tables.JUDGED,
        *decisions.AGENDA_ITEMS,
        *skal.KINDS,
        *skal.VERDICTS,
        *lists.LIMIT_SOURCES,
        *actions.KINDS,
    )
    assert [value for value in values if f"`{value}`" not in GLOSSARY] == []


def glossary_rows():
    return [
        tuple(cell.strip() for cell in line.strip("|").split(" | "))
        for line in GLOSSARY.splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| Danish", "| word"))
    ]


def test_code_names_of_the_glossary_are_in_the_code(results):
    source = "\n".join(
        path.read_text("utf-8") for path in sorted((ROOT / "coverage").rglob("*.py"))
    )
    source += "".join(path.name for path in (ROOT / "data" / "demo").iterdir())
    source += " ".join(pq.read_schema(results / "choice_by_origin.parquet").names)
    names = {name for row in glossary_rows() for name in re.findall(r"`([^`]+)`", row[1])}
    assert len(names) > 40
    assert [name for name in sorted(names) if name not in source] == []


def test_the_default_resolution_is_the_one_that_the_guide_names():
    assert origins.SUB_CELL_M == 250
    row = next(row for row in table_below(GUIDE, "study.toml") if row[0] == "study.resolution")
    assert "`address` (default)" in row[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    ran = run_study(load_study(write_study(folder / "study")))
    write_outputs(ran.assessment, ran.stamp, folder, "en")
    return folder


def section(heading):
    """Return the part of the outputs' page below a heading."""
    return OUTPUTS.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def marked(text):
    return set(re.findall(r"`([^`]+)`", text))


def test_the_outputs_page_lists_every_file(results):
    rows = re.findall(r"^\| `(.+?)` \|", OUTPUTS.split("\n## ")[0], re.MULTILINE)
    assert set(rows) == set(OUTPUT_NAMES)
    assert {path.name for path in results.iterdir() if path.is_file()} == set(OUTPUT_NAMES)


def test_every_column_of_the_csv_is_documented(results):
    header = (results / "choice_by_area.csv").read_text("utf-8-sig").splitlines()[0].split(";")
    rows = [line.strip("| ").split(" | ") for line in section("choice_by_area.csv").splitlines()]
    assert [name for name in header if name not in {row[2] for row in rows if len(row) > 2}] == []
    assert len(header) > 30


@pytest.mark.parametrize("name", ANNEX_FILES)
def test_every_column_of_the_annex_is_documented(results, name):
    header = (results / name).read_text("utf-8-sig").splitlines()[0].split(";")
    rows = [line.strip("| ").split(" | ") for line in section(name).splitlines()]
    assert [name for name in header if name not in {row[2] for row in rows if len(row) > 2}] == []
    assert len(header) > 10


def test_every_sheet_and_column_of_the_annex_is_documented(results):
    book = openpyxl.load_workbook(results / "praksisplan.xlsx", read_only=True)
    text = section("praksisplan.xlsx")
    sheets = {name.removesuffix(" Kommune") for name in book.sheetnames}
    assert [
        name for name in sheets if not re.search(rf"\| {name}(, one for each level)? \|", text)
    ] == []
    annex = "".join(section(name) for name in (*ANNEX_FILES, "praksisplan.xlsx"))
    for table, columns in COLUMNS.items():
        headers = [wording.say(f"annex.column.{name}", "en") for name in columns]
        assert [name for name in headers if f"| {name} |" not in annex] == [], table


def test_every_sheet_and_practice_column_is_documented(results):
    book = openpyxl.load_workbook(results / "choice.xlsx", read_only=True)
    text = section("choice.xlsx")
    assert [name for name in book.sheetnames if f"| {name} |" not in text] == []
    rows = list(book["Practices"].iter_rows(values_only=True))
    header = next(row for row in rows if row[0] == "Ydernummer")
    assert [name for name in header if f"| {name} |" not in text] == []


@pytest.fixture(scope="module")
def scenario_results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenario")
    one = compared_town(CLOSES)
    write_scenario_outputs(one, one.stamp, b"", folder, "en")
    return folder


def test_the_outputs_page_lists_every_file_of_a_scenario(scenario_results):
    rows = re.findall(r"^\| `(.+?)` \|", section("Scenarios"), re.MULTILINE)
    written = {path.name for path in scenario_results.iterdir()}
    assert written == set(SCENARIO_OUTPUTS)
    assert set(rows) == written - set(OUTPUT_NAMES) | {"run.json"}
    assert set(COMPARISON_OUTPUTS) <= set(rows)


@pytest.mark.parametrize("name", COMPARISON_FILES)
def test_every_column_of_a_comparison_is_documented(scenario_results, name):
    header = (scenario_results / name).read_text("utf-8-sig").splitlines()[0].split(";")
    rows = [line.strip("| ").split(" | ") for line in section(name).splitlines()]
    assert [name for name in header if name not in {row[2] for row in rows if len(row) > 2}] == []
    assert len(header) > 8


def test_every_sheet_and_column_of_a_comparison_is_documented(scenario_results):
    book = openpyxl.load_workbook(scenario_results / "comparison.xlsx")
    text = section("comparison.xlsx")
    sheets = {
        name.removesuffix(" Kommune").removesuffix(" sundhedsraad") for name in book.sheetnames
    }
    assert [
        name for name in sheets if not re.search(rf"\| {name}(, one for each level)? \|", text)
    ] == []
    told = text + "".join(section(name) for name in COMPARISON_FILES)
    headers = [wording.say(key, "en") for key in wording.keys("comparison.column.")]
    assert [name for name in headers if f"| {name} |" not in told] == []


def test_every_key_of_a_scenario_in_the_account_is_documented(scenario_results):
    record = json.loads((scenario_results / "run.json").read_text("utf-8"))
    known = marked(section("run.json"))
    assert [key for key in (*record, *record["scenarios"][0]) if key not in known] == []


def test_the_guides_scenario_is_read_and_its_table_has_every_kind_and_value():
    text = next(
        text for text in re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL) if "action" in text
    )
    scenario = parse_scenario(text.encode(), where="guide")
    assert len(scenario.actions) == 3
    assert [row[0] for row in table_below(GUIDE, "Scenarios: what if")] == list(actions.KINDS)
    for kind, action in actions.KINDS.items():
        line = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{kind}` |"))
        named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[2:4])))
        assert named == {field.name for field in fields(action)} - {"note"}, kind


def test_the_guide_lists_every_check_of_a_scenario():
    listed = re.findall(r"^\| `scenario\.forbid_(\w+)` \|", GUIDE, re.MULTILINE)
    assert listed == list(checks.CHECKS)


@pytest.fixture(scope="module")
def path_results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pathway")
    planned = planned_path(trial=Trial(runs=2))
    write_pathway_outputs(planned, folder, "en", scenario=b"")
    return folder


def test_the_outputs_page_lists_every_file_of_a_path(path_results):
    rows = re.findall(r"^\| `(.+?)` \|", section("The path to the national target"), re.MULTILINE)
    written = {path.name for path in path_results.iterdir()}
    assert written == {*PATHWAY_OUTPUTS, "scenario.toml"} == set(rows)


@pytest.mark.parametrize("name", PATHWAY_FILES)
def test_every_column_of_a_path_is_documented(path_results, name):
    header = (path_results / name).read_text("utf-8-sig").splitlines()[0].split(";")
    rows = [line.strip("| ").split(" | ") for line in section(name).splitlines()]
    assert [name for name in header if name not in {row[2] for row in rows if len(row) > 2}] == []
    assert len(header) > 8


def test_every_sheet_and_column_of_a_path_is_documented(path_results):
    book = openpyxl.load_workbook(path_results / "pathway.xlsx")
    text = section("pathway.xlsx")
    assert [name for name in book.sheetnames if f"| {name} |" not in text] == []
    told = text + "".join(section(name) for name in PATHWAY_FILES)
    in_no_file = {wording.say("pathway.column.displaced_persons", "en")}
    headers = {wording.say(key, "en") for key in wording.keys("pathway.column.")}
    assert [name for name in headers - in_no_file if f"| {name} |" not in told] == []


def test_every_key_of_a_path_in_the_account_is_documented(path_results):
    record = json.loads((path_results / "run.json").read_text("utf-8"))
    known = marked(section("run.json"))
    assert [key for key in (*record, *record["trial"]) if key not in known] == []


def test_the_guide_has_every_option_of_the_path():
    part = GUIDE.split("\n## The years to the national target\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `(--[a-z]+)", part, re.MULTILINE))
    assert told == {"--runs", "--seed", "--spread", "--processes", "--places", "--scenario"}


PLACING = GUIDE.split("\n## Placing practices\n")[1].split("\n## ")[0]


def test_the_guides_request_of_a_placement_is_read(tmp_path):
    path = tmp_path / "place.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", PLACING, re.DOTALL)[1], "utf-8")
    order = build_order(read_order_values(path), where=path.name)
    assert order.quotas == {"0410": (1.0, 2.0), "0430": (0.0, 1.5)}
    assert order.movable_open


def test_the_guide_lists_every_key_of_a_request_with_its_default():
    rows = [line.split(" | ") for line in PLACING.splitlines() if line.startswith("| `")]
    keys_of = {key: row for row in rows for key in re.findall(r"`(\w+)`", row[0])}
    assert set(keys_of) == {field.name for field in fields(PlacementOrder)}
    for name, flag in (("quotas", "--quota"), ("proof", "--no-proof"), ("grid_m", "--grid-m")):
        assert flag in keys_of[name][1]
    plain = PlacementOrder(capacities=1.0)
    for name in ("objective", "candidates", "apart_m", "move_cost", "level"):
        default = getattr(plain, name)
        shown = default if isinstance(default, str) else f"{default:g}"
        assert shown in keys_of[name][2]
    assert f"{plain.seed}, {plain.steps}" in keys_of["seed"][2]
    assert f"yes, {plain.seconds:g}, {plain.gap:g}" in keys_of["proof"][2]


def test_the_guides_list_of_candidates_is_read(tmp_path):
    path = tmp_path / "list.csv"
    text = re.search(r"<!-- list of candidates -->\n```\n(.*?)```", PLACING, re.DOTALL)[1]
    path.write_text(text, "utf-8")
    table, account = read_candidates(path)
    assert table["site_id"].tolist() == ["A1", "A2"]
    assert account.rows_kept == account.rows_read == 2


def test_the_outputs_page_lists_every_file_of_a_placement():
    rows = re.findall(r"^\| `(.+?)` \|", section("Placements"), re.MULTILINE)
    own = {name for name in MORE_OUTPUTS if not name.startswith("own_candidates")}
    assert set(rows) == {*PLACEMENT_OUTPUTS, *own, "own_candidates.csv"}


def test_every_column_and_sheet_of_a_placement_is_documented():
    files = (("placement.csv", STEP_COLUMNS), ("frontier.csv", FRONTIER_COLUMNS))
    for name, columns in files:
        assert [one for one in columns if f"| `{one}` |" not in section(name)] == [], name
    told = "".join(section(name) for name in ("placement.csv", "frontier.csv", "placement.xlsx"))
    names = [key.rsplit(".", 1)[1] for key in wording.keys("placement.column.")]
    assert [one for one in names if f"| `{one}` |" not in told] == []
    tables = set(wording.keys("placement.table.")) - {"placement.table.steps"}
    for language in wording.LANGUAGES:
        sheets = [wording.say(key, language) for key in tables]
        assert [sheet for sheet in sheets if f"| {sheet} |" not in told] == []


def test_every_column_for_other_programs_is_documented(results):
    parquet = pq.read_schema(results / "choice_by_origin.parquet").names
    assert set(parquet) == marked(section("choice_by_origin.parquet")) & set(parquet)
    layers = {name for name, _ in pyogrio.list_layers(results / "coverage.gpkg")}
    text = section("coverage.gpkg")
    assert layers <= marked(text)
    known = marked(OUTPUTS)
    for layer in layers:
        fields = pyogrio.read_info(results / "coverage.gpkg", layer=layer)["fields"]
        assert [name for name in fields if name not in known] == [], layer


def test_every_key_of_the_run_is_documented(results):
    record = json.loads((results / "run.json").read_text("utf-8"))
    known = marked(section("run.json"))
    assert [key for key in record if key not in known] == []
    assert [key for key in record["inputs"][0] if key not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_ends_with_how_it_is_enforced(path):
    text = path.read_text("utf-8")
    last = text.strip().split("\n\n")[-1]
    assert text.startswith(f"# {path.name[:4]} ")
    assert last.startswith("**Enforced by**")
    files = re.findall(r"`(tests/[\w/]+\.py|coverage/[\w/]+\.py|\.importlinter)`", last)
    assert files
    assert [name for name in files if not (ROOT / name).is_file()] == []
    defined = "".join(test.read_text("utf-8") for test in (ROOT / "tests").rglob("test_*.py"))
    tests = re.findall(r"`(test_\w+)`", last)
    assert [name for name in tests if f"def {name}(" not in defined] == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_layer_of_the_import_contract_is_in_the_decision():
    contract = (ROOT / ".importlinter").read_text("utf-8")
    layers = re.search(r"layers =\n((?: {4}.+\n)+)", contract)[1]
    decision = (FOLDER / "decisions" / "0002-import-contract.md").read_text("utf-8")
    drawn = re.search(r"```\n(.*?)```", decision, re.DOTALL)[1]
    names = [re.split(r" {2,}", line)[0] for line in drawn.splitlines()]
    assert names == [line.strip() for line in layers.splitlines()]


def test_the_changelog_says_of_every_version_whether_results_change():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.split(r"^## \[", text, flags=re.MULTILINE)[1:]
    told = [part for part in versions if not part.startswith("Unreleased") or "\n### " in part]
    assert told
    assert [part[:20] for part in told if "**Changes results:**" not in part] == []


def test_the_readme_fits_on_a_page_and_a_half():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 110


def test_the_picture_is_small():
    pictures = list((FOLDER / "images").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 400_000] == []
