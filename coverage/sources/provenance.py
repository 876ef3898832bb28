"""Where a table came from and what became of its rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from coverage.errors import MissingFileError, UnreadableFileError, os_reason
from coverage.sentences import Notes, Sentence, phrase, sentence

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Provenance:
    """One input file and the account of its rows.

    Attributes
    ----------
    role
        What the file is to the study: ``practices``, ``population``, ``roads`` …
    file_name
        The name without its folder (a folder may name a person).
    sha256, size_bytes
        Of the file as read.
    as_of
        The date that the contents speak of; None where nobody said.
    rows_read, rows_kept
        Rows, cells, ways or features.
    dropped
        Reason -> rows; with ``rows_kept`` and ``merged_rows`` it adds up to ``rows_read``.
    merged_rows
        Rows that were joined into another one (one row a doctor).
    notes
        What a reader of the numbers should know: values taken as missing,
        zeros restored, persons outside the grid.
    """

    role: str
    file_name: str
    sha256: str
    size_bytes: int
    as_of: date | None
    rows_read: int
    rows_kept: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    merged_rows: int = 0
    notes: Notes = ()


@dataclass(frozen=True)
class FileStamp:
    """Name, digest and size of a file."""

    file_name: str
    sha256: str
    size_bytes: int

    def account(
        self,
        role: str,
        *,
        as_of: date | None,
        rows_read: int,
        rows_kept: int,
        dropped: Mapping[str, int] | None = None,
        merged_rows: int = 0,
        notes: Notes = (),
    ) -> Provenance:
        """Return the account of the file's rows."""
        return Provenance(
            role=role,
            file_name=self.file_name,
            sha256=self.sha256,
            size_bytes=self.size_bytes,
            as_of=as_of,
            rows_read=rows_read,
            rows_kept=rows_kept,
            dropped=dropped or {},
            merged_rows=merged_rows,
            notes=notes,
        )


def file_of(role: str) -> Sentence:
    """Return ``population file``, as a sentence mentions it; the role is a key of study.toml."""
    return phrase(f"{role} file")


def stamp_file(path: Path, *, role: str) -> FileStamp:
    """Return the stamp of a file that must be there and not be empty.

    Raises
    ------
    MissingFileError, UnreadableFileError
    """
    if not path.is_file():
        raise MissingFileError(
            sentence("The {file} is not there", file=file_of(role)),
            where=str(path),
            hint="Check the path in study.toml; it is read from the folder of study.toml.",
        )
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as failure:
        raise UnreadableFileError(
            sentence(
                "The {file} cannot be opened ({reason})",
                file=file_of(role),
                reason=os_reason(failure),
            ),
            where=path.name,
            hint="Close it in other programs and check that you may read it.",
        ) from failure
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError(
            sentence("The {file} is empty", file=file_of(role)),
            where=path.name,
            hint="Export or download it again.",
        )
    return FileStamp(path.name, digest.hexdigest(), size)


def refuse_web_page(path: Path, *, role: str) -> None:
    """Raise UnreadableFileError if the file is an HTML page that was saved under its name."""
    with path.open("rb") as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise UnreadableFileError(
            sentence("The {file} is a web page, not data", file=file_of(role)),
            where=path.name,
            hint="The download was a login or error page. Download the file again.",
        )
