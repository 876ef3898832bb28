"""Laws of the signal that hold for every drawing of figures, weights and judgements."""

from functools import partial

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.designation import SENSITIVITY_STEPS_PCT, designate
from coverage.signal_rule import CRITERIA, MEASURES, SIGNALS
from tests.area_facts import AS_OF, RULES, facts_of, judgements_of, plan_of

RANK = {signal: rank for rank, signal in enumerate(reversed(SIGNALS))}
AREAS = ("nord", "midt", "syd")
STEPS_PCT = sorted([*SENSITIVITY_STEPS_PCT, *(-step for step in SENSITIVITY_STEPS_PCT)])
fast = settings(max_examples=25, deadline=None)


# A value is so much of its threshold, which the changes may reach, or is missing.
SHARES = [np.nan, 0.75, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25]


def near(measure, share):
    return RULES.rules[measure.rule_key].value * share


values_of_area = st.fixed_dictionaries(
    {m.column: st.sampled_from(SHARES).map(partial(near, m)) for m in MEASURES.values()}
)
regions = st.fixed_dictionaries(dict.fromkeys(AREAS, values_of_area))
weights = st.fixed_dictionaries(
    {f"designation.weight_{name}": st.sampled_from([0.0, 0.5, 1.0, 2.0]) for name in CRITERIA}
)
rulesets = st.builds(
    lambda chosen, least: RULES.override({**chosen, "designation.signal_weight": least}),
    weights,
    st.sampled_from([0.5, 1.0, 2.0, 3.0, 4.0]),
)
plans = st.lists(
    st.fixed_dictionaries(
        {
            "area_id": st.sampled_from(AREAS),
            "criterion": st.sampled_from(["special_circumstances", "clinic_need", "override"]),
            "met": st.booleans(),
        }
    ),
    max_size=4,
).map(lambda entries: plan_of(judgements_of(*entries)))
criteria = st.sampled_from(sorted(MEASURES))


def designated(region, plan, rules):
    return designate({"kommune": facts_of(region)}, plan, rules, AS_OF)


def ranks(designation, column):
    return designation.areas[column].map(RANK).to_numpy()


def worse(measure, amount):
    return amount if measure.worse_side == "above" else -amount


@fast
@given(regions, plans, rulesets, criteria, st.sampled_from(AREAS), st.floats(0, 500))
def test_worsening_a_value_never_removes_a_signal(region, plan, rules, criterion, area, amount):
    measure = MEASURES[criterion]
    values = region[area]
    worsened = {measure.column: values[measure.column] + worse(measure, amount)}
    before = designated(region, plan, rules)
    after = designated({**region, area: {**values, **worsened}}, plan, rules)
    for column in ("computed", "signal"):
        assert (ranks(after, column) >= ranks(before, column)).all()


@fast
@given(regions, plans, rulesets, criteria, st.floats(0, 1))
def test_a_looser_threshold_never_adds_a_signal(region, plan, rules, criterion, share):
    """Looser: moved to the worse side, so that less is beyond it."""
    measure = MEASURES[criterion]
    rule = rules.rules[measure.rule_key]
    end = rule.max if measure.worse_side == "above" else rule.min
    looser = rules.override({measure.rule_key: rule.value + share * (end - rule.value)})
    before, after = designated(region, plan, rules), designated(region, plan, looser)
    for column in ("computed", "signal"):
        assert (ranks(after, column) <= ranks(before, column)).all()


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32), plans, rulesets)
def test_sensitivity_is_what_designating_by_the_changed_rule_gives(seed, plan, rules):
    """Sixty areas at once, since each drawing is designated 37 times."""
    random = np.random.default_rng(seed)
    names = [*AREAS, *(f"a{number}" for number in range(57))]
    region = {
        name: {m.column: near(m, random.choice(SHARES)) for m in MEASURES.values()}
        for name in names
    }
    before = designated(region, plan, rules)
    expected = []
    for criterion, measure in MEASURES.items():
        rule = rules.rules[measure.rule_key]
        for change_pct in STEPS_PCT:
            threshold = min(max(rule.value + rule.value * change_pct / 100, rule.min), rule.max)
            changed = designated(region, plan, rules.override({measure.rule_key: threshold}))
            for old, new in zip(before.areas.itertuples(), changed.areas.itertuples(), strict=True):
                if old.computed != new.computed:
                    flip = (criterion, change_pct, round(threshold, 6), old.computed, new.computed)
                    expected.append((old.area_id, *flip))
    found = before.sensitivity.assign(threshold=before.sensitivity["threshold"].round(6))
    columns = ["area_id", "criterion", "change_pct", "threshold", "before", "after"]
    assert sorted(found[columns].itertuples(index=False, name=None)) == sorted(expected)


@fast
@given(regions, plans, rulesets, st.data())
def test_a_figure_that_becomes_known_contradicts_no_signal_and_no_absence_of_one(
    region, plan, rules, data
):
    filled = {
        area: {
            column: data.draw(st.floats(-100, 3000)) if np.isnan(value) else value
            for column, value in values.items()
        }
        for area, values in region.items()
    }
    before, after = (designated(drawn, plan, rules).areas["computed"] for drawn in (region, filled))
    settled = before != "possible"
    assert (after[settled] == before[settled]).all()
    assert not (after == "possible").any()


@fast
@given(regions, plans, rulesets)
def test_the_weights_of_the_areas_are_those_of_their_criteria(region, plan, rules):
    result = designated(region, plan, rules)
    weight = result.criteria.set_index(["area_id", "criterion"])["weight"]
    status = result.criteria.set_index(["area_id", "criterion"])["status"]
    areas = result.areas.set_index("area_id")
    for name, held in (("met", status == "met"), ("unknown", status == "unknown")):
        sums = weight.where(held, 0.0).groupby("area_id").sum()
        assert areas[f"{name}_weight"].to_dict() == sums.to_dict()
    assert areas["total_weight"].to_dict() == weight.groupby("area_id").sum().to_dict()


@fast
@given(regions, plans, rulesets, st.permutations(AREAS))
def test_an_area_is_judged_alike_whatever_stands_around_it(region, plan, rules, order):
    together = designated(region, plan, rules)
    other = designated({name: region[name] for name in order}, plan, rules)
    for table in ("areas", "criteria", "sensitivity", "agenda"):
        by_area = getattr(together, table).sort_values("area_id", kind="stable", ignore_index=True)
        again = getattr(other, table).sort_values("area_id", kind="stable", ignore_index=True)
        pd.testing.assert_frame_equal(by_area, again)
