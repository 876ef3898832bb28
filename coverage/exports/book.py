"""A workbook whose every sheet says what it is of: title, date, rules, and that it is made up."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path

import xlsxwriter

from coverage.assessment import Assessment
from coverage.exports.sheet_writer import Formats, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_SHEET_NAME_LENGTH = 31
_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
# Excel keeps this name for itself.
_RESERVED_SHEET_NAME = "history"


class Book:
    """A workbook on its way to a file; the same run gives the same bytes.

    Parameters
    ----------
    target
        The file, or where its bytes go.
    kept_names
        Sheet names that ``free_name`` must not give away.
    """

    def __init__(
        self,
        target: Path | BytesIO,
        assessment: Assessment,
        stamp: RunStamp,
        language: Language,
        kept_names: Iterable[str] = (),
    ) -> None:
        self.assessment = assessment
        self.stamp = stamp
        self.language = language
        self._book = xlsxwriter.Workbook(
            str(target) if isinstance(target, Path) else target, _OPTIONS
        )
        created = datetime.combine(stamp.as_of, time(), tzinfo=UTC).replace(tzinfo=None)
        self._book.set_properties({"title": stamp.study_title, "created": created})
        self._formats = Formats(self._book)
        self._kept = {name.casefold() for name in kept_names}
        self._names: set[str] = set()

    def open_sheet(self, name: str, columns: int) -> SheetWriter:
        """Return a new sheet with the lines that stand on every sheet, banner ``columns`` wide."""
        self._names.add(name.casefold())
        writer = SheetWriter(self._book.add_worksheet(name), self._formats)
        writer.title(f"{self.assessment.title} – {name}")
        if self.assessment.illustrative:
            writer.banner(say("export.workbook.illustrative", self.language), columns)
        resolution = say(f"export.resolution.{self.stamp.resolution}", self.language)
        line = say(
            "export.workbook.rules_line",
            self.language,
            as_of=self.stamp.as_of.isoformat(),
            ruleset_id=self.stamp.ruleset_id,
            resolution=resolution,
        )
        writer.text(line)
        return writer

    def free_name(self, words: str) -> str:
        """Return a sheet name that Excel takes and no other sheet has."""
        clean = words.translate(_FORBIDDEN_IN_SHEET_NAMES).strip()[:_SHEET_NAME_LENGTH] or "_"
        taken = self._kept | self._names | {_RESERVED_SHEET_NAME}
        name, number = clean, 2
        while name.casefold() in taken:
            ending = f" {number}"
            name, number = clean[: _SHEET_NAME_LENGTH - len(ending)] + ending, number + 1
        return name

    def close(self) -> None:
        """Write the file."""
        self._book.close()
