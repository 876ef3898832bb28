"""The rule of the signal on arrays: the same for one area as for many runs of many."""

from datetime import date
from itertools import product

import numpy as np
import pytest

from coverage.rules import load_ruleset
from coverage.signal_rule import CRITERIA, IS_MEASURED, MEASURES, SIGNALS, beyond, read_scale

RULES = load_ruleset("default", date(2026, 1, 1))


def test_one_area_a_run_and_many_runs_have_one_rule():
    scale = read_scale(RULES.designation)
    random = np.random.default_rng(1)
    met = random.random((4, 3, len(CRITERIA))) < 0.5
    unknown = ~met & (random.random(met.shape) < 0.3)
    found = scale.signals(met, unknown)
    assert found.shape == (4, 3)
    for run, area in product(range(4), range(3)):
        assert found[run, area] == scale.signals(met[run, area], unknown[run, area])
        sure = scale.weights[met[run, area]].sum() >= scale.signal_weight
        perhaps = scale.weights[(met | unknown)[run, area]].sum() >= scale.signal_weight
        assert found[run, area] == SIGNALS[0 if sure else 1 if perhaps else 2]
        assert scale.is_signal(met)[run, area] == sure
    assert set(found.ravel()) == set(SIGNALS)


@pytest.mark.parametrize("criterion", MEASURES)
def test_beyond_is_counted_from_the_line_to_the_worse_side(criterion):
    scale, at = read_scale(RULES.designation), CRITERIA.index(criterion)
    worse = 1.0 if MEASURES[criterion].worse_side == "above" else -1.0
    values = np.tile(scale.thresholds, (3, 1))
    values[:, at] += worse * np.array([-2.0, 0.0, 2.0])
    found = beyond(values, scale.thresholds)
    assert found[:, at].tolist() == [-2, 0, 2]
    others = IS_MEASURED & (np.arange(len(CRITERIA)) != at)
    assert (found[:, others] == 0).all()
    assert np.isnan(found[:, ~IS_MEASURED]).all()
