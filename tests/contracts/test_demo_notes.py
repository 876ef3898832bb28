"""The notes on the demo's files: every one of them can be said in Danish."""

from pathlib import Path

from coverage.sentences import Said, Sentence, phrase, sentence
from coverage.study import check_study
from coverage.study_file import load_study
from coverage.wording import error_texts

DEMO = Path(__file__).parents[2] / "data" / "demo" / "study.toml"


def test_every_note_of_the_demo_can_be_said_in_danish():
    report = check_study(load_study(DEMO), lambda *_: None)
    notes = [note for account in report.accounts for note in account.notes]
    assert len(notes) > 4
    assert [note for note in notes if not has_danish(note)] == []


def test_a_plain_text_has_no_danish():
    assert not has_danish("36 address nodes")
    assert not has_danish(phrase("36 address nodes"))
    assert not has_danish(sentence("{count} address nodes", count=phrase("many")))
    assert has_danish(sentence("{count} address nodes", count=36))


def has_danish(note):
    """Return whether a note is a sentence with its Danish, and so is what it mentions."""
    if isinstance(note, Said):
        return True
    if not isinstance(note, Sentence) or note.template not in error_texts():
        return False
    values = [one for value in note.values.values() for one in flat(value)]
    return all(has_danish(value) for value in values if isinstance(value, Sentence))


def flat(value):
    return value if isinstance(value, tuple) else (value,)
