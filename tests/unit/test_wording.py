import string

import pytest

from coverage.wording import LANGUAGES, Notice, _texts, keys, say


def test_every_text_stands_in_both_languages():
    for key in keys():
        for language in LANGUAGES:
            assert say_raw(key, language).strip()


def say_raw(key, language):
    return _texts()[key][language]


def test_a_text_names_the_same_values_in_both_languages():
    for key in keys():
        danish, english = (fields(say_raw(key, language)) for language in LANGUAGES)
        assert danish == english, key


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_counts_have_their_thousands_marked_and_years_do_not():
    years = Notice("years_differ", (("practices_year", "2026"), ("population_year", "2011")))
    assert "2026" in years.say("da")
    outside = Notice("persons_outside", (("persons", 49_811),))
    assert "49.811 personer" in outside.say("da")
    assert "49,811 persons" in outside.say("en")


def test_an_unknown_key_is_a_mistake_of_the_code():
    with pytest.raises(KeyError):
        say("notice.of_nothing", "da")
