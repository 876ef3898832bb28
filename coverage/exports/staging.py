"""Files that appear together or not at all.

They are first written into a hidden folder inside the target folder: the one
place that is surely on the same file system, also when the target is a network
share or a container's volume, so that each then moves into place in one step.
"""

import errno
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError
from xlsxwriter.exceptions import XlsxWriterException

from coverage.errors import OutputError, os_reason
from coverage.sentences import phrase, sentence

STAGING_PREFIX = ".laegedaekning-writing-"
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def replace_together(
    folder: Path,
    names: Sequence[str],
    write_all: Callable[[Path], None],
    obsolete: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Have files written into an empty folder, then move them into place.

    Parameters
    ----------
    folder
        Where the files go; made if it is not there.
    names
        The files that ``write_all`` writes.
    write_all
        Called with the folder to write into.
    obsolete
        Files that the same command writes at other times: an older one would be taken for
        a part of these results, and goes.

    Raises
    ------
    OutputError
        The older files are then as they were, and nothing else remains.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder))
    except OSError as failure:
        raise _as_output_error(failure, folder) from failure
    try:
        fresh, older = staged / "new", staged / "old"
        fresh.mkdir()
        older.mkdir()
        write_all(fresh)
        _swap(folder, names, [*names, *obsolete], (fresh, older))
    except (OSError, XlsxWriterException, DataLayerError, DataSourceError) as failure:
        raise _as_output_error(failure, folder) from failure
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return tuple(folder / name for name in names)


def _swap(
    folder: Path, names: Sequence[str], leaving: Sequence[str], staged: tuple[Path, Path]
) -> None:
    """Move the older files away and the new ones in; undo all of it if one step fails."""
    fresh, older = staged
    moved_away: list[str] = []
    moved_in: list[str] = []
    try:
        for name in leaving:
            if (folder / name).exists():
                (folder / name).replace(older / name)
                moved_away.append(name)
        for name in names:
            (fresh / name).replace(folder / name)
            moved_in.append(name)
    except BaseException:
        for name in moved_in:
            (folder / name).unlink()
        for name in moved_away:
            (older / name).replace(folder / name)
        raise


def _as_output_error(failure: Exception, folder: Path) -> OutputError:
    number = getattr(failure, "errno", None)
    if number in _DISK_FULL:
        return OutputError(
            "The disk is full: no output was written",
            where=str(folder),
            hint="Free some space or choose another folder; older outputs are unchanged.",
        )
    if isinstance(failure, PermissionError):
        name = Path(str(failure.filename)).name if failure.filename else ""
        return OutputError(
            "An output is open in another program, or may not be written",
            where=str(folder / name) if (folder / name).is_file() else str(folder),
            hint="Close it in Excel or QGIS, or choose a folder that you may write to.",
        )
    reason = os_reason(failure) if isinstance(failure, OSError) else phrase(str(failure))
    return OutputError(
        sentence("The outputs cannot be written ({reason})", reason=reason),
        where=str(folder),
        hint="Choose a folder that you may write to; older outputs are unchanged.",
    )
