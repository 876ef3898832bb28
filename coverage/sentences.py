"""Sentences of errors and notes: English where they are made, in another language where read.

A sentence that mentions something keeps it apart from its words, so that the app
can say the same in Danish. It is a string as any other: who knows nothing of this
reads English.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any


class Sentence(str):
    """An English sentence that still knows its words and what it mentions.

    Attributes
    ----------
    template
        The English words, with names in braces; they find the words of another language.
    values
        What is mentioned: texts as they are (an id, a file's name, what a cell holds),
        numbers, sentences and ``phrase`` (which are translated, too), or tuples of these.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


# What a reader of a file's numbers should know. Only sentences: a plain text has no Danish.
Notes = tuple[Sentence, ...]


class Said(Sentence):
    """An English text that knows its Danish, which the wording of the app has already.

    Attributes
    ----------
    danish
        The same in Danish.
    """

    __slots__ = ("danish",)

    danish: str


def said(english: str, danish: str) -> Said:
    """Return a text whose Danish stands in the wording of the app."""
    made = Said(english)
    made.template, made.values, made.danish = english, {}, danish
    return made


def sentence(template: str, **values: object) -> Sentence:
    """Return the sentence with its values filled in.

    A number takes the usual format after a colon, a tuple what stands between its parts::

        sentence("no road within {leg_m:,.0f} m", leg_m=1500.0)
        sentence("{reasons:; }", reasons=("one", "two"))
    """
    made = Sentence(Filler().fill(template, values))
    made.template, made.values = template, values
    return made


def phrase(text: str) -> Sentence:
    """Return words that a sentence mentions and that have another form in Danish."""
    if isinstance(text, Sentence):
        return text
    made = Sentence(text)
    made.template, made.values = text, {}
    return made


def to_plain(part: object) -> object:
    """Return a sentence, a value of one, or a tuple of these as JSON keeps it."""
    if isinstance(part, Said):
        return {"english": str(part), "danish": part.danish}
    if isinstance(part, Sentence) and part.values:
        values = {name: to_plain(value) for name, value in part.values.items()}
        return {"template": part.template, "values": values}
    if isinstance(part, Sentence):
        return {"phrase": str(part)}
    return [to_plain(one) for one in part] if isinstance(part, tuple) else part


def from_plain(plain: object) -> object:
    """Return what ``to_plain`` was given.

    Raises
    ------
    KeyError
        For an object that is none of its making.
    """
    if isinstance(plain, list):
        return tuple(from_plain(one) for one in plain)
    if not isinstance(plain, dict):
        return plain
    if "danish" in plain:
        return said(plain["english"], plain["danish"])
    if "template" in plain:
        values = {name: from_plain(value) for name, value in plain["values"].items()}
        return sentence(plain["template"], **values)
    return phrase(plain["phrase"])


class Filler(Formatter):
    """Fills the words of a sentence with what it mentions, as English writes it."""

    def fill(self, words: str, values: Mapping[str, object]) -> str:
        """Return the words with the values in place of their names."""
        return self.vformat(words, (), values)

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as in the base
        """Return one value; the parts of a tuple one by one."""
        if isinstance(value, tuple):
            return (format_spec or ", ").join(self.write(part, "") for part in value)
        return self.write(value, format_spec)

    def write(self, value: object, format_spec: str) -> str:
        """Return a value that is no tuple."""
        return format(value, format_spec)
