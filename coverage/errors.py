"""Everything that can go wrong in a way that a planner can mend.

Each class has an exit code of its own, so that a script can tell them apart::

    LaegedaekningError            1
    ├── MissingFileError         10  a file that is named is not there
    ├── UnreadableFileError      11  truncated, of another kind, or not to be opened
    ├── MissingColumnError       12  a table lacks a column; wrong delimiter
    ├── InvalidValueError        13  letters in a number, a value out of its range
    ├── DuplicateIdError         14  two practices, cells or kommuner with one id
    ├── EmptyTableError          15  a table without a single usable row
    ├── CoordinateError          16  degrees for metres, a place in the sea
    ├── UnknownKommuneError      17  a kommune code that Denmark does not have
    ├── NoDanishCellsError       18  a population grid of somewhere else
    ├── PersonalDataError        19  a CPR-like value where none may be
    ├── StudyError               20  study.toml: unknown key, missing path
    ├── RuleError                21  a ruleset: unknown key, value out of range
    ├── OutputError              22  results cannot be written
    ├── UnknownIdError           23  an id that the matrix or the register lacks
    ├── CrsError                 24  a coordinate system that is missing or unusable
    ├── ScenarioError            25  a scenario that cannot be carried out, read or mapped
    └── PlacementError           26  a placement that makes no sense or that no sites can meet

Exit code 2 is the command line's own: arguments that it cannot read.
"""

import re
from collections.abc import Sequence

from coverage.sentences import Sentence, phrase, sentence

ROWS_SHOWN = 5
# What Python says of a file that is no TOML: what is mentioned apart from the words.
_TOML_REASONS = (
    "{problem} (at line {line}, column {column})",
    "{problem} (at end of document)",
    "Illegal character {character}",
    "Found invalid character {character}",
    "Cannot declare {key} twice",
    "Duplicate inline table key {key}",
    "'utf-8' codec can't decode {part} in position {position}: {reason}",
)


class LaegedaekningError(Exception):
    """What is wrong · where · how many rows and the first five · what to do.

    Each part is English, and its Danish stands in ``wording/errors``. A part that mentions
    something is a ``sentences.sentence``, whose words are found without it.

    Parameters
    ----------
    what
        One sentence on what is wrong.
    where
        File, sheet and column, as far as they are known.
    rows
        All rows concerned, as the file numbers them (its header is row 1),
        or the ids concerned; the first five are shown.
    hint
        What to do about it.
    """

    exit_code = 1

    def __init__(
        self, what: str, *, where: str = "", rows: Sequence[object] = (), hint: str = ""
    ) -> None:
        # Another error that mentions a part of this one then translates it, too.
        self.what, self.where, self.hint = phrase(what), phrase(where), phrase(hint)
        self.rows = tuple(rows)
        super().__init__(self._message())

    def _message(self) -> str:
        parts: list[str] = [self.what]
        if self.where:
            parts.append(self.where)
        if self.rows:
            parts.append(describe_rows(self.rows))
        if self.hint:
            parts.append(self.hint)
        return " · ".join(parts)


class MissingFileError(LaegedaekningError):
    """A file that is named is not there."""

    exit_code = 10


class UnreadableFileError(LaegedaekningError):
    """A file is truncated, of another kind than its name says, or locked."""

    exit_code = 11


class MissingColumnError(LaegedaekningError):
    """A table lacks a column that the analysis needs."""

    exit_code = 12


class InvalidValueError(LaegedaekningError):
    """A cell holds something that its column cannot mean."""

    exit_code = 13


class DuplicateIdError(LaegedaekningError):
    """Two things share one id."""

    exit_code = 14


class EmptyTableError(LaegedaekningError):
    """A table has no usable row."""

    exit_code = 15


class CoordinateError(LaegedaekningError):
    """Coordinates are in the wrong unit or the wrong place."""

    exit_code = 16


class UnknownKommuneError(LaegedaekningError):
    """A kommune code that Denmark does not have."""

    exit_code = 17


class NoDanishCellsError(LaegedaekningError):
    """A population grid holds no cell of the study's area."""

    exit_code = 18


class PersonalDataError(LaegedaekningError):
    """A file holds CPR-like values; the values are never part of the message."""

    exit_code = 19


class StudyError(LaegedaekningError):
    """A study file is wrong."""

    exit_code = 20


class RuleError(LaegedaekningError):
    """A ruleset or an override is wrong."""

    exit_code = 21


class OutputError(LaegedaekningError):
    """Results cannot be written."""

    exit_code = 22


class UnknownIdError(LaegedaekningError):
    """An id that the table or matrix does not have."""

    exit_code = 23


class CrsError(LaegedaekningError):
    """A coordinate reference system is missing or cannot be used."""

    exit_code = 24


class ScenarioError(LaegedaekningError):
    """A scenario cannot be carried out on this register, or its file not be read.

    Parameters
    ----------
    problems
        A sentence for each action that fails; all of them are shown.
    """

    exit_code = 25

    def __init__(
        self, what: str, *, where: str = "", problems: Sequence[str] = (), hint: str = ""
    ) -> None:
        self.problems = tuple(phrase(problem) for problem in problems)
        super().__init__(what, where=where, rows=(), hint=hint)

    def _message(self) -> str:
        return "\n".join([super()._message(), *(f"  {problem}" for problem in self.problems)])


class PlacementError(LaegedaekningError):
    """A placement is asked for that makes no sense, lacks data, or that no sites can meet."""

    exit_code = 26


def describe_rows(rows: Sequence[object]) -> str:
    """Return ``"7 rows: 2, 5, 9, 11, 12 …"``: the count and the first five."""
    shown = tuple(row if isinstance(row, str) else str(row) for row in rows[:ROWS_SHOWN])
    if len(rows) == 1:
        return sentence("{count} row: {rows}", count=1, rows=shown)
    if len(rows) > ROWS_SHOWN:
        return sentence("{count} rows: {rows} …", count=len(rows), rows=shown)
    return sentence("{count} rows: {rows}", count=len(rows), rows=shown)


def os_reason(failure: OSError) -> Sentence:
    """Return why the operating system refuses, so that it can be said in Danish."""
    return phrase(failure.strerror or str(failure))


def toml_reason(failure: Exception) -> str:
    """Return why a text is no TOML, as Python says it, so that it can be said in Danish."""
    return _known_reason(str(failure))


def _known_reason(text: str) -> str:
    for template in _TOML_REASONS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, text):
            parts = {name: _known_reason(part) for name, part in found.groupdict().items()}
            return sentence(template, **parts)
    return phrase(text)
