"""Notes on files in Danish: what a reader of the numbers should know, where it is shown."""

import json
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from coverage.cache import prepare_roads
from coverage.exports.workbook import write_workbook
from coverage.sentences import Said, Sentence, from_plain, phrase, said, sentence, to_plain
from coverage.sources.population import read_population
from coverage.sources.practices import read_practices
from coverage.sources.projection import read_projection
from coverage.sources.provenance import Provenance
from coverage.ui.metode.rows import source_rows
from coverage.wording import LANGUAGES, say, say_error
from tests.drawn_town import drawn_assessment, drawn_stamp
from tests.straight_road import RULES
from tests.tiny_study import write_study

REGISTER = """\
Ydernr;Praksisnavn;Adresse;Tilgang;Praksisform;Tilmeldte;Telefon
10117;Vest;Storegade 1;Åben;Solo;1.500;1
010125;Midt;Storegade 2;Måske;Pop op;..;2
010133;Øst;Storegade 3;;Solo;;3
"""
GRID = """\
GRD_ID,TOT_P_2018,TOT_P_2021,CNTR_ID
1kmN3623E4468,5,1,DE-DK
1kmN3624E4468,5,2,DK
1kmN3625E4468,5,,DK
DK_unallocated,0,1234567,DK
"""
PROJECTION = """\
KOMMUNEDK;ALDER;TID;HERKOMST;INDHOLD
461;TOT;2030;TOT;123456
461;0;2030;TOT;21
461;1-;2030;TOT;102
"""

# Language -> file -> its notes.
SHOWN = {
    "da": {
        "register.csv": "kolonner, der ikke bruges: Telefon"
        "; ingen kolonne med kapaciteter: mangler for alle praksis"
        "; register.csv, kolonne 'Ydernr': foranstillede nuller er sat ind igen: 1 række: 2"
        "; register.csv, kolonne 'Tilmeldte': celler, der er læst som manglende tal:"
        " tomme (1), '..' (1)"
        "; register.csv, kolonne 'Tilmeldte': '1.500' er læst som 1500"
        "; tilgang er ikke udfyldt og regnes som ukendt: 1 række: 4"
        "; tilgang kan ikke forstås og regnes som ukendt: 1 række: 3 ('Måske')"
        "; praksisformen kendes ikke og står som ukendt: 1 række: 3 ('Pop op')",
        "grid.csv": "Personer er læst i kolonnen 'TOT_P_2021', ikke i 'TOT_P_2018'"
        "; 1.234.567 personer er talt med i Danmark, men ikke i nogen celle"
        " (rækker: 1, uden tal: 0)"
        "; Celler, som Danmark deler med et naboland (DE-DK), er beholdt med alle deres"
        " personer: 1"
        "; 1 af 3 celler har intet tal (33,3 %); borgerne dér er ikke med i analysen",
        "projection.csv": "projection.csv: kolonner, der ikke bruges: HERKOMST"
        "; Aldrene bruges, men deres sum er ikke det samlede tal: 1 kommuner og år,"
        " mest i 0461 2030 (-123.333 personer)",
        "roads.osm.pbf": "36 adressepunkter",
    },
    "en": {
        "register.csv": "columns not used: Telefon"
        "; no column for capacities: missing for all practices"
        "; register.csv, column 'Ydernr': leading zeros restored: 1 row: 2"
        "; register.csv, column 'Tilmeldte': cells taken as missing: blank 1, '..' 1"
        "; register.csv, column 'Tilmeldte': '1.500' was read as 1500"
        "; blank intake, taken as missing: 1 row: 4"
        "; intake not understood, taken as missing: 1 row: 3 ('Måske')"
        "; clinic form not known, kept as unknown: 1 row: 3 ('Pop op')",
        "grid.csv": "Persons are read from column 'TOT_P_2021', not from 'TOT_P_2018'"
        "; 1.23457e+06 persons are counted in Denmark but in no cell"
        " (rows: 1, without a number: 0)"
        "; Cells that Denmark shares with a neighbour (DE-DK) are kept with all their persons: 1"
        "; 1 of 3 cells have no number (33.3%); the people there are not in the analysis",
        "projection.csv": "projection.csv: columns not used: HERKOMST"
        "; The ages are used, but do not add up to their total: 1 kommuner and years,"
        " the most in 0461 2030 (-123333 persons)",
        "roads.osm.pbf": "36 address nodes",
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notes")


@pytest.fixture(scope="module")
def stamp(folder):
    """The stamp of a run whose files leave something to say."""
    write_study(folder / "study")
    roads, _ = prepare_roads(folder / "study" / "roads.osm.pbf", None, RULES.travel, None)
    register = read_practices(written(folder / "register.csv", REGISTER), as_of=date(2026, 1, 1))
    _, grid = read_population(written(folder / "grid.csv", GRID), as_of=None)
    _, ages = read_projection(
        written(folder / "projection.csv", PROJECTION), ("0461",), as_of=date(2026, 1, 1)
    )
    accounts = (register.provenance, grid, ages, roads.provenance)
    return replace(drawn_stamp(drawn_assessment()), inputs=accounts)


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_metode_says_the_notes_in_its_language(stamp, language):
    rows = source_rows(stamp, language).set_index("file_name")["notes"]
    assert rows.to_dict() == SHOWN[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_says_the_notes_in_its_language(stamp, folder, language):
    path = folder / f"{language}.xlsx"
    write_workbook(path, drawn_assessment(), stamp, language)
    sheet = openpyxl.load_workbook(path)[say("export.sheet.basis", language)]
    rows = sheet.iter_rows(values_only=True)
    assert {row[1]: row[7] for row in rows if row[1] in SHOWN[language]} == SHOWN[language]


def test_a_file_without_notes_has_none(stamp):
    quiet = Provenance("roads", "roads.osm.pbf", "c" * 64, 9, None, 1, 1)
    (row,) = source_rows(replace(stamp, inputs=(quiet,)), "da").to_dict("records")
    assert row["notes"] == ""


class TestKept:
    """What the cache of the roads keeps of a note."""

    def test_notes_out_of_the_cache_are_said_as_those_of_a_file_just_read(self, folder):
        write_study(folder / "cached")
        path, cache = folder / "cached" / "roads.osm.pbf", folder / "cache"
        fresh, again = (prepare_roads(path, None, RULES.travel, cache)[0] for _ in range(2))
        assert fresh is not again
        for roads in (fresh, again):
            (note,) = roads.provenance.notes
            assert say_error(note, "da") == SHOWN["da"]["roads.osm.pbf"]
            assert say_error(note, "en") == SHOWN["en"]["roads.osm.pbf"]

    @pytest.mark.parametrize(
        "note",
        [
            phrase("no {road}"),
            said("Odense", "Odense"),
            sentence("{where}: {count:,} of {share:.1%}", where="a{b}", count=1234, share=0.5),
            sentence(
                "{what}: {rows} ({parts:; })",
                what=phrase("none"),
                rows=sentence("{count} row: {rows}", count=1, rows=("2",)),
                parts=("x", 2, phrase("blank"), said("so", "sådan")),
            ),
        ],
    )
    def test_a_sentence_comes_back_from_json_with_all_that_it_knows(self, note):
        again = from_plain(json.loads(json.dumps(to_plain(note))))
        assert type(again) is type(note)
        assert (again, parts_of(again)) == (note, parts_of(note))

    def test_an_object_of_another_making_is_no_sentence(self):
        with pytest.raises(KeyError):
            from_plain({"text": "36 address nodes"})

    def test_a_cache_with_notes_of_another_form_is_made_anew(self, folder):
        write_study(folder / "damaged")
        path, cache = folder / "damaged" / "roads.osm.pbf", folder / "damaged cache"
        fresh, _ = prepare_roads(path, None, RULES.travel, cache)
        (account,) = cache.glob("*.json")
        kept = json.loads(account.read_text("utf-8"))
        account.write_text(json.dumps({**kept, "notes": [{"text": "36"}]}), "utf-8")
        again, _ = prepare_roads(path, None, RULES.travel, cache)
        assert again.provenance == fresh.provenance
        assert json.loads(account.read_text("utf-8")) == kept


def parts_of(value):
    """Return a sentence taken apart, down to what is none."""
    if isinstance(value, Said):
        return ("said", str(value), value.danish)
    if isinstance(value, Sentence):
        return (value.template, {name: parts_of(one) for name, one in value.values.items()})
    if isinstance(value, tuple):
        return tuple(parts_of(one) for one in value)
    return value
