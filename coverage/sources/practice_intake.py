"""Is a practice open to new patients? The words of a register as true, false or missing.

Lægevalg counts open practices, so that nothing is open by guess: a text that
lets in only some (``Åben kun for børn af patienter``) is closed to the public,
and one that cannot be understood is missing and listed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from coverage.errors import InvalidValueError, describe_rows
from coverage.sentences import Notes, Sentence, phrase, sentence
from coverage.sources.sheets import Sheet
from coverage.sources.spelling import compact_key, word_key

Reason = Literal["plain", "restricted", "dated", "unclear", "blank"]

_COLUMNS = ("intake", "closed")
_TEXTS_SHOWN = 5
_YES = {"j", "ja", "y", "yes", "true", "sand", "1", "x"}
_NO = {"n", "nej", "no", "false", "falsk", "0"}
_OPEN_WORDS = {"aa", "aaben", "aabent", "aabne", "open"}
_CLOSED_WORDS = {"l", "lukket", "lukkede", "closed"}
_NOT_WORDS = {"ikke", "ej", "ingen", "not"}
_PARTLY_WORDS = {"kun", "only", "delvis", "delvist", "begraenset", "udvalgte"}
_UNTIL_WORDS = {"til", "indtil"}
_DATE_WORDS = {"fra", "pr", "per", "siden", "d", "den", "og", "med"}
# "for tilgang", "for alle nye patienter", "for gruppe 1-sikrede": everyone.
_EVERYONE_WORDS = {
    *("for", "tilgang", "patienttilgang", "nye", "ny", "patient", "patienter", "alle", "af"),
    *("tilmelding", "tilmeldinger", "gruppe", "gr", "1", "sikrede"),
}
_FREE_WORDS = {"fri", "frit"}
_DATE = re.compile(
    r"(?<!\d)(?:(?P<iso_year>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})(?: 00:00:00)?"
    r"|(?P<day>\d{1,2})[./ -]{1,2}(?P<month>\d{1,2})[./ -]{1,2}(?P<year>\d{4}|\d{2}))(?!\d)"
)


@dataclass(frozen=True)
class Intake:
    """Open to everyone, closed to everyone else, or missing; and how that was found."""

    reason: Reason
    is_open: bool | None


_UNCLEAR = Intake("unclear", is_open=None)
_BLANK = Intake("blank", is_open=None)
# A year of two digits in a date of a register is one of this century.
_CENTURY = 2000
_TWO_DIGITS = 100


@dataclass(frozen=True)
class Question:
    """What a column asks: does ``ja`` mean open, closed or nothing; the day that counts."""

    yes_means_open: bool | None
    as_of: date | None


def find_dates(text: str) -> tuple[list[date], str]:
    """Return the dates in a text (day first, or ISO; two-digit years are 20xx) and the rest."""
    found: list[date] = []

    def note(match: re.Match[str]) -> str:
        part = {name: int(value) for name, value in match.groupdict().items() if value}
        year = part.get("iso_year", part.get("year", 0))
        try:
            day = date(
                year + _CENTURY if year < _TWO_DIGITS else year,
                part.get("iso_month", part.get("month", 0)),
                part.get("iso_day", part.get("day", 0)),
            )
        except ValueError:
            return match.group()
        found.append(day)
        return " "

    return found, _DATE.sub(note, text)


def judge_intake(text: str, question: Question) -> Intake:
    """Return what one cell says about intake."""
    dates, rest = find_dates(text)
    words = word_key(rest).split()
    if not words:
        return _judge_date_alone(dates, question)
    if rest.strip(" .").isalnum() and not dates and words[0] in _YES | _NO:
        return _judge_yes_or_no(words[0], question)
    says_open = not _OPEN_WORDS.isdisjoint(words)
    says_closed = not _CLOSED_WORDS.isdisjoint(words)
    if says_open and says_closed:
        return _UNCLEAR
    if says_closed:
        return _judge_closed(set(words), dates, question.as_of)
    return _judge_open(set(words), dates, question.as_of)


def _judge_yes_or_no(word: str, question: Question) -> Intake:
    if question.yes_means_open is None:
        return _UNCLEAR
    return Intake("plain", is_open=(word in _YES) == question.yes_means_open)


def _judge_date_alone(dates: list[date], question: Question) -> Intake:
    """Judge a bare date: in a column on being closed the day of closing, elsewhere unclear."""
    if len(dates) == 1 and question.yes_means_open is False:
        return _closed_from(dates[0], question.as_of)
    return _UNCLEAR


def _closed_from(day: date, as_of: date | None) -> Intake:
    has_closed = as_of is None or day <= as_of
    return Intake("dated", is_open=False if has_closed else None)


def _judge_closed(words: set[str], dates: list[date], as_of: date | None) -> Intake:
    if len(dates) > 1 or words & _NOT_WORDS:
        return _UNCLEAR
    if words & _PARTLY_WORDS:
        return Intake("restricted", is_open=False)
    if not dates:
        return Intake("plain", is_open=False)
    if words & _UNTIL_WORDS:
        still_closed = as_of is not None and as_of <= dates[0]
        return Intake("dated", is_open=False if still_closed else None)
    return _closed_from(dates[0], as_of)


def _judge_open(words: set[str], dates: list[date], as_of: date | None) -> Intake:
    plain_words = _OPEN_WORDS | _EVERYONE_WORDS | _FREE_WORDS
    if words & _NOT_WORDS:
        plain = words <= plain_words | _NOT_WORDS
        return Intake("plain" if plain else "restricted", is_open=False)
    if words & _PARTLY_WORDS:
        return Intake("restricted", is_open=False)
    if not words & (_OPEN_WORDS | _FREE_WORDS):
        return _UNCLEAR
    if dates:
        plain_words = plain_words | _DATE_WORDS | _UNTIL_WORDS
    if not words <= plain_words:
        return Intake("restricted", is_open=False) if "for" in words else _UNCLEAR
    if not dates:
        return Intake("plain", is_open=True)
    return _judge_open_dates(words, dates, as_of)


def _judge_open_dates(words: set[str], dates: list[date], as_of: date | None) -> Intake:
    if len(dates) > 1 or as_of is None:
        return Intake("dated", is_open=None)
    if words & _UNTIL_WORDS:
        return Intake("dated", is_open=True if as_of <= dates[0] else None)
    return Intake("dated", is_open=dates[0] <= as_of)


def read_intake(sheet: Sheet, as_of: date | None) -> tuple[pd.DataFrame, Notes]:
    """Return intake_open (boolean) and intake_text for each row of a register, and notes.

    A column that says open and one that says closed may stand side by side;
    where one is blank the other counts.

    Raises
    ------
    InvalidValueError
        The two columns contradict each other.
    """
    judged = {name: _judge_column(sheet, name, as_of) for name in _COLUMNS if name in sheet.headers}
    _refuse_contradictions(sheet, judged)
    rows = range(len(sheet.table))
    chosen = [_choose([column[row] for column in judged.values()]) for row in rows]
    texts = [_text(sheet, row) for row in rows]
    table = pd.DataFrame(
        {
            "intake_open": pd.array([intake.is_open for intake in chosen], dtype="boolean"),
            "intake_text": pd.Series(texts, dtype="str"),
        }
    )
    return table, _notes(sheet, chosen, texts)


def _judge_column(sheet: Sheet, name: str, as_of: date | None) -> list[Intake]:
    question = Question(_yes_means_open(name, sheet.headers[name]), as_of)
    return [_BLANK if pd.isna(text) else judge_intake(text, question) for text in sheet.table[name]]


def _yes_means_open(name: str, header: str) -> bool | None:
    key = compact_key(header)
    if key == "status" or ("aaben" in key and "lukket" in key):
        return None
    return name == "intake"


def _refuse_contradictions(sheet: Sheet, judged: Mapping[str, list[Intake]]) -> None:
    if len(judged) < len(_COLUMNS):
        return
    rows = [
        int(sheet.source_rows[row])
        for row, (one, other) in enumerate(zip(*judged.values(), strict=True))
        if {one.is_open, other.is_open} == {True, False}
    ]
    if rows:
        one, other = (sheet.headers[name] for name in judged)
        raise InvalidValueError(
            sentence(
                "The columns '{one}' and '{other}' contradict each other", one=one, other=other
            ),
            where=sheet.where,
            rows=rows,
            hint="Correct these rows, or remove the column that is out of date.",
        )


def _choose(intakes: list[Intake]) -> Intake:
    known = [intake for intake in intakes if intake.is_open is not None]
    unclear = [intake for intake in intakes if intake.reason != "blank"]
    return next(iter(known or unclear or intakes))


def _text(sheet: Sheet, row: int) -> str | None:
    """Return the cells as they stand; a bare yes or no on being closed gets its header."""
    texts = []
    if "intake" in sheet.headers and pd.notna(sheet.table["intake"].iloc[row]):
        texts.append(sheet.table["intake"].iloc[row])
    if "closed" in sheet.headers and pd.notna(sheet.table["closed"].iloc[row]):
        text = sheet.table["closed"].iloc[row]
        bare = word_key(text) in _YES | _NO or find_dates(text)[1].strip() == ""
        texts.append(f"{sheet.headers['closed']}: {text}" if bare else text)
    return "; ".join(texts) or None


def _notes(sheet: Sheet, chosen: list[Intake], texts: list[str | None]) -> Notes:
    blank = phrase("blank intake, taken as missing")
    unclear = phrase("intake not understood, taken as missing")
    dated = phrase("intake hangs on a date, taken as missing")
    restricted = phrase("open to some only, taken as closed")
    meanings = (
        (blank, _rows(chosen, "blank", is_open=None)),
        (unclear, _rows(chosen, "unclear", is_open=None)),
        (dated, _rows(chosen, "dated", is_open=None)),
        (restricted, _rows(chosen, "restricted", is_open=False)),
    )
    return tuple(_note(meaning, rows, sheet, texts) for meaning, rows in meanings if rows)


def _note(meaning: Sentence, rows: list[int], sheet: Sheet, texts: list[str | None]) -> Sentence:
    where = describe_rows([int(sheet.source_rows[row]) for row in rows])
    shown = sorted({text for row in rows if (text := texts[row])})[:_TEXTS_SHOWN]
    if not shown:
        return sentence("{meaning}: {rows}", meaning=meaning, rows=where)
    quoted = tuple(repr(text) for text in shown)
    return sentence("{meaning}: {rows} ({texts})", meaning=meaning, rows=where, texts=quoted)


def _rows(chosen: list[Intake], reason: Reason, *, is_open: bool | None) -> list[int]:
    return [
        row
        for row, intake in enumerate(chosen)
        if intake.reason == reason and intake.is_open is is_open
    ]
