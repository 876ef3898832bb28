"""Numbers written in any style of Danish or English come back as they were."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.errors import InvalidValueError
from coverage.sources.numbers import parse_numbers

COUNTS = st.integers(min_value=-10_000_000, max_value=10_000_000)
DECIMALS = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)
MARKERS = st.sampled_from(["..", ".", "-", "–", "", "-9999", "-8888", "n/a"])
STYLES = {"danish": (".", ","), "english": (",", ".")}


def write(number, style, *, grouped):
    thousands, decimal = STYLES[style]
    text = f"{number:,}" if grouped else f"{number}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def parse(texts, **kwargs):
    column = pd.Series(texts, dtype="str")
    return parse_numbers(column, where="file", rows=range(len(texts)), **kwargs)[0].tolist()


@pytest.mark.parametrize("style", STYLES)
@given(numbers=st.lists(st.tuples(DECIMALS, st.booleans()), min_size=1, max_size=30))
def test_decimals_come_back(style, numbers):
    # Two decimals make the style certain: none can be taken for thousands.
    texts = [write(number, style, grouped=grouped) for number, grouped in numbers]
    assert parse(texts) == [float(number) for number, _ in numbers]


@pytest.mark.parametrize("style", STYLES)
@given(numbers=st.lists(st.tuples(COUNTS, st.booleans()), min_size=1, max_size=30))
def test_counts_come_back_with_and_without_thousands(style, numbers):
    texts = [write(number, style, grouped=grouped) for number, grouped in numbers]
    # These two counts, ungrouped, are the statistical offices' marks for missing.
    expected = [
        (number, text)
        for (number, _), text in zip(numbers, texts, strict=True)
        if text not in ("-9999", "-8888")
    ]
    parsed = parse([text for _, text in expected], whole=True)
    assert parsed == [float(number) for number, _ in expected]


@pytest.mark.parametrize("style", STYLES)
@given(
    thousands=st.lists(st.integers(min_value=1000, max_value=999_999), min_size=1, max_size=10),
    clear=DECIMALS,
)
def test_one_clear_decimal_settles_the_column_unless_it_cannot_tell(style, thousands, clear):
    texts = [write(number, style, grouped=True) for number in thousands]
    texts.append(write(clear, style, grouped=False))
    assert parse(texts) == [*map(float, thousands), float(clear)]


@given(numbers=st.lists(st.integers(min_value=1000, max_value=999_999), min_size=1, max_size=10))
def test_thousands_alone_are_never_guessed_to_be_decimals(numbers):
    texts = [write(number, "danish", grouped=True) for number in numbers]
    with pytest.raises(InvalidValueError):
        parse(texts)


@given(counts=st.lists(COUNTS.filter(lambda n: n not in (-9999, -8888))), markers=st.lists(MARKERS))
def test_missing_stays_missing_whatever_stands_around_it(counts, markers):
    texts = [str(count) for count in counts] + markers
    parsed = pd.Series(parse(texts, whole=True), dtype="float64")
    assert parsed.isna().sum() == len(markers)
    assert parsed.dropna().tolist() == [float(count) for count in counts]


@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_any_text_gives_numbers_or_one_sentence(texts):
    try:
        parsed = parse(texts)
    except InvalidValueError as error:
        assert error.rows  # noqa: PT017
        assert error.hint  # noqa: PT017
    else:
        assert len(parsed) == len(texts)
