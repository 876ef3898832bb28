"""Every word that a planner reads in the app, the tables and the map: Danish and English.

The texts stand side by side in this folder's TOML files, one per part of the
product; code names a text by its key and never holds wording itself. Errors
and notes on files are the exception: their English stands where they are made
(``coverage.sentences``), their Danish in the folder ``errors``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from coverage.sentences import Filler, Said, Sentence

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")


@dataclass(frozen=True)
class Notice:
    """Something that a reader of the numbers must know.

    Attributes
    ----------
    key
        Names the text ``notice.<key>``.
    values
        What the text mentions, already without personal data: counts as
        numbers, all else (a year, too) as text.
    """

    key: str
    values: tuple[tuple[str, str | int], ...] = ()

    def say(self, language: Language) -> str:
        """Return the sentence, whole numbers with their thousands marked."""
        shown = {name: _shown(value, language) for name, value in self.values}
        return say(f"notice.{self.key}", language, **shown)


def _shown(value: str | int, language: Language) -> str:
    if isinstance(value, str):
        return value
    text = f"{value:,}"
    return text.replace(",", ".") if language == "da" else text


def say(key: str, language: Language, **values: str | float) -> str:
    """Return a text with its values filled in.

    Raises
    ------
    KeyError
        For a key that no file holds: a mistake of the code, never of its user.
    """
    return _texts()[key][language].format(**values)


def say_error(text: str, language: Language) -> str:
    """Return a part of an error, or a note on a file; what has no Danish yet stays English."""
    if language == "en":
        return str(text)
    if isinstance(text, Said):
        return text.danish
    if isinstance(text, Sentence) and text.values:
        return _Danish().fill(error_texts().get(text.template, text.template), text.values)
    return error_texts().get(text, str(text))


class _Danish(Filler):
    def write(self, value: object, format_spec: str) -> str:
        # What a cell holds may look like one of our words, and stays as it is.
        if isinstance(value, Sentence):
            return format(say_error(value, "da"), format_spec)
        text = super().write(value, format_spec)
        is_number = isinstance(value, int | float)
        return text.translate(_DANISH_MARKS) if is_number else text


# 1,500.5 is 1.500,5.
_DANISH_MARKS = str.maketrans(",.", ".,")


@cache
def error_texts() -> Mapping[str, str]:
    """Return the Danish words of the errors' English ones."""
    texts: dict[str, str] = {}
    folder = resources.files("coverage").joinpath("wording", "errors")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for pair in tomllib.loads(file.read_text("utf-8"))["error"]:
                if pair["en"] in texts:
                    message = f"the error '{pair['en']}' stands twice"
                    raise ValueError(message)
                texts[pair["en"]] = pair["da"]
    return texts


# Some prefixes are asked for once a row of a table.
@cache
def keys(prefix: str = "") -> tuple[str, ...]:
    """Return the keys that start so, sorted."""
    return tuple(sorted(key for key in _texts() if key.startswith(prefix)))


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    texts: dict[str, Mapping[str, str]] = {}
    folder = resources.files("coverage").joinpath("wording")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for key, pair in _flatten(tomllib.loads(file.read_text("utf-8"))):
                if key in texts:
                    message = f"text {key} stands twice"
                    raise ValueError(message)
                texts[key] = pair
    return texts


def _flatten(
    table: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        if not isinstance(value, Mapping):
            message = f"text {prefix}{key} needs both da and en"
            raise TypeError(message)
        if set(value) == set(LANGUAGES):
            yield f"{prefix}{key}", value
        else:
            yield from _flatten(value, f"{prefix}{key}.")
