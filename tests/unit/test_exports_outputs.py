"""All outputs together or not at all, and the same bytes each time."""

import errno
import hashlib
import json
import os

import geopandas as gpd
import pytest
from pyogrio.errors import DataSourceError
from xlsxwriter.exceptions import FileCreateError

from coverage.errors import OutputError
from coverage.exports import OUTPUT_NAMES, outputs, write_outputs
from tests.drawn_town import drawn_assessment, drawn_stamp

ANNEX = "the annex"


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


@pytest.fixture(scope="module")
def stamp(assessment):
    return drawn_stamp(assessment)


@pytest.fixture(scope="module")
def written(assessment, stamp, tmp_path_factory):
    """Write the outputs once, by their own writers, into a folder that is not there yet."""
    return write_outputs(assessment, stamp, tmp_path_factory.mktemp("written") / "new" / "folder")


@pytest.fixture
def stubs(monkeypatch):
    """Let every writer write a word alone: for tests of when files take their places."""

    def write_annex(folder, *_):
        for name in (*outputs.ANNEX_FILES, outputs.ANNEX_BOOK_NAME):
            (folder / name).write_text("new")

    for name in outputs.WRITERS:
        monkeypatch.setitem(outputs.WRITERS, name, lambda path, *_: path.write_text("new"))
    monkeypatch.setattr(outputs, "_write_annex", write_annex)


@pytest.fixture
def failing(monkeypatch, stubs):  # noqa: ARG001 - its writer fails in place of the stub's
    """Make one writer fail."""

    def make(error, name="map.html"):
        def write(*_):
            raise error

        if name == ANNEX:
            monkeypatch.setattr(outputs, "_write_annex", write)
        else:
            monkeypatch.setitem(outputs.WRITERS, name, write)

    return make


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestTogether:
    def test_writes_every_file_and_returns_its_path(self, written):
        folder = written[0].parent
        assert written == tuple(folder / name for name in OUTPUT_NAMES)
        assert sorted(path.name for path in folder.iterdir()) == sorted(OUTPUT_NAMES)
        assert all(path.stat().st_size > 0 for path in written)

    def test_the_same_run_gives_the_same_bytes(self, written, tmp_path):
        again = drawn_assessment()
        write_outputs(again, drawn_stamp(again), tmp_path)
        assert contents(tmp_path) == contents(written[0].parent)

    @pytest.mark.usefixtures("stubs")
    def test_other_files_in_the_folder_are_left_alone(self, assessment, stamp, tmp_path):
        (tmp_path / "mine.xlsx").write_text("mine")
        write_outputs(assessment, stamp, tmp_path)
        write_outputs(assessment, stamp, tmp_path)
        assert (tmp_path / "mine.xlsx").read_text() == "mine"
        assert len(contents(tmp_path)) == len(OUTPUT_NAMES) + 1

    @pytest.mark.usefixtures("stubs")
    def test_progress_rises_to_one(self, assessment, stamp, tmp_path):
        seen = []
        write_outputs(assessment, stamp, tmp_path, progress=lambda *step: seen.append(step))
        assert {stage for stage, _ in seen} == {"outputs"}
        shares = [share for _, share in seen]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


@pytest.mark.usefixtures("stubs")
class TestOrNotAtAll:
    @pytest.fixture
    def folder(self, tmp_path):
        for name in OUTPUT_NAMES[1:]:
            (tmp_path / name).write_text(f"older {name}")
        (tmp_path / "mine.txt").write_text("mine")
        return tmp_path

    @pytest.mark.parametrize("name", [*outputs.WRITERS, ANNEX])
    def test_older_outputs_stay_when_a_writer_fails(self, assessment, stamp, folder, failing, name):
        before = contents(folder)
        failing(OSError(errno.EIO, "Input/output error"), name)
        with pytest.raises(OutputError):
            write_outputs(assessment, stamp, folder)
        assert contents(folder) == before

    def test_a_mistake_of_the_code_leaves_nothing_behind_either(
        self, assessment, stamp, folder, failing
    ):
        before = contents(folder)
        failing(RuntimeError("outside host"))
        with pytest.raises(RuntimeError, match="outside host"):
            write_outputs(assessment, stamp, folder)
        assert contents(folder) == before

    @pytest.mark.parametrize("fails_at", range(2 * len(OUTPUT_NAMES) - 1))
    def test_older_outputs_come_back_when_any_move_fails(
        self, assessment, stamp, folder, monkeypatch, fails_at
    ):
        """One move away for each of the older outputs, one in for each of the new ones."""
        before = contents(folder)
        moves = []
        replace = type(folder).replace

        def refuse_one(self, target):
            moves.append(target)
            if len(moves) == fails_at + 1:
                raise PermissionError(errno.EACCES, "Permission denied", str(self))
            return replace(self, target)

        monkeypatch.setattr(type(folder), "replace", refuse_one)
        with pytest.raises(OutputError):
            write_outputs(assessment, stamp, folder)
        assert contents(folder) == before


@pytest.mark.usefixtures("stubs")
class TestMessages:
    def test_a_full_disk_is_named(self, assessment, stamp, tmp_path, failing):
        failing(OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(OutputError, match="disk is full") as caught:
            write_outputs(assessment, stamp, tmp_path)
        assert str(tmp_path) in caught.value.where
        assert "Free some space" in caught.value.hint

    def test_an_output_that_is_open_elsewhere_is_named(
        self, assessment, stamp, tmp_path, monkeypatch
    ):
        write_outputs(assessment, stamp, tmp_path)
        replace = type(tmp_path).replace

        def locked(self, target):
            if self == tmp_path / "choice.xlsx":
                raise PermissionError(
                    errno.EACCES, "Permission denied", str(self), None, str(target)
                )
            return replace(self, target)

        monkeypatch.setattr(type(tmp_path), "replace", locked)
        with pytest.raises(OutputError, match="open in another program") as caught:
            write_outputs(assessment, stamp, tmp_path)
        assert caught.value.where == str(tmp_path / "choice.xlsx")
        assert "Excel" in caught.value.hint

    @pytest.mark.parametrize(
        "error", [FileCreateError("no"), DataSourceError("no"), OSError(errno.EIO, "broken")]
    )
    def test_failures_of_the_libraries_become_one_kind_of_error(
        self, assessment, stamp, tmp_path, failing, error
    ):
        failing(error)
        with pytest.raises(OutputError, match="cannot be written"):
            write_outputs(assessment, stamp, tmp_path)

    def test_a_folder_that_is_a_file(self, assessment, stamp, tmp_path):
        (tmp_path / "results").write_text("a file")
        with pytest.raises(OutputError) as caught:
            write_outputs(assessment, stamp, tmp_path / "results")
        assert str(tmp_path / "results") in caught.value.where

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
    def test_a_folder_without_permission(self, assessment, stamp, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(OutputError, match="may not be written"):
            write_outputs(assessment, stamp, tmp_path / "results")


class TestRunRecord:
    def test_lists_every_other_output_with_its_digest(self, written):
        folder = written[0].parent
        record = json.loads((folder / "run.json").read_text("utf-8"))
        assert list(record["outputs"]) == list(outputs.OUTPUT_NAMES[:-1])
        for name, entry in record["outputs"].items():
            content = (folder / name).read_bytes()
            assert entry["sha256"] == hashlib.sha256(content).hexdigest()
            assert entry["size_bytes"] == len(content)

    def test_holds_the_stamp_the_rules_and_the_notices(self, assessment, written):
        record = json.loads(written[-1].read_text("utf-8"))
        assert record["as_of"] == "2026-01-01"
        assert record["inputs"][0]["dropped"] == {"no ydernummer": 1}
        assert record["timings_s"] == {"read": 0.25, "travel": 0.5}
        assert record["rules"]["choice.limit_m"] == {
            "value": 15000.0,
            "unit": "m",
            "status": "agreement",
            "overridden": False,
        }
        assert record["notices"][0]["da"] == assessment.notices[0].say("da")
        assert record["illustrative"] is True


@pytest.fixture(scope="module")
def gpkg_path(written):
    return written[0].parent / "coverage.gpkg"


class TestGeopackage:
    def test_kommuner_carry_their_figures(self, gpkg_path):
        layer = gpd.read_file(gpkg_path, layer="kommuner").set_index("kommune_code")
        assert layer.crs.to_epsg() == 25832
        assert layer.loc["0461", "persons"] == 1543
        assert layer.loc["0450", "road_persons_none"] == 9
        assert layer.loc["0461"].geometry.area == pytest.approx(17_000 * 17_000)
        assert set(layer["ruleset_id"]) == {"default"}
        assert layer["illustrative"].all()

    def test_practices_are_all_there_the_lost_one_without_a_point(self, gpkg_path):
        layer = gpd.read_file(gpkg_path, layer="practices").set_index("ydernummer")
        assert len(layer) == 6
        assert layer.loc["010005"].geometry is None
        assert layer.loc["010001"].geometry.x == pytest.approx(561_000.0)

    def test_origins_have_their_status(self, gpkg_path, assessment):
        layer = gpd.read_file(gpkg_path, layer="origins").set_index("origin_id")
        expected = assessment.choice.by_origin.set_index("origin_id")
        assert layer["road_status"].to_dict() == expected["road_status"].to_dict()
        assert layer.loc["E"].geometry.x == pytest.approx(582_500.0)
