import ast
import re
from pathlib import Path

import pytest

from coverage import errors, wording
from coverage.choice import STATUSES
from coverage.exports import OUTPUT_NAMES
from coverage.exports.map_layers import PRACTICE_FIELDS
from coverage.rules import STATUSES as RULE_STATUSES
from coverage.study import STAGES
from coverage.ui.laegevalg.figures import FIGURES
from coverage.ui.loading import ZIP_NAME
from coverage.ui.main import PAGES
from coverage.ui.problems import headline_key
from coverage.ui.state import MAP_HEIGHTS_PX

UI = Path(wording.__file__).parents[1] / "ui"
KEYS = set(wording.keys("app."))
# Messages of a place are kept in the state without the app's prefix.
PREFIXED = re.compile(r"(place\.[a-z_]+)")


def texts_in_code():
    """Return the string literals of the app's code and, of its f-strings, patterns."""
    exact, patterns = set(), set()
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        pieces = {id(part) for node in joined for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) not in pieces:
                    exact.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+"
                    for part in node.values
                ]
                patterns.add("".join(parts))
    return exact, patterns


EXACT, PATTERNS = texts_in_code()
APP_PATTERNS = [pattern for pattern in PATTERNS if pattern.startswith(r"app\.")]


def test_every_key_that_the_code_names_exists():
    named = {text for text in EXACT if re.fullmatch(r"app(\.[a-z_A-Z]+){1,3}", text)} - {"app.py"}
    assert len(named) > 50
    assert named <= KEYS
    messages = {f"app.{text}" for text in EXACT if PREFIXED.fullmatch(text)}
    assert len(messages) > 8
    assert messages <= KEYS


def test_every_text_is_used():
    messages = {f"app.{text}" for text in EXACT if PREFIXED.fullmatch(text)}
    unused = {
        key
        for key in KEYS - EXACT - messages
        # The one pattern that matches everything is that of the messages.
        if not any(
            re.fullmatch(pattern, key) for pattern in APP_PATTERNS if pattern != r"app\.[\w-]+"
        )
    }
    levels = {"app.place.nearby_number", "app.place.street"}
    assert unused - levels == set()


@pytest.mark.parametrize(
    "key",
    [
        *(f"app.figure.{figure.name}.{part}" for figure in FIGURES for part in ("label", "help")),
        *(f"app.map.{status}" for status in STATUSES),
        *(f"app.map.practice.{name}" for name in PRACTICE_FIELDS),
        *(f"app.rule_status.{status}" for status in RULE_STATUSES),
        *(f"app.loading.{stage}" for stage in STAGES),
        *(f"app.page.{page}" for page in PAGES),
        *(f"app.settings.height_{height_px}" for height_px in MAP_HEIGHTS_PX),
        *(f"app.download.file.{name.replace('.', '_')}" for name in (ZIP_NAME, *OUTPUT_NAMES)),
        *(f"app.language.{language}" for language in wording.LANGUAGES),
    ],
)
def test_every_key_that_is_put_together_exists(key):
    assert key in KEYS


def test_every_kind_of_error_has_its_headline():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.LaegedaekningError)
    ]
    assert len(kinds) > 10
    for kind in kinds:
        assert headline_key(kind("what")) == f"app.error.{kind.__name__}"
    assert headline_key(None) == "app.error.unexpected"


def test_danish_and_english_mention_the_same_values():
    for key in KEYS:
        danish, english = (
            set(re.findall(r"{(\w+)}", wording._texts()[key][language]))
            for language in ("da", "en")
        )
        assert danish == english, key


def test_no_wording_stands_in_the_code():
    danish = re.compile(r"[æøåÆØÅ]")
    # The product's marks that are no words: units and the file's own names.
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        documentation = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value in documentation or not danish.search(node.value), path.name
