"""Laws of a judgement added to its file, whatever is typed and however the file is written."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.decision_files import Judgement, add_judgement, normalise_judgement
from coverage.errors import (
    InvalidValueError,
    OutputError,
    PersonalDataError,
    UnknownKommuneError,
)
from coverage.sources.judgements import read_judgements

HEADER = "Niveau;Områdekode;Kriterium;Opfyldt;Dato;Forfatter;Begrundelse"
ROW = "kommune;0479;Særlige forhold;Nej;1.3.2026;KH;Ingen ændring"
ENTRY = Judgement(
    area_level="kommune",
    area_id="0461",
    criterion="override",
    met=True,
    entered_on=date(2026, 3, 9),
    author="Bente Nørgård",
    reason="To læger går på pension; se sag 26/114",
)


def judgements_of(path: Path) -> list[Judgement]:
    table, _ = read_judgements(path, as_of=None)
    days = table["entered_on"].dt.date
    rows = table.drop(columns="source_row").assign(entered_on=days).to_dict("records")
    return [Judgement(**row) for row in rows]


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(";,\t\"'=+-@\r\n \u00a0\u200b\ufeff\u2028|\\æøåÆØÅ0123456789.#")),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=60,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    level=st.one_of(st.just("kommune"), HOSTILE),
    area=HOSTILE,
    author=HOSTILE,
    reason=HOSTILE,
    form=st.sampled_from(["new", "utf-8-sig", "utf-8", "utf-16", "cp1252", "comma", "tab"]),
)
def test_what_is_added_reads_back_or_is_refused_and_nothing_changes(
    tmp_path: Path, level: str, area: str, author: str, reason: str, form: str
) -> None:
    path = tmp_path / "judgements.csv"
    path.unlink(missing_ok=True)
    text = f"{HEADER}\r\n{ROW}\r\n"
    if form in ("comma", "tab"):
        path.write_bytes(text.replace(";", "," if form == "comma" else "\t").encode("utf-8"))
    elif form != "new":
        path.write_bytes(text.encode(form))
    before = path.read_bytes() if path.exists() else b""
    older = judgements_of(path) if before else []
    area = "0461" if level == "kommune" else area
    entry = replace(ENTRY, area_level=level, area_id=area, author=author, reason=reason)
    try:
        expected = normalise_judgement(entry)
    except (InvalidValueError, PersonalDataError, UnknownKommuneError):
        with pytest.raises((InvalidValueError, PersonalDataError, UnknownKommuneError)):
            add_judgement(path, entry)
        assert (path.read_bytes() if path.exists() else b"") == before
        return
    try:
        add_judgement(path, entry)
    except OutputError:
        # Only Windows' own encoding lacks letters.
        assert form == "cp1252"
        assert path.read_bytes() == before
        return
    assert path.read_bytes().startswith(before)
    assert judgements_of(path) == [*older, expected]
