from datetime import date

import pytest

from coverage.errors import RuleError
from coverage.rules import RULESETS, STATUSES, load_ruleset, parse_ruleset

TODAY = date(2026, 1, 1)


def entry(**changes):
    fields = {
        "key": '"choice.limit_m"',
        "value": "15000",
        "unit": '"m"',
        "min": "1000",
        "max": "50000",
        "title_da": '"x"',
        "title_en": '"x"',
        "source": '"x"',
        "valid_from": "2013-01-01",
        "status": '"agreement"',
    } | changes
    lines = "\n".join(f"{key} = {value}" for key, value in fields.items() if value)
    return f"[[rule]]\n{lines}\n"


def ruleset_text(*entries):
    return 'id = "test"\ntitle_da = "x"\ntitle_en = "x"\n' + "\n".join(entries)


@pytest.mark.parametrize("name", RULESETS)
def test_every_rule_is_complete(name):
    for rule in load_ruleset(name, TODAY).rules.values():
        assert rule.title_da
        assert rule.title_en
        assert rule.source
        assert rule.unit
        assert rule.status in STATUSES


def test_the_limits_are_those_of_the_agreement():
    choice = load_ruleset("default", TODAY).choice
    assert choice.limit_m == 15_000
    assert choice.limit_capital_m == 5_000
    assert choice.capital_kommuner == ("0101", "0147", "0155", "0185")
    assert choice.practices_needed == 2


def test_an_override_makes_a_ruleset_with_an_id_of_its_own():
    base = load_ruleset("default", TODAY)
    one = base.override({"choice.limit_m": 10_000})
    other = base.override({"choice.limit_m": 11_000})
    assert one.choice.limit_m == 10_000
    assert one.rules["choice.limit_m"].overridden
    assert len({base.id, one.id, other.id}) == 3
    assert base.override({}) is base
    assert base.choice.limit_m == 15_000


def test_the_same_overrides_in_another_order_are_the_same_ruleset():
    base = load_ruleset("default", TODAY)
    one = base.override({"choice.limit_m": 9_000}).override({"travel.use_ferries": True})
    other = base.override({"travel.use_ferries": True, "choice.limit_m": 9_000})
    assert one.id == other.id


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        ("choice.limit", 10_000, "There is no rule called 'choice.limit'"),
        ("choice.limit_m", 999.9, "outside 1000 to 50000"),
        ("choice.limit_m", 50_000.1, "outside 1000 to 50000"),
        ("choice.limit_m", "15 km", "takes a number of m"),
        ("choice.limit_m", True, "takes a number of m"),
        ("travel.use_ferries", "ja", "takes true or false"),
        ("choice.capital_kommuner", "0101", "takes a list of codes"),
    ],
)
def test_an_override_that_cannot_be_is_refused(key, value, part):
    with pytest.raises(RuleError, match=part) as caught:
        load_ruleset("default", TODAY).override({key: value})
    assert caught.value.exit_code == 21


@pytest.mark.parametrize("value", [1_000, 50_000])
def test_an_override_on_the_line_of_its_range_is_taken(value):
    ruleset = load_ruleset("default", TODAY).override({"choice.limit_m": value})
    assert ruleset.choice.limit_m == value


def test_an_unknown_ruleset_names_those_there_are():
    with pytest.raises(RuleError, match="Rulesets: default"):
        load_ruleset("atlantis", TODAY)


def test_a_day_before_the_first_date_is_refused():
    with pytest.raises(RuleError, match="No value valid on 1999-01-01"):
        load_ruleset("default", date(1999, 1, 1))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (ruleset_text(entry(key='"choice.limmit_m"')), "Unknown rules: choice.limmit_m"),
        (ruleset_text(entry(colour='"red"')), r"unknown \['colour'\]"),
        (ruleset_text(entry(source=None)), r"missing \['source'\]"),
        (ruleset_text(entry(status='"rumour"')), "has the status 'rumour'"),
        (ruleset_text(entry(value="60000")), "outside 1000 to 50000"),
        (ruleset_text(entry()), "No value valid on"),
    ],
)
def test_a_ruleset_file_with_a_mistake_is_refused(text, part):
    with pytest.raises(RuleError, match=part):
        parse_ruleset(text, TODAY)


def test_of_several_dates_the_latest_that_is_valid_applies():
    base = load_ruleset("default", TODAY)
    others = "\n".join(
        _as_entry(rule) for key, rule in base.rules.items() if key != "choice.limit_m"
    )
    text = ruleset_text(
        entry(value="20000", valid_from="2026-07-01"),
        entry(value="15000", valid_from="2013-01-01"),
        others,
    )
    assert parse_ruleset(text, date(2026, 6, 30)).choice.limit_m == 15_000
    assert parse_ruleset(text, date(2026, 7, 1)).choice.limit_m == 20_000


def _as_entry(rule):
    value = rule.value
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, tuple):
        value = str(list(value)).replace("'", '"')
    return entry(key=f'"{rule.key}"', value=str(value), min=None, max=None)
