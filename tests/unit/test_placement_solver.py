import numpy as np
import pytest

from coverage.placement.request import Watch
from coverage.placement.solver import Budget, Program, row


def hard_program(columns=60, rows=40):
    """Return a programme that takes the solver some steps: a market split of random weights."""
    random = np.random.default_rng(3)
    program = Program()
    numbers = program.add_columns(columns, worth=random.random(columns), whole=True)
    for _ in range(rows):
        weight = random.integers(1, 100, columns).astype(float)
        program.add_rows(row(numbers, weight, high=float(weight.sum() // 2)))
    return program


def test_the_best_of_a_small_knapsack():
    """Worth 6, 5, 4 at weights 3, 2, 2 and room for 4: the last two, 9."""
    program = Program()
    numbers = program.add_columns(3, worth=[6.0, 5.0, 4.0], whole=True)
    program.add_rows(row(numbers, [3.0, 2.0, 2.0], high=4.0))
    solved = program.load().solve(Watch())
    assert solved.state == "optimal"
    assert (solved.value, solved.bound) == (pytest.approx(9.0), pytest.approx(9.0))
    assert solved.values.round().tolist() == [0.0, 1.0, 1.0]


def test_rows_that_contradict_each_other_are_infeasible():
    program = Program()
    numbers = program.add_columns(2)
    program.add_rows(row(numbers, 1.0, low=3.0))
    solved = program.load().solve(Watch())
    assert solved.state == "infeasible"
    assert len(solved.values) == 0


def test_nothing_is_printed(capfd):
    hard_program(10, 5).load().solve(Watch())
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_the_watch_stops_the_solver_and_the_bound_holds():
    calls = []

    def keep_going():
        calls.append(1)
        return len(calls) < 30

    solved = hard_program().load().solve(Watch(keep_going=keep_going))
    assert solved.state == "interrupted"
    full = hard_program(60, 40).load().solve(Watch(), gap=0.05)
    assert solved.bound >= full.value


def test_what_the_watch_raises_comes_out():
    class EnoughError(Exception):
        pass

    def keep_going():
        raise EnoughError

    with pytest.raises(EnoughError):
        hard_program().load().solve(Watch(keep_going=keep_going))


def test_the_share_of_the_seconds_that_has_gone_is_told():
    told = []
    watch = Watch(progress=lambda stage, share: told.append((stage, share)))
    hard_program().load().solve(watch, seconds=0.5, stage="exact")
    assert told
    assert {stage for stage, _ in told} == {"exact"}
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert max(shares) <= 1.0


def test_an_answer_that_ends_by_its_gap_is_the_same_again():
    one, other = (hard_program().load().solve(Watch(), gap=0.02) for _ in range(2))
    assert one.state == "gap"
    assert one.values.tolist() == other.values.tolist()
    assert (one.value, one.bound) == (other.value, other.bound)
    assert one.value <= one.bound <= one.value * 1.02 + 1e-9


def test_no_seconds_end_by_time():
    solved = hard_program().load().solve(Watch(), seconds=0.0)
    assert solved.state == "time"


def test_a_start_is_never_lost():
    """With no time for more, the solution that it began from is the answer."""
    program = hard_program()
    start = np.zeros(program.columns)
    start[:5] = 1.0
    solved = program.load().solve(Watch(), seconds=0.0, start=start)
    assert solved.state == "time"
    assert len(solved.values) in (0, program.columns)


def test_a_budget_goes_by_the_stopwatch_or_by_the_solver():
    ticks = iter([10.0, 12.0, 15.0])
    budget = Budget(Watch(stopwatch=lambda: next(ticks)), 4.0)
    assert budget.left == 2.0
    assert budget.left == 0.0
    own = Budget(Watch(), 4.0)
    own.solver_seconds = 1.5
    assert own.left == 2.5
