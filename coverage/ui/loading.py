"""The prepared study and what is derived from it, once for all visitors.

Preparing a study takes from a second to minutes. It runs in a thread of its
own: a visitor who leaves does not stop it, and a second one sees its progress.
A study is prepared anew when one of its files changes.
"""

import io
import logging
import tempfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment, place_candidates
from coverage.errors import LaegedaekningError
from coverage.exports import write_outputs
from coverage.exports.annex_book import write_annex_book
from coverage.exports.annex_table import AnnexTable
from coverage.exports.annex_tables import annex_tables
from coverage.exports.area_table import build_area_table
from coverage.exports.map_layers import StatusImage, StatusRaster, build_raster, paint_status
from coverage.exports.outputs import ANNEX_BOOK_NAME
from coverage.sources.geocode import AddressBook
from coverage.study import STAGES, StudyResult, redesignate_study, run_study
from coverage.study_file import (
    OPTIONAL_INPUTS,
    REQUIRED_INPUTS,
    WRITTEN_INPUTS,
    Study,
    load_study,
)
from coverage.ui.laegevalg.steady_areas import keep_unchanged
from coverage.ui.map_view import BaseLayers, base_layers
from coverage.ui.state import Candidate
from coverage.wording import Language

Place = tuple[str, float, float]
FileState = tuple[str, int, int]
# The study's path, and of each of its files the path, the time and the size.
StudyKey = tuple[str, tuple[FileState, ...]]
Thresholds = tuple[tuple[str, float], ...]

ZIP_NAME = "laegedaekning.zip"
DEMO_STUDY = Path(__file__).resolve().parents[2] / "data" / "demo" / "study.toml"

_LOG = logging.getLogger(__name__)


class Preparation:
    """A study on its way, or what became of it.

    Attributes
    ----------
    stage, share
        Of ``coverage.study.STAGES`` the one that runs, and how much of it is done.
    result
        Once done, unless it failed.
    problem
        Why it failed; None for a mistake of the program, which is in the log.
    """

    def __init__(self, study_path: Path) -> None:
        self.stage = STAGES[0]
        self.share = 0.0
        self.result: StudyResult | None = None
        self.problem: LaegedaekningError | None = None
        self._study_path = study_path
        self._finished = threading.Event()
        threading.Thread(target=self._run, name="prepare-study", daemon=True).start()

    @property
    def total_share(self) -> float:
        """The share of all stages that is done, 0 to 1."""
        return min(1.0, (STAGES.index(self.stage) + self.share) / len(STAGES))

    def wait(self, timeout_s: float) -> bool:
        """Return whether it is over, waiting for it no longer than this."""
        return self._finished.wait(timeout_s)

    def _run(self) -> None:
        try:
            self.result = run_study(load_study(self._study_path), self._report)
        except LaegedaekningError as problem:
            self.problem = problem
        except Exception:  # noqa: BLE001 - a thread that ends without a word leaves visitors waiting
            # The visitor is told that it failed; the details are for the log.
            _LOG.exception("preparing the study failed")
        finally:
            self._finished.set()

    def _report(self, stage: str, share: float) -> None:
        if stage in STAGES:
            self.stage, self.share = stage, share


def study_argument(arguments: Sequence[str]) -> Path:
    """Return the study that a command line asks for: its first argument, or the demo."""
    return Path(arguments[0]).resolve() if arguments else DEMO_STUDY


def study_key(study_path: Path) -> StudyKey:
    """Return what tells whether a study is still the one that was prepared.

    Raises
    ------
    MissingFileError, StudyError
        The study file is not there or wrong.
    """
    study = load_study(study_path)
    files = (study_path, *_input_paths(study))
    return (str(study_path), tuple(_file_state(path) for path in files))


@st.cache_resource(max_entries=4, show_spinner=False)
def preparation(key: StudyKey) -> Preparation:
    """Return the preparation of a study, started by whoever asks first."""
    return Preparation(Path(key[0]))


@st.cache_resource(max_entries=32, show_spinner=False)
def with_candidates(key: StudyKey, places: tuple[Place, ...]) -> Assessment:
    """Return the assessment with open practices at places (``site_id, x_m, y_m``).

    Each is added to the assessment with those before it: one search a click.

    Raises
    ------
    CoordinateError
        The last place has no road near.
    """
    if not places:
        return _finished(key).assessment
    before = with_candidates(key, places[:-1])
    return place_candidates(before, pd.DataFrame([places[-1]], columns=["site_id", "x_m", "y_m"]))


def places_of(candidates: tuple[Candidate, ...]) -> tuple[Place, ...]:
    """Return the places of candidates, for ``with_candidates``."""
    return tuple((one.site_id, one.x_m, one.y_m) for one in candidates)


@st.cache_resource(max_entries=32, show_spinner=False)
def kept_areas(key: StudyKey, places: tuple[Place, ...]) -> pd.DataFrame:
    """Return the area table with these candidates; without them, as a run writes it."""
    assessment = with_candidates(key, places)
    areas = build_area_table(assessment, _finished(key).stamp)
    if not places:
        return areas
    exact_before = with_candidates(key, ()).by_area
    return keep_unchanged(areas, kept_areas(key, ()), assessment.by_area, exact_before)


@st.cache_resource(max_entries=8, show_spinner=False)
def kept_base(key: StudyKey, language: Language) -> BaseLayers:
    """Return the constant layers of the study's map."""
    return base_layers(with_candidates(key, ()), language)


@st.cache_resource(max_entries=4, show_spinner=False)
def kept_raster(key: StudyKey) -> StatusRaster:
    """Return what every picture of the study's people shares."""
    return build_raster(with_candidates(key, ()))


@st.cache_resource(max_entries=32, show_spinner=False)
def kept_picture(key: StudyKey, places: tuple[Place, ...]) -> StatusImage:
    """Return the picture of people's status with these candidates."""
    return paint_status(kept_raster(key), with_candidates(key, places).choice)


@st.cache_resource(max_entries=4, show_spinner=False)
def address_book(key: StudyKey) -> AddressBook:
    """Return the study's addresses, to look places up in."""
    return AddressBook(with_candidates(key, ()).tables.addresses)


def judged_state(study: Study) -> FileState:
    """Return what tells whether somebody has judged since: path, time and size of the file."""
    path = study.judgements.path if study.judgements else Path()
    return _file_state(path)


@st.cache_resource(max_entries=32, show_spinner=False)
def kept_designation(key: StudyKey, thresholds: Thresholds, judged: FileState) -> StudyResult:  # noqa: ARG001 - a new state of the file is a new result
    """Return the study with thresholds moved, and the judgements as they are filed.

    Raises
    ------
    LaegedaekningError
        For a file of judgements that cannot be read.
    """
    return redesignate_study(_finished(key), dict(thresholds))


@st.cache_resource(max_entries=32, show_spinner=False)
def kept_annex(
    key: StudyKey, thresholds: Thresholds, judged: FileState, language: Language
) -> Mapping[str, AnnexTable]:
    """Return the annex's tables, for the pages."""
    result = kept_designation(key, thresholds, judged)
    return annex_tables(result.assessment, result.stamp, language)


@st.cache_resource(max_entries=8, show_spinner=False)
def annex_workbook(
    key: StudyKey, thresholds: Thresholds, judged: FileState, language: Language
) -> bytes:
    """Return ``praksisplan.xlsx`` with the thresholds and judgements of the page."""
    result = kept_designation(key, thresholds, judged)
    with tempfile.TemporaryDirectory(prefix="laegedaekning-") as folder:
        path = Path(folder) / ANNEX_BOOK_NAME
        write_annex_book(path, result.assessment, result.stamp, language)
        return path.read_bytes()


@st.cache_resource(max_entries=4, show_spinner=False)
def output_files(key: StudyKey, judged: FileState, language: Language) -> Mapping[str, bytes]:
    """Return every output of a run by file name, and all of them as ``laegedaekning.zip``.

    Raises
    ------
    OutputError
    """
    result = kept_designation(key, (), judged)
    with tempfile.TemporaryDirectory(prefix="laegedaekning-") as folder:
        written = write_outputs(result.assessment, result.stamp, Path(folder), language)
        files = {path.name: path.read_bytes() for path in written}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return {**files, ZIP_NAME: archive.getvalue()}


def _finished(key: StudyKey) -> StudyResult:
    result = preparation(key).result
    if result is None:
        message = "asked for a study that is not prepared"
        raise RuntimeError(message)
    return result


def _input_paths(study: Study) -> list[Path]:
    # What is judged while the study is open must not have it prepared anew.
    names = (*REQUIRED_INPUTS, *(name for name in OPTIONAL_INPUTS if name not in WRITTEN_INPUTS))
    named = [getattr(study, name) for name in names]
    files = [*(file for file in named if file is not None), *study.area_levels.values()]
    return [file.path for file in files]


def _file_state(path: Path) -> FileState:
    """Return path, time and size; zeros for a file that is not there (yet)."""
    try:
        found = path.stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(path), found.st_mtime_ns, found.st_size)
