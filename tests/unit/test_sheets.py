"""Tables as people export them: where the header is, what the rows are, what is refused."""

import datetime as dt

import openpyxl
import pytest

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    MissingFileError,
    UnreadableFileError,
)
from coverage.sources.sheets import NOTE_ROW, REPEATED_HEADER, TOTALS_ROW, read_sheet

SYNONYMS = {
    "ydernummer": ("Ydernr", "Ydernummer"),
    "name": ("Praksisnavn", "Navn"),
    "capacities": ("Antal kapaciteter", "Kapaciteter"),
    "birth_years": ("Fødselsår",),
}
REQUIRED = ("ydernummer", "name")
BODY = "Ydernr;Praksisnavn;Antal kapaciteter\n010117;Lægehuset Ærø;1,5\n010125;Åbyhøj;2\n"


def read(path):
    return read_sheet(path, SYNONYMS, REQUIRED, role="practices")


@pytest.fixture
def write_text(tmp_path):
    def write(text, *, encoding="utf-8", name="register.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def write_book(tmp_path):
    def write(sheets, name="register.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_found(write_text, encoding, delimiter, line_end):
    text = BODY.replace("1,5", "15").replace(";", delimiter).replace("\n", line_end)
    sheet = read(write_text(text, encoding=encoding))
    assert list(sheet.table.columns) == ["ydernummer", "name", "capacities"]
    assert sheet.table["name"].tolist() == ["Lægehuset Ærø", "Åbyhøj"]
    assert sheet.table["ydernummer"].tolist() == ["010117", "010125"]
    assert sheet.source_rows.tolist() == [2, 3]
    assert sheet.where == "register.csv"
    assert sheet.header_row == 1


def test_a_decimal_comma_does_not_make_the_comma_the_delimiter(write_text):
    sheet = read(write_text(BODY))
    assert sheet.table["capacities"].tolist() == ["1,5", "2"]


def test_titles_above_the_header_and_blank_rows_keep_the_row_numbers_of_the_file(write_text):
    sheet = read(write_text("Udtræk af Praksis\n\nRegion;1.11.2026\n" + BODY.replace("2\n", "2\n")))
    assert sheet.header_row == 4
    assert sheet.source_rows.tolist() == [5, 6]
    spaced = BODY.replace("010125", "\n;;\n010125")
    assert read(write_text(spaced)).source_rows.tolist() == [2, 5]


def test_a_quoted_line_break_is_one_row(write_text):
    text = 'Ydernr;Praksisnavn;Fødselsår\n010117;A;"1959\n1964"\n010125;B;1970\n'
    sheet = read(write_text(text))
    assert sheet.table["birth_years"].tolist() == ["1959\n1964", "1970"]
    assert sheet.source_rows.tolist() == [2, 3]


@pytest.mark.parametrize(
    "header", ["ydernr", "YDER-NR.", " Yder nr ", "Yder\u00a0nr", "Ydernummer", "ydernummer"]
)
def test_headers_match_without_case_spaces_and_punctuation(write_text, header):
    sheet = read(write_text(f"{header};Navn\n010117;A\n"))
    assert sheet.table["ydernummer"].tolist() == ["010117"]


@pytest.mark.parametrize(
    "header", ["Fødselsår", "Foedselsaar", "FØDSELSÅR", "Fo\u0308dselsa\u030ar"]
)
def test_headers_match_in_every_spelling_of_danish_letters(write_text, header):
    sheet = read(write_text(f"Ydernr;Navn;{header}\n010117;A;1959\n"))
    assert sheet.table["birth_years"].tolist() == ["1959"]


def test_the_preferred_of_two_headers_is_used_and_the_other_one_listed(write_text):
    sheet = read(write_text("Navn;Ydernr;Praksisnavn\nDr. Hansen;010117;Lægehuset\n"))
    assert sheet.table["name"].tolist() == ["Lægehuset"]
    assert sheet.headers["name"] == "Praksisnavn"
    assert sheet.unknown_headers == ("Navn",)
    assert sheet.where_column("name") == "register.csv, column 'Praksisnavn'"


def test_one_header_twice_is_refused(write_text):
    with pytest.raises(InvalidValueError, match="Two columns have the header 'Navn'"):
        read(write_text("Ydernr;Navn;navn\n010117;A;B\n"))


def test_a_blank_cell_is_missing_and_a_short_row_too(write_text):
    sheet = read(write_text("Ydernr;Navn;Kapaciteter\n010117;A; \n010125;B\n"))
    assert sheet.table["capacities"].isna().tolist() == [True, True]


def test_empty_columns_and_rows_at_the_end_are_nothing(write_text):
    text = "Ydernr;Navn;;;\n010117;A;;;\n;;;;\n;;;;\n"
    sheet = read(write_text(text))
    assert len(sheet.table) == 1
    assert sheet.unknown_headers == ()
    assert sheet.rows_read == 1


def test_columns_without_a_header_are_listed_by_number(write_book):
    sheet = read(write_book({"Ark1": [["Ydernr", "Navn", "Leder"], ["010117", "A", "X", "note"]]}))
    assert sheet.unknown_headers == ("Leder", "(column 4)")


@pytest.mark.parametrize(
    "label", ["I alt", "i alt:", "Total", "SUM", "Ialt", "Fyn i alt", "I alt Fyn"]
)
def test_totals_are_dropped_and_counted(write_text, label):
    sheet = read(write_text(BODY + f"{label};;3,5\n"))
    assert len(sheet.table) == 2
    assert sheet.dropped == {TOTALS_ROW: 1}
    assert sheet.rows_read == 3


def test_a_practice_whose_name_begins_like_a_total_is_kept(write_text):
    sheet = read(write_text("Ydernr;Navn\n010117;Total Lægehus\n010125;Sum\n"))
    assert sheet.table["name"].tolist() == ["Total Lægehus", "Sum"]


def test_notes_below_and_repeated_headers_are_dropped_and_counted(write_text):
    text = BODY + "Ydernr;Praksisnavn;Antal kapaciteter\n010133;C;1\nKilde: Luna\nI alt;;4,5\n"
    sheet = read(write_text(text + "\nUdtrukket 1.11.2026;;\n"))
    assert sheet.table["ydernummer"].tolist() == ["010117", "010125", "010133"]
    assert sheet.dropped == {TOTALS_ROW: 1, NOTE_ROW: 2, REPEATED_HEADER: 1}
    assert sheet.rows_read == 7


def test_a_row_that_was_cut_off_is_not_taken_for_a_note(write_text):
    assert read(write_text(BODY + "01013")).table["ydernummer"].tolist()[-1] == "01013"


def test_a_single_required_cell_is_data_and_no_note(write_text):
    path = write_text("Navn;Ydernr;Kapaciteter\nOdense;;\nAssens;;\n")
    sheet = read_sheet(path, SYNONYMS, ("name",), role="towns")
    assert sheet.table["name"].tolist() == ["Odense", "Assens"]


def test_a_row_with_more_cells_than_the_header_is_refused(write_text):
    with pytest.raises(InvalidValueError, match="more cells than the header") as caught:
        read(write_text("Ydernr;Navn\n010117;A\n010125;Læger;ne\n"))
    assert caught.value.rows == (3,)
    assert "quotation marks" in caught.value.hint


def test_an_open_quotation_mark_is_refused_and_swallows_nothing(write_text):
    with pytest.raises(UnreadableFileError, match="quotation mark") as caught:
        read(write_text('Ydernr;Navn\n010117;"A\n010125;B\n'))
    assert caught.value.rows == (2,)


def test_a_quotation_mark_inside_a_name_is_text(write_text):
    sheet = read(write_text('Ydernr;Navn\n010117;Klinik "Solen"\n010125;"A ""B"""\n'))
    assert sheet.table["name"].tolist() == ['Klinik "Solen"', 'A "B"']


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7*7 }}", '=HYPERLINK("http://x";"y")', "../../etc", "a\\b"],
)
def test_hostile_text_is_kept_as_it_is(write_book, name):
    sheet = read(write_book({"Ark1": [["Ydernr", "Navn"], ["010117", f" {name} "]]}))
    assert sheet.table["name"].tolist() == [name]


def test_workbook_numbers_and_dates_become_text_without_a_decimal_point(write_book):
    rows = [
        ["Ydernr", "Navn", "Kapaciteter", "Fødselsår"],
        [10117, 12345.0, 1.5, dt.datetime(1959, 3, 12)],  # noqa: DTZ001
        ["010125", True, 1.612, 1964],
        ["010133", None, 0.1, dt.date(1970, 1, 2)],
    ]
    sheet = read(write_book({"Ark1": rows}))
    assert sheet.table["ydernummer"].tolist() == ["10117", "010125", "010133"]
    assert sheet.table["name"].tolist()[:2] == ["12345", "TRUE"]
    # Three decimals would look like thousands: Excel's 1.612 is a decimal number.
    assert sheet.table["capacities"].tolist() == ["1.5", "1.6120", "0.1"]
    assert sheet.table["birth_years"].tolist() == ["1959-03-12", "1964", "1970-01-02"]
    assert sheet.where == "register.xlsx, sheet Ark1"


def test_the_sheet_with_most_of_the_columns_is_read(write_book):
    path = write_book(
        {
            "Forside": [["Praksis"], ["Ydernr"]],
            "Tom": [],
            "Data": [["Region Fyn"], [], ["Ydernr", "Navn", "Kapaciteter"], ["010117", "A", 2]],
            "Noter": [["Ydernr", "Navn"], ["x", "y"]],
        }
    )
    sheet = read(path)
    assert sheet.where == "register.xlsx, sheet Data"
    assert (sheet.header_row, sheet.source_rows.tolist()) == (3, [4])


def test_merged_cells_hold_their_value_in_the_first_row_only(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Udtræk", None, None], ["Ydernr", "Navn", "Fødselsår"], ["010117", "A", 1959]):
        book.active.append(row)
    book.active.append([None, None, 1964])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A3:A4")
    book.save(tmp_path / "merged.xlsx")
    sheet = read(tmp_path / "merged.xlsx")
    assert sheet.table["ydernummer"].isna().tolist() == [False, True]
    assert sheet.table["birth_years"].tolist() == ["1959", "1964"]


def test_hidden_columns_and_rows_are_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Ydernr", "Navn"], ["010117", "A"], ["010125", "B"]):
        book.active.append(row)
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    assert read(tmp_path / "hidden.xlsx").table["name"].tolist() == ["A", "B"]


def test_a_missing_column_is_named_with_the_headers_that_were_found(write_text):
    with pytest.raises(MissingColumnError) as caught:
        read(write_text("Titel\nYdernr;Klinik;By\n010117;A;Rønne\n"))
    assert caught.value.exit_code == 12
    assert "practices file lacks a column: name (for example 'Praksisnavn')" in str(caught.value)
    assert "register.csv, row 2" in str(caught.value)
    assert "Headers found: Ydernr, Klinik, By" in str(caught.value)


@pytest.mark.parametrize("text", ["Ydernr|Navn\n010117|A\n", "Ydernr\n010117\n"])
def test_a_wrong_delimiter_is_named_as_the_likely_cause(write_text, text):
    with pytest.raises(MissingColumnError, match="delimiter is probably wrong"):
        read(write_text(text))


def test_text_pasted_into_one_workbook_column_is_named_too(write_book):
    path = write_book({"Ark1": [["Ydernr;Praksisnavn"], ["010117;A"]]})
    with pytest.raises(MissingColumnError, match="Only one column was found"):
        read(path)


@pytest.mark.parametrize("text", ["Ydernr;Navn\n", "Ydernr;Navn\n;\n;\n", "Ydernr;Navn\nI alt;3\n"])
def test_a_table_without_rows_is_empty(write_text, text):
    with pytest.raises(EmptyTableError, match="no row below its header") as caught:
        read(write_text(text))
    assert caught.value.exit_code == 15


@pytest.mark.parametrize("text", ["\n\n\n", ";;;\n;;\n", "\ufeff"])
def test_a_file_without_content_is_empty(write_text, text):
    with pytest.raises(EmptyTableError, match="no cell with content"):
        read(write_text(text))


def test_a_workbook_without_content_is_empty(write_book):
    with pytest.raises(EmptyTableError):
        read(write_book({"Ark1": [], "Ark2": []}))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(MissingFileError):
        read(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"<!DOCTYPE html><html><body>Log ind", "web page"),
        ("a.xlsx", b"\xef\xbb\xbf <html><table>", "web page"),
        ("a.xlsx", b"PK\x03\x04 cut off", "damaged Excel workbook"),
        ("a.xlsx", b"Ydernr;Navn\n010117;A\n", "not an Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "has a password"),
        ("a.xls", b"Ydernr;Navn\n", "cannot be read"),
        ("a.ods", b"PK\x03\x04", "cannot be read"),
        ("a.csv", b"PK\x03\x04\x14\x00", "workbook or zip file"),
        ("a.csv", b"Ydernr;Navn\n01\x00117;\x81\x8d\n", "not text"),
        ("a.csv", b"\xff\xfeY\x00d", "no row below|not text|lacks a column|no cell"),
    ],
)
def test_files_of_another_kind_are_refused_with_what_to_do(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    expected = (UnreadableFileError, MissingColumnError)
    with pytest.raises(expected, match=message) as caught:
        read(path)
    assert caught.value.hint
    assert name in caught.value.where


def test_an_old_workbook_is_told_to_be_saved_as_xlsx(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(UnreadableFileError, match=r"save it as \.xlsx") as caught:
        read(tmp_path / "a.xls")
    assert caught.value.exit_code == 11


def test_every_cut_of_a_workbook_is_refused_or_read_but_never_crashes(write_book, tmp_path):
    whole = write_book({"Ark1": [["Ydernr", "Navn"], ["010117", "A"]]}).read_bytes()
    for size in range(4, len(whole), 97):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:size])
        with pytest.raises(UnreadableFileError):
            read(path)


def test_the_screen_sees_every_sheet_before_anything_can_be_said_of_them(write_book):
    seen = []
    path = write_book({"A": [["Navn"], ["x"]], "B": [["Ydernr", "Navn"], ["010117", "y"]]})
    read_sheet(
        path,
        SYNONYMS,
        REQUIRED,
        role="practices",
        screen=lambda cells, header: seen.append((cells.where, header, cells.rows)),
    )
    assert [(where, header) for where, header, _ in seen] == [
        ("register.xlsx, sheet A", 0),
        ("register.xlsx, sheet B", 0),
    ]
    assert seen[1][2] == (("Ydernr", "Navn"), ("010117", "y"))
