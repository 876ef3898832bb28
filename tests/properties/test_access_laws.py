"""Laws of floating catchments that hold for every drawing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access import floating_catchment, gini, measure_access, worst_tenth_mean
from coverage.choice import AreaGrouping
from tests.straight_road import RULES, matrix_of, origins_at, sites_at

fast = settings(max_examples=60, deadline=None)
amount = st.integers(0, 50).map(float)
access_columns = ["access_2sfca_per_1000", "access_e2sfca_per_1000"]


@st.composite
def drawings(draw):
    """Draw a weight for every pair, 0 included; some pairs are not in reach at all."""
    origins, sites = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    weights = draw(
        st.lists(
            st.one_of(st.none(), st.sampled_from([0.0, 0.22, 0.68, 1.0])),
            min_size=origins * sites,
            max_size=origins * sites,
        )
    )
    held = [at for at, weight in enumerate(weights) if weight is not None]
    origin, site = np.divmod(np.array(held, dtype=np.int64), sites)
    weight = np.array([weights[at] for at in held], dtype=np.float64)
    supply = np.array(draw(st.lists(amount, min_size=sites, max_size=sites)))
    demand = np.array(draw(st.lists(amount, min_size=origins, max_size=origins)))
    return origin, site, weight, supply, demand


@fast
@given(drawings())
def test_all_supply_that_has_demand_in_reach_is_given_out_and_no_more(drawing):
    origin, site, weight, supply, demand = drawing
    access = floating_catchment(*drawing)
    wanted = {j for i, j, w in zip(origin, site, weight, strict=True) if w * demand[i] > 0}
    given_out = sum(supply[list(wanted)])
    assert (access * demand).sum() == pytest.approx(given_out)


@fast
@given(drawings(), st.data())
def test_more_capacity_never_lowers_anyones_access(drawing, data):
    *pairs, supply, demand = drawing
    more = supply.copy()
    more[data.draw(st.integers(0, len(supply) - 1))] += data.draw(amount)
    before = floating_catchment(*pairs, supply, demand)
    assert (floating_catchment(*pairs, more, demand) >= before).all()


@fast
@given(drawings(), st.sampled_from([0.25, 3.0, 1_000.0]))
def test_access_scales_with_supply_and_against_demand(drawing, factor):
    *pairs, supply, demand = drawing
    access = floating_catchment(*drawing)
    more_supply = floating_catchment(*pairs, supply * factor, demand)
    more_demand = floating_catchment(*pairs, supply, demand * factor)
    np.testing.assert_allclose(more_supply, access * factor)
    np.testing.assert_allclose(more_demand, access / factor)


@fast
@given(drawings(), st.randoms())
def test_the_order_of_pairs_never_matters(drawing, random):
    origin, site, weight, supply, demand = drawing
    order = list(range(len(origin)))
    random.shuffle(order)
    shuffled = floating_catchment(origin[order], site[order], weight[order], supply, demand)
    np.testing.assert_allclose(shuffled, floating_catchment(*drawing))


place_m = st.floats(0, 60_000).map(lambda value: round(value, 1))


@fast
@given(
    st.lists(place_m, min_size=1, max_size=6),
    st.lists(place_m, min_size=1, max_size=4),
    place_m,
    st.lists(st.sampled_from([0.8, 1.0, 1.3]), min_size=6, max_size=6),
)
def test_a_new_practice_lowers_nobodys_access_and_raises_the_total_by_what_it_can_give(
    homes, practices, new_m, needs
):
    table = origins_at({f"h{number}": at for number, at in enumerate(homes)})
    table["persons"] = [100.0 + 7 * number for number in range(len(homes))]
    need = np.array(needs[: len(homes)])
    sites = {f"p{number}": at for number, at in enumerate(practices)}
    capacities = pd.Series({name: 1.0 + number for number, name in enumerate(sites)})
    matrix = matrix_of(table, sites_at(sites))
    before = measure_access(table, need, matrix, capacities, RULES.access)
    grown = matrix.with_sites(sites_at({"new": new_m}), RULES.travel)
    capacities["new"] = 2.5
    after = measure_access(table, need, grown, capacities, RULES.access)
    is_reached = any(round(abs(at - new_m), 3) <= RULES.access.zone_3_m for at in homes)
    for column in access_columns:
        assert (after[column] >= before[column]).all()
        added = ((after[column] - before[column]) * need * table["persons"]).sum() / 1_000
        assert added == pytest.approx(2.5 if is_reached else 0.0, abs=1e-9)


@st.composite
def spreads(draw):
    """Draw values, whole persons and an area for each row; some values are missing."""
    rows = draw(st.integers(1, 8))
    value = st.one_of(st.just(np.nan), st.integers(0, 9).map(float), st.floats(0.001, 9))
    values = draw(st.lists(value, min_size=rows, max_size=rows))
    persons = draw(st.lists(st.integers(0, 6), min_size=rows, max_size=rows))
    codes = draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows))
    grouping = AreaGrouping(np.array(codes, dtype=np.int64), 3)
    return np.array(values), np.array(persons, dtype=np.float64), grouping


def rows_of(area, values, persons, grouping):
    rows = zip(values, persons, grouping.codes, strict=True)
    return [(x, w) for x, w, code in rows if code == area and not np.isnan(x) and w > 0]


@fast
@given(spreads())
def test_gini_is_the_sum_over_all_pairs_of_persons(spread):
    found = gini(*spread)
    for area in range(3):
        rows = rows_of(area, *spread)
        total = sum(w for _, w in rows)
        amounts = sum(w * x for x, w in rows)
        if amounts == 0:
            assert np.isnan(found[area])
            continue
        apart = sum(v * w * abs(x - y) for x, v in rows for y, w in rows)
        assert found[area] == pytest.approx(apart / (2 * amounts / total * total**2), abs=1e-12)
        assert 0 <= found[area] < 1


@fast
@given(spreads())
def test_the_worst_tenth_is_what_a_queue_of_tenths_of_persons_gives(spread):
    found = worst_tenth_mean(*spread)
    for area in range(3):
        rows = rows_of(area, *spread)
        queue = sorted(x for x, w in rows for _ in range(10 * int(w)))
        if not queue:
            assert np.isnan(found[area])
            continue
        assert found[area] == pytest.approx(np.mean(queue[: len(queue) // 10]))
        assert found[area] <= np.mean(queue) + 1e-12
