"""Population files as text: the right CSV, its header, its rows in batches.

A European grid has 4.5 million rows: it is streamed, and only the columns that
are asked for are kept. Every value stays text until it is known what it means.
"""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from coverage.errors import InvalidValueError, LaegedaekningError, UnreadableFileError
from coverage.sentences import phrase, sentence
from coverage.sources.provenance import refuse_web_page

ROLE = "population"

_HEAD_BYTES = 1 << 16
_BLOCK_BYTES = 1 << 21
_DELIMITERS = (",", ";", "\t")
_CSV_ENDINGS = (".csv", ".tsv")
_AGAIN = "Download or export the file again; the copy is damaged."
_WANT_CSV = "Save or download the grid as CSV (Eurostat's zip holds one) and use that."
_OTHER_KINDS = (
    ((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"), sentence("a GeoTIFF picture"), _WANT_CSV),
    ((b"SQLite format 3",), sentence("a GeoPackage"), _WANT_CSV),
    ((b"PAR1",), sentence("a Parquet file"), _WANT_CSV),
    ((b"\xd0\xcf\x11\xe0",), sentence("an old Excel workbook"), _WANT_CSV),
    (
        (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh"),
        sentence("packed"),
        sentence("Unpack it, or pack it as zip."),
    ),
)


@dataclass(frozen=True)
class GridText:
    """A text table that was found in a file.

    Attributes
    ----------
    path
        The file as given.
    member
        The CSV inside the zip; None where the file is itself the CSV.
    encoding, delimiter
        As recognised from the beginning of the text.
    header
        The names of the columns, as written.
    header_row
        The row of the header, counted from 1.
    """

    path: Path
    member: str | None
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int

    @property
    def where(self) -> str:
        """The file for messages, with the member of a zip."""
        return f"{self.path.name}, {self.member}" if self.member else self.path.name


def find_tables(path: Path) -> list[GridText]:
    """Return the text tables of a file: one of a CSV, one or more of a zip.

    Raises
    ------
    UnreadableFileError
        Another kind of file, a damaged zip, a zip without a CSV.
    """
    refuse_web_page(path, role=ROLE)
    with path.open("rb") as stream:
        start = stream.read(16)
    if start.startswith(b"PK"):
        return [_describe(path, member) for member in _csv_members(path)]
    for marks, kind, hint in _OTHER_KINDS:
        if start.startswith(marks):
            raise UnreadableFileError(
                sentence("The population file is {kind}, not a CSV", kind=kind),
                where=path.name,
                hint=hint,
            )
    return [_describe(path, None)]


def read_batches(
    table: GridText, columns: Sequence[int], *, block_bytes: int = _BLOCK_BYTES
) -> Iterator[pd.DataFrame]:
    """Yield the rows of a table in batches.

    Parameters
    ----------
    table
        As of ``find_tables``.
    columns
        Positions in the header.
    block_bytes
        How much is read at a time; a row must fit.

    Yields
    ------
    DataFrame
        Text columns named by position; the index is the row of the file. Blank
        lines are rows of empty texts.

    Raises
    ------
    InvalidValueError
        Rows with another number of fields than the header.
    UnreadableFileError
        A damaged zip, text in an unknown encoding.
    """
    ragged: list[int] = []
    next_row = table.header_row
    with _damage_named(table.where), _open(table.path, table.member) as stream:
        for batch in _open_rows(stream, table, columns, block_bytes, ragged):
            frame = pd.DataFrame(
                {position: batch.column(str(position)).to_pandas() for position in columns},
                dtype="str",
            )
            frame.index = pd.RangeIndex(next_row, next_row + len(frame))
            next_row += len(frame)
            # Row numbers after a row that does not fit are of no use, but all such rows are named.
            if not ragged:
                yield frame.drop(index=table.header_row, errors="ignore")
    if ragged:
        raise InvalidValueError(
            sentence(
                "Rows have more or fewer fields than the {count} of the header",
                count=len(table.header),
            ),
            where=table.where,
            rows=ragged,
            hint="If it is the last row, the file was cut off: download it again.",
        )


def _open_rows(
    stream: IO[bytes],
    table: GridText,
    columns: Sequence[int],
    block_bytes: int,
    ragged: list[int],
) -> pa_csv.CSVStreamingReader:
    """Return a reader whose first row is the header; it adds rows that do not fit to ``ragged``."""

    def take(row: pa_csv.InvalidRow) -> str:
        ragged.append(row.number)
        return "skip"

    wanted = [str(position) for position in columns]
    return pa_csv.open_csv(
        stream,
        # The number of a row that does not fit is only known when one thread reads.
        read_options=pa_csv.ReadOptions(
            use_threads=False,
            block_size=block_bytes,
            column_names=[str(position) for position in range(len(table.header))],
            skip_rows=table.header_row - 1,
            encoding=table.encoding,
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=table.delimiter, ignore_empty_lines=False, invalid_row_handler=take
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string())
        ),
    )


def _csv_members(path: Path) -> list[str]:
    with _damage_named(path.name), zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    found = [name for name in names if name.lower().endswith(_CSV_ENDINGS)]
    found = [name for name in found if not name.startswith("__MACOSX")]
    if found:
        return found
    if "[Content_Types].xml" in names:
        raise UnreadableFileError(
            "The population file is a workbook", where=path.name, hint=_WANT_CSV
        )
    raise UnreadableFileError(
        "The population file is a zip without a CSV",
        where=path.name,
        hint=sentence(
            "It holds: {names}. {advice}", names=", ".join(names[:5]), advice=phrase(_WANT_CSV)
        ),
    )


def _describe(path: Path, member: str | None) -> GridText:
    where = f"{path.name}, {member}" if member else path.name
    with _damage_named(where), _open(path, member) as stream:
        head = stream.read(_HEAD_BYTES)
    encoding = _encoding_of(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).removeprefix("\ufeff")
    if "\x00" in text:
        raise UnreadableFileError(
            "The population file is not text",
            where=where,
            hint=sentence("{advice} {again}", advice=phrase(_WANT_CSV), again=phrase(_AGAIN)),
        )
    lines = text.splitlines()
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    first = lines[blank] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    header = tuple(name.strip() for name in next(csv.reader([first], delimiter=delimiter), []))
    return GridText(path, member, encoding, delimiter, header, blank + 1)


def _encoding_of(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


@contextmanager
def _open(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream


@contextmanager
def _damage_named(where: str) -> Iterator[None]:
    """Turn what the readers say about damage into one sentence."""
    try:
        yield
    except LaegedaekningError:
        raise
    # zipfile raises this for a packing that it does not know, and the wider one for a password.
    except NotImplementedError as failure:
        what = sentence(
            "The zip of the population file is packed in a way that cannot be read here"
            " ({failure})",
            failure=phrase(str(failure)),
        )
        raise UnreadableFileError(what, where=where, hint="Unpack it and use the CSV.") from None
    except RuntimeError as failure:
        what = sentence(
            "The zip of the population file has a password ({failure})",
            failure=phrase(str(failure)),
        )
        raise UnreadableFileError(what, where=where, hint="Unpack it and use the CSV.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as failure:
        what = sentence(
            "The population file is damaged or cut off ({failure})", failure=phrase(str(failure))
        )
        raise UnreadableFileError(what, where=where, hint=_AGAIN) from None
    except (pa.ArrowInvalid, UnicodeDecodeError) as failure:
        what = sentence(
            "The population file cannot be read as text ({failure})", failure=phrase(str(failure))
        )
        raise UnreadableFileError(what, where=where, hint="Save it as CSV in UTF-8.") from None
