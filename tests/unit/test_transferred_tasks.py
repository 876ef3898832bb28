"""Tasks that move to general practice: what is read, and what is refused."""

from datetime import date

import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
)
from coverage.plan_tables import TRANSFERRED_TASKS
from coverage.sources.transferred_tasks import read_transferred_tasks


def read(folder, text):
    path = folder / "tasks.csv"
    path.write_text(text, "utf-8")
    return read_transferred_tasks(path, as_of=date(2026, 1, 1))


def test_tasks_with_and_without_ages_in_the_order_of_the_file(tmp_path):
    text = (
        "Opgave;Alder;Konsultationer pr. år\n"
        "KOL;65+;151.800\nKræft;;143.400\nAstma;0-14 år;31.900\nSmerter;Alle;0\n"
    )
    tasks, account = read(tmp_path, text)
    assert list(tasks.columns) == list(TRANSFERRED_TASKS.columns)
    rows = tasks.astype(object).where(tasks.notna(), None).to_numpy().tolist()
    assert rows == [
        ["KOL", 151_800.0, 65.0, None],
        ["Kræft", 143_400.0, None, None],
        ["Astma", 31_900.0, 0.0, 14.0],
        ["Smerter", 0.0, None, None],
    ]
    assert (account.role, account.rows_read, account.rows_kept) == ("transferred_tasks", 4, 4)


def test_a_file_without_ages_is_of_everybody(tmp_path):
    tasks, _ = read(tmp_path, "task;consultations\nKOL;900\n")
    assert tasks["age_from"].isna().all()


T = "opgave;alder;konsultationer\nKOL;65+;900\nAstma;0-14;700\n"


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        (T.replace("900", ""), InvalidValueError, (2,), ["missing", "'blank'"]),
        (T.replace("900", "-5"), InvalidValueError, (2,), ["below zero: '-5'"]),
        (T.replace("900", "få"), InvalidValueError, (2,), ["'få'", "'konsultationer'"]),
        (T.replace("KOL", ""), InvalidValueError, (2,), ["no name", "'opgave'"]),
        (T.replace("KOL", "Astma"), DuplicateIdError, (2, 3), ["stands twice: 'Astma'"]),
        (T.replace("65+", "gamle"), InvalidValueError, (2,), ["no age: 'gamle'", "Excel"]),
        ("opgave;tal\nKOL;1\n", MissingColumnError, (), ["consultations", "tal"]),
        ("opgave;konsultationer\n", EmptyTableError, (), []),
    ],
)
def test_what_is_wrong_is_refused_with_its_rows(tmp_path, text, error, rows, parts):
    with pytest.raises(LaegedaekningError) as caught:
        read(tmp_path, text)
    assert type(caught.value) is error
    assert "tasks.csv" in caught.value.where
    assert caught.value.hint
    assert caught.value.rows == rows
    for part in parts:
        assert part in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="transferred_tasks"):
        read_transferred_tasks(tmp_path / "no.csv", as_of=None)
