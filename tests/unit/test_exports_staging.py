"""What an older result left and this one does not have goes, or comes back with the others."""

import pytest

from coverage.errors import OutputError
from coverage.exports.staging import replace_together


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    for name in ("a.csv", "old.csv", "mine.txt"):
        (tmp_path / name).write_text(f"older {name}")
    return tmp_path


def write(staged):
    for name in ("a.csv", "b.csv"):
        (staged / name).write_text(f"new {name}")


def test_what_is_obsolete_goes_and_what_is_not_ours_stays(folder):
    written = replace_together(folder, ["a.csv", "b.csv"], write, ["old.csv", "never.csv"])
    assert written == (folder / "a.csv", folder / "b.csv")
    assert contents(folder) == {
        "a.csv": "new a.csv",
        "b.csv": "new b.csv",
        "mine.txt": "older mine.txt",
    }


@pytest.mark.parametrize("fails_at", range(4))
def test_it_comes_back_when_any_move_fails(folder, monkeypatch, fails_at):
    """Two moves away, of a.csv and old.csv, and two in."""
    before, moves = contents(folder), []
    replace = type(folder).replace

    def refuse_one(self, target):
        moves.append(self)
        if len(moves) == fails_at + 1:
            raise PermissionError(13, "Permission denied", str(self))
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "replace", refuse_one)
        with pytest.raises(OutputError):
            replace_together(folder, ["a.csv", "b.csv"], write, ["old.csv"])
    assert contents(folder) == before
