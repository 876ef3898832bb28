"""A judgement added to the file of judgements: what stands there stays, to the byte."""

import csv
import errno
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from coverage.decision_files import Judgement, add_judgement
from coverage.errors import (
    InvalidValueError,
    LaegedaekningError,
    OutputError,
    PersonalDataError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.exports.csv_table import harmless_text
from coverage.sources.judgements import read_judgements

HEADER = "Niveau;Områdekode;Kriterium;Opfyldt;Dato;Forfatter;Begrundelse"
ROW = "kommune;0479;Særlige forhold;Nej;1.3.2026;KH;Ingen ændring"
ENTRY = Judgement(
    area_level="kommune",
    area_id="0461",
    criterion="override",
    met=True,
    entered_on=date(2026, 3, 9),
    author="Bente Nørgård",
    reason="To læger går på pension; se sag 26/114",
)
WRITTEN = (
    "kommune;0461;Tilsidesættelse af signal;Ja;2026-03-09;Bente Nørgård;"
    '"To læger går på pension; se sag 26/114"'
)


def judgements_of(path: Path) -> list[Judgement]:
    table, _ = read_judgements(path, as_of=None)
    days = table["entered_on"].dt.date
    rows = table.drop(columns="source_row").assign(entered_on=days).to_dict("records")
    return [Judgement(**row) for row in rows]


def write(folder: Path, content: str | bytes, name: str = "judgements.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def refused(error: type[LaegedaekningError], path: Path, entry: Judgement = ENTRY) -> str:
    """Return the message of an error; the folder must be as it was, to the byte."""

    def state() -> dict[Path, bytes | None]:
        return {
            file: file.read_bytes() if file.is_file() else None for file in path.parent.rglob("*")
        }

    before = state()
    with pytest.raises(LaegedaekningError) as caught:
        add_judgement(path, entry)
    assert type(caught.value) is error
    assert caught.value.where
    assert caught.value.hint
    assert state() == before
    return str(caught.value)


def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "marts" / "judgements.csv"
    add_judgement(path, ENTRY)
    assert path.read_bytes() == b"\xef\xbb\xbf" + f"{HEADER}\r\n{WRITTEN}\r\n".encode()
    assert judgements_of(path) == [ENTRY]
    assert list(path.parent.iterdir()) == [path]


def test_an_empty_file_is_treated_as_a_new_one(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    add_judgement(path, ENTRY)
    assert judgements_of(path) == [ENTRY]


def test_rows_are_added_one_after_the_other_and_none_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    entries = [
        replace(ENTRY, met=(True, False, None)[number % 3], reason=f"Nr. {number}")
        for number in range(4)
    ]
    for entry in entries:
        before = path.read_bytes() if path.exists() else b""
        add_judgement(path, entry)
        assert path.read_bytes().startswith(before)
    assert judgements_of(path) == entries


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_the_file_keeps_its_encoding_line_ends_and_every_byte(
    tmp_path: Path, encoding: str, line_end: str, *, last: bool
) -> None:
    before = f"{HEADER}{line_end}{ROW}{line_end if last else ''}".encode(encoding)
    path = write(tmp_path, before)
    add_judgement(path, ENTRY)
    assert path.read_bytes().startswith(before)
    assert path.read_bytes().decode(encoding) == line_end.join((HEADER, ROW, WRITTEN, ""))
    assert judgements_of(path)[1:] == [ENTRY]


def test_the_file_keeps_its_delimiter_its_columns_and_their_order(tmp_path: Path) -> None:
    before = (
        "Oversigt over vurderinger\n\n"
        "reason,author,note,date,met,criterion,area_id,level,Kommune\n"
        '"Pension, snart",KH,x,2026-03-01,no,clinic_need,0479,kommune,Svendborg\n'
    )
    path = write(tmp_path, before)
    entry = replace(ENTRY, reason="a,b;c\td")
    add_judgement(path, entry)
    added = path.read_bytes().decode("cp1252").removeprefix(before)
    assert added == (
        '"a,b;c\td",Bente Nørgård,,2026-03-09,Ja,Tilsidesættelse af signal,0461,kommune,\n'
    )
    assert judgements_of(path)[1] == entry


def test_a_file_with_a_header_alone_gets_its_first_row(tmp_path: Path) -> None:
    path = write(tmp_path, f"\ufeff{HEADER}")
    add_judgement(path, ENTRY)
    assert judgements_of(path) == [ENTRY]


def test_blank_rows_that_excel_left_at_the_end_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, f"\ufeff{HEADER}\r\n{ROW}\r\n;;;;;;\r\n;;;;;;\r\n")
    add_judgement(path, ENTRY)
    assert judgements_of(path)[1:] == [ENTRY]


def test_a_file_without_levels_takes_kommuner_and_no_other_level(tmp_path: Path) -> None:
    text = "Områdekode;Kriterium;Opfyldt;Dato;Forfatter;Begrundelse\n"
    path = write(tmp_path, text)
    words = refused(OutputError, path, replace(ENTRY, area_level="bydele", area_id="Nord"))
    assert "no column for the level 'bydele'" in words
    assert "'Niveau'" in words
    add_judgement(path, ENTRY)
    assert judgements_of(path) == [ENTRY]


def test_a_letter_that_the_encoding_lacks_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\r\n{ROW}\r\n".encode("cp1252"))
    words = refused(OutputError, path, replace(ENTRY, author="Łukasz"))
    assert "without the character 'Ł'" in words
    assert "CSV UTF-8" in words
    add_judgement(path, replace(ENTRY, author="Zoë – €"))
    assert judgements_of(path)[1].author == "Zoë – €"


def test_danish_letters_in_a_file_without_any_are_written_as_excel_reads_them(
    tmp_path: Path,
) -> None:
    text = "level;area_id;criterion;met;date;author;reason\n"
    path = write(tmp_path, text)
    add_judgement(path, ENTRY)
    assert path.read_bytes() == (text + WRITTEN + "\n").encode("cp1252")
    assert judgements_of(path) == [ENTRY]


def test_a_kommune_is_written_as_its_code_and_a_day_as_a_day(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    moment = datetime(2026, 3, 9, 14, 30)  # noqa: DTZ001 - a clock's time, which is left out
    add_judgement(path, replace(ENTRY, area_level="Kommuner", area_id="461", entered_on=moment))
    add_judgement(path, replace(ENTRY, area_id="Odense Kommune"))
    assert judgements_of(path) == [ENTRY, ENTRY]


def test_texts_lose_the_blanks_at_their_ends_and_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    # A + ring, as macOS writes the letter.
    entry = replace(ENTRY, author="\u00a0 A\u030ase \ufeff", reason=" et\r\nto\r\rfire\n")
    add_judgement(path, entry)
    assert judgements_of(path) == [replace(ENTRY, author="Åse", reason="et\nto\n\nfire")]


def test_formulas_are_written_as_text_and_read_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    texts = ["=1+1", "+45 1234", "-", "@SUM(A1)", "'=1", "''=1", "' =1", "\uff1d1", "'citat'"]
    for text in texts:
        add_judgement(path, replace(ENTRY, area_level="bydele", area_id=text, author=text))
    found = judgements_of(path)
    assert [entry.author for entry in found] == texts
    assert [entry.area_id for entry in found] == texts
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert all(harmless_text(cell) == cell for row in rows for cell in row)
    assert not any(cell.startswith("\uff1d") for row in rows for cell in row)


@pytest.mark.parametrize(
    ("name", "longest"),
    [("author", 100), ("reason", 2_000), ("area_id", 200), ("area_level", 200)],
)
def test_texts_have_a_longest_length(tmp_path: Path, name: str, longest: int) -> None:
    path = tmp_path / "judgements.csv"
    base = replace(ENTRY, area_level="bydele", area_id="Nord")
    for length in (longest - 1, longest):
        add_judgement(path, replace(base, **{name: "å" * length}))
    add_judgement(path, replace(base, **{name: " " + "å" * longest + "\n"}))
    for length in (longest + 1, 10_000):
        words = refused(InvalidValueError, path, replace(base, **{name: "å" * length}))
        assert f"{length} characters; at most {longest}" in words
    assert len(judgements_of(path)) == 3


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"author": ""}, InvalidValueError, "blank · Forfatter"),
        ({"reason": " \n\u200b"}, InvalidValueError, "blank · Begrundelse"),
        ({"area_id": ""}, InvalidValueError, "blank · Områdekode"),
        ({"area_level": ""}, InvalidValueError, "blank · Niveau"),
        ({"area_id": "0999"}, UnknownKommuneError, "no kommune '0999'"),
        ({"criterion": "choice"}, InvalidValueError, "'choice' is no criterion"),
        ({"entered_on": date(1969, 12, 31)}, InvalidValueError, "1969-12-31 is far off"),
        ({"entered_on": date(2101, 1, 1)}, InvalidValueError, "2101-01-01 is far off"),
        ({"reason": "a\0b"}, InvalidValueError, "control characters"),
        ({"reason": "a\x1bb"}, InvalidValueError, "control characters"),
        ({"reason": "a\ud800b"}, InvalidValueError, "control characters"),
        ({"reason": "Om 010170-1234"}, PersonalDataError, "looks like a CPR number · Begrundelse"),
        ({"author": "0101701234"}, PersonalDataError, "looks like a CPR number · Forfatter"),
    ],
)
def test_a_judgement_that_cannot_be_kept_is_refused(
    tmp_path: Path,
    change: dict[str, str],
    error: type[LaegedaekningError],
    words: str,
) -> None:
    path = write(tmp_path, f"\ufeff{HEADER}\r\n{ROW}\r\n")
    message = refused(error, path, replace(ENTRY, **change))
    assert words in message
    assert "0101701234" not in message
    assert "010170-1234" not in message


def test_a_level_that_would_read_as_a_total_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"\ufeff{HEADER}\r\n{ROW}\r\n")
    entry = replace(ENTRY, area_level="I alt", area_id="Fyn")
    assert "would read back as something else" in refused(OutputError, path, entry)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("Navn;Adresse;By\nA;B;C\n", OutputError, "lacks a column"),
        (f"{HEADER}\n{ROW}\nkommune;0461;override;Ja;snart;BN;G\n", OutputError, "1 row: 3"),
        (f"{HEADER}\nkommune;0999;override;Ja;1.3.2026;BN;G\n", OutputError, "no kommune '0999'"),
        (f"{HEADER}\n{ROW}\nAjourført i marts;;;;;;\n", OutputError, "remark below its last row"),
        (f"{HEADER}\n{ROW} om 010170-1234\n", PersonalDataError, "look like CPR numbers"),
        (f'{HEADER}\nkommune;0461;override;Ja;1.3.2026;BN;"G\n', UnreadableFileError, "not closed"),
        (b"PK\x03\x04 and more", UnreadableFileError, "workbook or zip file"),
        (b"\x81\x8d\x00\x01", UnreadableFileError, "not text"),
        ("<!doctype html>", UnreadableFileError, "web page"),
    ],
)
def test_a_file_that_is_no_sound_file_of_judgements_is_left_alone(
    tmp_path: Path, content: str | bytes, error: type[LaegedaekningError], words: str
) -> None:
    message = refused(error, write(tmp_path, content))
    assert words in message
    assert "010170" not in message


def test_a_workbook_or_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judgements.xlsx"
    pd.DataFrame({"Niveau": ["kommune"]}).to_excel(path, index=False)
    assert "added to a CSV file, not to one with .xlsx" in refused(OutputError, path)
    assert "no ending" in refused(OutputError, tmp_path / "judgements")


def test_a_folder_in_the_file_s_place_or_a_file_in_the_folder_s_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "judgements.csv").mkdir()
    assert "cannot be saved" in refused(OutputError, tmp_path / "judgements.csv")
    (tmp_path / "notes").write_text("x")
    path = tmp_path / "notes" / "judgements.csv"
    with pytest.raises(OutputError, match="cannot be saved"):
        add_judgement(path, ENTRY)
    assert (tmp_path / "notes").read_text() == "x"


def test_a_write_protected_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    path.chmod(0o444)
    assert "may not be written" in refused(OutputError, path)


def test_a_file_that_libreoffice_has_open_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    (tmp_path / ".~lock.judgements.csv#").write_text("x")
    assert "open in LibreOffice" in refused(OutputError, path)


def test_a_file_that_excel_has_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    really_open = Path.open

    def locked(self: Path, mode: str = "r", *args, **kwargs):
        # Windows lets others read a file that Excel has open, not write it.
        if self.name == path.name and "+" in mode:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return really_open(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", locked)
    words = refused(OutputError, path)
    assert "open in another program" in words
    assert "Excel" in words


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_an_interrupted_write_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    before = path.read_bytes()

    def broken(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), broken)
        with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
            add_judgement(path, ENTRY)
    if isinstance(failure, OSError):
        assert "cannot be saved (No space left on device)" in str(caught.value)
        assert "nothing was added" in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    add_judgement(path, ENTRY)
    assert judgements_of(path)[1:] == [ENTRY]


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW}\n")
    theirs = f"{HEADER}\n{ROW}\n{ROW}\n".encode()
    really_sync = os.fsync

    def meanwhile(number: int) -> None:
        path.write_bytes(theirs)
        really_sync(number)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(OutputError, match="changed by somebody else") as caught:
        add_judgement(path, ENTRY)
    assert "Try again" in caught.value.hint
    assert path.read_bytes() == theirs


def test_windows_that_add_at_the_same_moment_lose_no_row(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    entries = [replace(ENTRY, reason=f"Nr. {number}") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda entry: add_judgement(path, entry), entries))
    assert sorted(judgements_of(path), key=str) == sorted(entries, key=str)


def test_a_link_stays_a_link_and_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = write(tmp_path / "real", f"{HEADER}\n{ROW}\n")
    path.chmod(0o640)
    link = tmp_path / "judgements.csv"
    link.symlink_to(path)
    add_judgement(link, ENTRY)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert judgements_of(path)[1:] == [ENTRY]
