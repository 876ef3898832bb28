"""Errors in Danish: what is raised in English is said in Danish with the same values."""

import ast
import copy
import pickle
from pathlib import Path
from string import Formatter

import pytest

from coverage import errors
from coverage.errors import InvalidValueError
from coverage.sentences import Sentence, phrase, said, sentence
from coverage.wording import error_texts, say_error

ROOT = Path(__file__).parents[2] / "coverage"
TEXTS = ("what", "where", "hint")


class TestSentence:
    def test_it_is_its_english_text(self):
        made = sentence("no road within {leg_m:,.0f} m of '{name}'", leg_m=1500.0, name="N{1}")
        assert made == "no road within 1,500 m of 'N{1}'"
        assert str(InvalidValueError(made, hint="Move it.")) == f"{made} · Move it."

    def test_the_parts_of_a_tuple_stand_side_by_side(self):
        assert sentence("{ids}; {words: / }", ids=("a", 2), words=("b", "c")) == "a, 2; b / c"

    @pytest.mark.parametrize("again", [copy.copy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301 - our own
    def test_a_copy_still_knows_what_it_mentions(self, again):
        made = again(sentence("no {thing}", thing="road"))
        assert isinstance(made, Sentence)
        assert (made, made.template, made.values) == ("no road", "no {thing}", {"thing": "road"})


class TestSayError:
    @pytest.fixture(autouse=True)
    def _texts(self, monkeypatch):
        danish = {
            "no {thing} within {leg_m:,.1f} m: {why}": "{why}: {thing} ikke inden {leg_m:,.1f} m",
            "too far": "for langt",
        }
        monkeypatch.setattr("coverage.wording.error_texts", lambda: danish)

    def test_words_numbers_and_what_is_nested_are_danish(self):
        made = sentence(
            "no {thing} within {leg_m:,.1f} m: {why}", thing="x", leg_m=1500, why=phrase("too far")
        )
        assert say_error(made, "da") == "for langt: x ikke inden 1.500,0 m"
        assert say_error(made, "en") == "no x within 1,500.0 m: too far"

    def test_a_text_that_knows_its_danish_is_not_looked_up(self):
        made = sentence("{name}: {why}", name=said("too far", "too far"), why=said("so", "derfor"))
        for again in (made, pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own
            assert say_error(again, "da") == "too far: derfor"
            assert say_error(again, "en") == "too far: so"

    def test_what_has_no_danish_stays_english(self):
        made = sentence(
            "{count} of {parts: and }", count=2.5, parts=(phrase("too far"), "y{z}", "too far")
        )
        assert say_error(made, "da") == "2,5 of for langt and y{z} and too far"
        assert say_error("no such text", "da") == "no such text"


def test_the_danish_mentions_the_same():
    for english, danish in error_texts().items():
        assert danish.strip() == danish != ""
        assert _fields(danish) == _fields(english), english


def _fields(words):
    return sorted(name for _, name, _, _ in Formatter().parse(words) if name)


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_error_of_a_module_has_its_danish(path):
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: one.value
        for one in tree.body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    missing = [
        f"{path.name}:{text.lineno}: {why}"
        for text in _texts_of_errors(tree)
        for one in _branches(text, constants)
        if (why := _without_danish(one, constants))
    ]
    assert missing == []


def _texts_of_errors(tree):
    """Yield what errors are made of, and every sentence."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in ("sentence", "phrase"):
            yield call
        kind = getattr(errors, name, None)
        if isinstance(kind, type) and issubclass(kind, errors.LaegedaekningError):
            yield from call.args
            yield from (one.value for one in call.keywords if one.arg in TEXTS)


def _branches(text, constants):
    """Yield what a text may be: either side of a condition, and what a name stands for."""
    if isinstance(text, ast.IfExp):
        yield from _branches(text.body, constants)
        yield from _branches(text.orelse, constants)
    else:
        yield constants.get(getattr(text, "id", ""), text)


def _without_danish(text, constants):
    """Return why a text cannot be said in Danish; None if it can, or if it is not seen here."""
    if isinstance(text, ast.JoinedStr | ast.BinOp):
        return "use sentence(): what it mentions cannot be told from its words"
    if isinstance(text, ast.Call) and getattr(text.func, "id", "") in ("sentence", "phrase"):
        for value in (one for word in text.keywords for one in _branches(word.value, constants)):
            if isinstance(value, ast.Constant) and value.value in error_texts():
                return f"use phrase(): as a plain value it stays English: {value.value}"
        (text, *_) = text.args
        text = constants.get(getattr(text, "id", ""), text)
    if isinstance(text, ast.Constant) and text.value and text.value not in error_texts():
        return f"no Danish in wording/errors: {text.value}"
    return None
