"""Names that are code: in every output they are shown, and nowhere do they run."""

import csv
import dataclasses
import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from coverage.assessment import Measured, assess
from coverage.exports import write_outputs
from coverage.exports.map_layers import (
    kommuner_geojson,
    practices_geojson,
    towns_geojson,
)
from coverage.exports.outputs import ANNEX_FILES
from coverage.plan_tables import (
    DESIGNATIONS,
    JUDGEMENTS,
    PLAN_SKAL_AREAS,
    SATELLITES,
    Division,
    PlanTables,
)
from coverage.tables import check_table
from tests.drawn_town import PRACTICES_DRAWN, drawn_assessment, drawn_stamp

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "{{cycler.__init__.__globals__.os.system('touch hostile-was-here')}}",
    "{% raw %}",
    "${7*7}`${alert(2)}`",
    "</script><script>alert(3)</script>",
    '=HYPERLINK("http://x","y")',
    "{# not a comment",
    "+1",
    "@SUM(A1)",
    "\t=cmd|' /C calc'!A0",
)
FORMULAS = tuple(name for name in HOSTILE if name.lstrip()[0] in "=+-@")


@pytest.fixture(scope="module", params=range(0, len(HOSTILE), 3))
def hostile(request):
    """Practices, towns, kommuner, areas and the study, each with a name that is code."""
    names = [HOSTILE[(request.param + number) % len(HOSTILE)] for number in range(len(HOSTILE))]
    town = drawn_assessment(
        title=names[0],
        practice_names={row[0]: name for row, name in zip(PRACTICES_DRAWN, names, strict=False)},
        town_names=names[1:4],
        kommune_names={"0461": names[4], "0450": names[5]},
        area_names=(names[6], names[7]),
    )
    return with_words(town, names)


def with_words(town, names):
    """The assessment with judgements, a designation, a plan's list and an address that are code."""
    day = pd.Timestamp("2025-09-01")
    judgements = table_of(
        JUDGEMENTS,
        ("kommune", "0461", "override", True, day, names[0], names[1], 2),
        ("kommune", "0450", "clinic_need", True, day, names[2], names[3], 3),
        ("sundhedsraad", names[6], "clinic_need", True, day, names[4], names[5], 4),
    )
    plan = PlanTables(
        judgements=judgements,
        designations=table_of(
            DESIGNATIONS, ("kommune", "0450", day, None, None, names[6], names[7], 2)
        ),
        skal_areas=table_of(
            PLAN_SKAL_AREAS,
            ("0461", names[8], None, None, None, 2),
            ("0450", names[1], None, names[9], None, 3),
        ),
        satellites=table_of(SATELLITES, ("010001", names[5], None, names[6], 9)),
    )
    measured = Measured(
        **{field.name: getattr(town, field.name) for field in dataclasses.fields(Measured)}
    )
    divisions = {"sundhedsraad": Division({"0461": names[6], "0450": names[7]})}
    return assess(dataclasses.replace(measured, plan=plan, notices=town.notices[:1]), divisions)


def table_of(contract, *rows):
    return check_table(
        pd.DataFrame(list(rows), columns=list(contract.columns)), contract, where="hostile"
    )


@pytest.fixture(scope="module")
def folder(hostile, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    write_outputs(hostile, drawn_stamp(hostile), folder)
    return folder


class Elements(HTMLParser):
    """Elements, attributes and text of a page, without scripts."""

    def __init__(self):
        super().__init__()
        self.tags = []
        self.handlers = []
        self.text = []
        self.inside = ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, _tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside not in ("script", "style"):
            self.text.append(data)


@pytest.fixture(scope="module")
def elements(folder):
    parser = Elements()
    parser.feed((folder / "map.html").read_text("utf-8"))
    return parser


class TestMap:
    def test_no_element_and_no_handler_comes_from_a_name(self, elements):
        words = [f"Ord {number}" for number in range(len(HOSTILE))]
        plain = drawn_assessment(area_names=(words[6], words[7]))
        harmless = render_elements(with_words(plain, words))
        assert sorted(elements.tags) == sorted(harmless.tags)
        assert elements.handlers == []

    def test_the_title_is_shown_as_it_is(self, elements, hostile):
        assert hostile.title.strip() in "".join(elements.text)

    def test_no_template_was_run_and_none_is_left(self, folder):
        page = (folder / "map.html").read_text("utf-8")
        ours = page[page.rindex("<script>") :]
        assert "{{" not in ours
        assert "{%" not in ours

    def test_every_name_on_the_map_is_escaped_and_complete(self, hostile):
        layers = [
            kommuner_geojson(hostile, "da"),
            practices_geojson(hostile, "da"),
            towns_geojson(hostile.tables),
        ]
        for layer in layers:
            text = json.dumps([feature["properties"] for feature in layer["features"]])
            assert not re.search(r"[<>$`\\](?![ntu\"])", text)
        shown = {f["properties"]["name"] for f in layers[1]["features"]}
        placed = hostile.tables.practices.dropna(subset="x_m")["name"]
        assert {unescape(name) for name in shown} == set(placed)

    def test_nothing_ran_on_the_server(self, folder, tmp_path, monkeypatch):
        assert folder.exists()
        monkeypatch.chdir(tmp_path)
        hostile = drawn_assessment(title=HOSTILE[1], practice_names={"010001": HOSTILE[1]})
        write_outputs(hostile, drawn_stamp(hostile), tmp_path / "out")
        assert not (tmp_path / "hostile-was-here").exists()


class TestTables:
    @pytest.mark.parametrize("name", ["choice_by_area.csv", *ANNEX_FILES])
    def test_csv_fields_never_start_a_formula(self, folder, name):
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter=";"))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        for field in (field for row in rows for field in row if field.strip()):
            is_number = re.fullmatch(r"-?\d+(,\d+)?", field)
            assert is_number or field.lstrip()[0] not in "=+-@", field

    def test_csv_of_the_annex_keeps_words_behind_the_apostrophe(self, folder, hostile):
        shown = {
            name: {
                field.removeprefix("'")
                for row in csv.reader(
                    (folder / name).read_text("utf-8-sig").splitlines(keepends=True), delimiter=";"
                )
                for field in row
            }
            for name in ANNEX_FILES
        }
        judgements = hostile.plan.judgements
        of_criteria = judgements[judgements["criterion"] != "override"]
        assert set(of_criteria["author"]) | set(of_criteria["reason"]) <= shown["designation.csv"]
        assert set(hostile.tables.practices["name"]) <= shown["practices.csv"]
        assert set(hostile.levels[1].names) <= shown["capacity_by_area.csv"]
        kept = hostile.skal.places[hostile.skal.places["is_skal"]]
        assert set(kept["name"]) <= shown["skal_areas.csv"]

    def test_workbook_of_the_annex_holds_words_word_for_word_and_no_formula(self, folder, hostile):
        book = openpyxl.load_workbook(folder / "praksisplan.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
        values = {cell.value for cell in cells}
        plan = hostile.plan
        for words in (
            *(plan.judgements[name] for name in ("author", "reason")),
            *(plan.designations[name] for name in ("basis", "decision")),
            plan.skal_areas["name"],
            hostile.tables.practices["name"],
            hostile.levels[1].names,
        ):
            assert set(words) <= values

    def test_csv_keeps_the_name_behind_the_apostrophe(self, folder, hostile):
        table = pd.read_csv(folder / "choice_by_area.csv", sep=";", dtype=str, quotechar='"')
        names = {name.removeprefix("'") for name in table["Område"]}
        assert set(hostile.tables.kommuner["name"]) <= names

    def test_workbook_holds_names_word_for_word_and_no_formula(self, folder, hostile):
        book = openpyxl.load_workbook(folder / "choice.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        values = {cell.value for cell in cells}
        assert set(hostile.tables.practices["name"]) <= values
        assert set(hostile.tables.kommuner["name"]) <= values
        assert [cell.hyperlink for cell in cells if cell.hyperlink] == []

    def test_geopackage_holds_names_word_for_word(self, folder, hostile):
        practices = gpd.read_file(folder / "coverage.gpkg", layer="practices")
        assert set(practices["name"]) == set(hostile.tables.practices["name"])
        kommuner = gpd.read_file(folder / "coverage.gpkg", layer="kommuner")
        assert set(kommuner["name"]) == set(hostile.tables.kommuner["name"])

    def test_run_record_holds_the_title_word_for_word(self, folder, hostile):
        record = json.loads((folder / "run.json").read_text("utf-8"))
        assert record["study_title"] == hostile.title


def render_elements(assessment):
    from coverage.exports.map_page import render_page  # noqa: PLC0415

    parser = Elements()
    parser.feed(render_page(assessment, drawn_stamp(assessment), "da"))
    return parser


def unescape(text):
    return re.sub(r"&#(\d+);", lambda match: chr(int(match.group(1))), text)
