"""Add a judgement to the file of judgements, as a new row at its end.

The file is the region's record: what stands in it is never rewritten, every
byte of it stays before the new row, and the new file takes the older one's
place in one step, after it was read back. People edit it in Excel, so that the
row is written in the file's own encoding, delimiter, columns and line ends.
"""

import os
import shutil
import tempfile
import threading
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd

from coverage.errors import (
    InvalidValueError,
    LaegedaekningError,
    OutputError,
    PersonalDataError,
    UnknownKommuneError,
    UnreadableFileError,
    os_reason,
)
from coverage.exports.csv_form import UTF8_MARK, CsvForm, form_of
from coverage.exports.staging import STAGING_PREFIX
from coverage.sentences import sentence
from coverage.sources.decision_columns import (
    FIRST_YEAR,
    KOMMUNE_LEVEL,
    LAST_YEAR,
    guard_text,
    normalise_level,
)
from coverage.sources.free_text import checked_text
from coverage.sources.judgements import (
    CRITERION_WORDS,
    MET_WORDS,
    REQUIRED,
    SYNONYMS,
    read_judgements,
)
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.sheet_cells import TEXT_SUFFIXES
from coverage.sources.sheets import NOTE_ROW

MAX_AUTHOR_LENGTH = 100
MAX_REASON_LENGTH = 2_000
MAX_AREA_LENGTH = 200

_LENGTHS = {
    "area_level": MAX_AREA_LENGTH,
    "area_id": MAX_AREA_LENGTH,
    "author": MAX_AUTHOR_LENGTH,
    "reason": MAX_REASON_LENGTH,
}
_NEW_FILE = CsvForm(
    columns={name: position for position, name in enumerate(SYNONYMS)}, width=len(SYNONYMS)
)
_SAVE_AS_UTF8 = "Save the file from Excel as 'CSV UTF-8', or use other words; nothing was added."
# Two windows of the app may add at the same moment; each row must get into the file.
_WRITING = threading.Lock()


@dataclass(frozen=True)
class Judgement:
    """What a person judged of an area.

    Attributes
    ----------
    area_level, area_id
        ``kommune`` and its code, or another level and its area.
    criterion
        ``special_circumstances``, ``clinic_need`` or ``override`` (of the signal).
    met
        Whether the criterion is met; of an override, whether there is a signal.
        None withdraws what was judged before.
    entered_on
        The day.
    author, reason
        Who judged, and why: at most 100 and 2,000 characters.
    """

    area_level: str
    area_id: str
    criterion: str
    met: bool | None
    entered_on: date
    author: str
    reason: str


def normalise_judgement(judgement: Judgement) -> Judgement:
    """Return the judgement as it will be kept, or say what is wrong with it.

    Texts lose the blanks at their ends, every line end becomes a line
    feed, and letters are composed (NFC); a kommune becomes its four-digit code.

    Raises
    ------
    InvalidValueError
        A text that is blank, too long or holds control characters; a criterion
        that is none, or a year that is far off.
    UnknownKommuneError, PersonalDataError
    """
    level = normalise_level(_checked_text("area_level", judgement.area_level))
    area = _checked_text("area_id", judgement.area_id)
    if judgement.criterion not in CRITERION_WORDS:
        raise InvalidValueError(
            sentence(
                "'{criterion}' is no criterion that people judge", criterion=judgement.criterion
            ),
            where=SYNONYMS["criterion"][0],
            hint=sentence("Use one of: {words}.", words=tuple(CRITERION_WORDS)),
        )
    entered_on = judgement.entered_on
    if not FIRST_YEAR <= entered_on.year <= LAST_YEAR:
        raise InvalidValueError(
            sentence("The year of {day} is far off", day=entered_on.isoformat()),
            where=SYNONYMS["entered_on"][0],
            hint=sentence("Use a year from {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR),
        )
    return Judgement(
        area_level=level,
        area_id=_kommune_code(area) if level == KOMMUNE_LEVEL else area,
        criterion=judgement.criterion,
        met=judgement.met,
        entered_on=date(entered_on.year, entered_on.month, entered_on.day),
        author=_checked_text("author", judgement.author),
        reason=_checked_text("reason", judgement.reason),
    )


def add_judgement(path: Path, judgement: Judgement) -> None:
    """Append a judgement to a CSV file, which is made (with its folder) if it is not there.

    Every byte of the file stays as it is; the row is added in the file's own
    encoding, delimiter and order of columns. If anything fails, the file is as
    it was.

    Raises
    ------
    InvalidValueError, UnknownKommuneError, PersonalDataError
        As ``normalise_judgement``; PersonalDataError also for what the file holds.
    UnreadableFileError
        The file is not one that can be read.
    OutputError
        The file is no CSV file of judgements, is open elsewhere or may not be
        written, has another encoding than the texts need, or the disk is full.
    """
    entry = normalise_judgement(judgement)
    target = path.resolve()
    with _WRITING:
        try:
            older = _content_before(target)
            before = _rows_before(target) if older else None
            content = older + _addition(older, entry, target)
            _replace(target, older, content, before, entry)
        except OSError as failure:
            raise _as_output_error(failure, target) from failure


def _checked_text(name: str, raw: str) -> str:
    """Return a text as it will be kept."""
    where = SYNONYMS[name][0]
    text = checked_text(raw, where=where, longest=_LENGTHS[name])
    if not text:
        raise InvalidValueError(
            "A text is blank",
            where=where,
            hint="A judgement needs a level, an area, an author and a reason.",
        )
    return text


def _kommune_code(text: str) -> str:
    code = normalise_kommune_code(text)
    if code is None:
        raise UnknownKommuneError(
            sentence("Denmark has no kommune '{kommune}'", kommune=text),
            where=SYNONYMS["area_id"][0],
            hint="Use the code of the kommune (four digits) or its name.",
        )
    return code


def _content_before(target: Path) -> bytes:
    """Return what the file holds, nothing if it is not there; refuse one that may not change."""
    if target.suffix.casefold() not in TEXT_SUFFIXES:
        raise OutputError(
            sentence(
                "Judgements are added to a CSV file, not to one with {ending}", ending=target.suffix
            )
            if target.suffix
            else "Judgements are added to a CSV file, not to one with no ending",
            where=target.name,
            hint="Save the judgements as CSV UTF-8 and name that file in study.toml.",
        )
    if not target.exists():
        return b""
    if (target.parent / f".~lock.{target.name}#").exists():
        raise OutputError(
            "The judgements file is open in LibreOffice",
            where=target.name,
            hint="Close it there and try again.",
        )
    if not target.stat().st_mode & 0o222:
        raise PermissionError("write-protected")
    # Excel lets nobody else write to a file that it has open; better to know before than after.
    with target.open("r+b") as stream:
        return stream.read()


def _rows_before(target: Path) -> pd.DataFrame:
    try:
        judgements, provenance = read_judgements(target, as_of=None)
    except (UnreadableFileError, PersonalDataError):
        raise
    except LaegedaekningError as failure:
        raise OutputError(
            sentence(
                "A judgement cannot be added to a file that cannot be read: {reason}",
                reason=failure.what,
            ),
            where=failure.where,
            rows=failure.rows,
            hint=failure.hint,
        ) from failure
    if NOTE_ROW in provenance.dropped:
        raise OutputError(
            "The judgements file has a remark below its last row",
            where=target.name,
            hint="Move the remark above the header, or delete it, and try again.",
        )
    return judgements


def _addition(older: bytes, entry: Judgement, target: Path) -> bytes:
    """Return the bytes to put after the older ones: the row, after a header if there is none."""
    cells = {
        "area_level": guard_text(entry.area_level),
        "area_id": guard_text(entry.area_id),
        "criterion": CRITERION_WORDS[entry.criterion][0],
        "met": MET_WORDS[entry.met][0],
        "entered_on": entry.entered_on.isoformat(),
        "author": guard_text(entry.author),
        "reason": guard_text(entry.reason),
    }
    if not older:
        header = _NEW_FILE.row({name: words[0] for name, words in SYNONYMS.items()})
        return UTF8_MARK + (header + _NEW_FILE.row(cells)).encode(_NEW_FILE.encoding)
    form = form_of(older, SYNONYMS, REQUIRED)
    if "area_level" not in form.columns and entry.area_level != KOMMUNE_LEVEL:
        raise OutputError(
            sentence(
                "The judgements file has no column for the level '{level}'", level=entry.area_level
            ),
            where=target.name,
            hint=sentence("Add a column '{column}' to the file.", column=SYNONYMS["area_level"][0]),
        )
    row = (form.line_end if form.ends_open else "") + form.row(cells)
    try:
        return row.encode(form.encoding)
    except UnicodeEncodeError as failure:
        raise OutputError(
            sentence(
                "The file is saved in an encoding without the character '{character}'",
                character=row[failure.start],
            ),
            where=target.name,
            hint=_SAVE_AS_UTF8,
        ) from None


def _replace(
    target: Path,
    older: bytes,
    content: bytes,
    before: pd.DataFrame | None,
    entry: Judgement,
) -> None:
    """Write the content beside the file, read it back and let it take the file's place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=target.parent))
    try:
        fresh = staged / target.name
        with fresh.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _verify(fresh, before, entry)
        if target.exists():
            shutil.copymode(target, fresh)
        # Another process knows nothing of this one's lock.
        if (target.read_bytes() if target.exists() else b"") != older:
            raise OutputError(
                "The judgements file was changed by somebody else at the same moment",
                where=target.name,
                hint="Try again; nothing was added.",
            )
        fresh.replace(target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _verify(fresh: Path, before: pd.DataFrame | None, entry: Judgement) -> None:
    """Refuse a file that would not give back the older rows and then the new one."""
    try:
        found, _ = read_judgements(fresh, as_of=None)
    except LaegedaekningError as failure:
        raise _not_kept(fresh.name, failure.what) from failure
    names = [field.name for field in fields(Judgement)]
    last = [_as_entered(value) for value in found[names].iloc[-1]]
    older_kept = len(found) == 1 if before is None else found.iloc[:-1].equals(before)
    if last != list(astuple(entry)) or not older_kept:
        raise _not_kept(fresh.name, sentence("it would read back as something else"))


def _as_entered(value: object) -> object:
    """Return a cell of the table as the judgement had it."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if value is pd.NA else value


def _not_kept(file_name: str, reason: str) -> OutputError:
    return OutputError(
        sentence("The judgement cannot be kept in this file ({reason})", reason=reason),
        where=file_name,
        hint=_SAVE_AS_UTF8,
    )


def _as_output_error(failure: OSError, target: Path) -> OutputError:
    if isinstance(failure, PermissionError):
        return OutputError(
            "The judgements file is open in another program, or may not be written",
            where=target.name,
            hint="Close it in Excel, or choose a place that you may write to; nothing was added.",
        )
    return OutputError(
        sentence("The judgement cannot be saved ({reason})", reason=os_reason(failure)),
        where=str(target),
        hint="Choose a place that you may write to; nothing was added.",
    )
