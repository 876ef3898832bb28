"""Runs of chance in the background: they begin when looked at, and stop when asked or forgotten."""

import threading

import pytest

from coverage.pathway.monte_carlo import Trial
from coverage.ui import background_run, pathway_results
from coverage.ui.pathway_results import BandRun
from tests.unit.test_ui_mod5000 import path

# Ten chunks of two runs.
TRIAL = Trial(runs=20, spread=0.0, chunk_runs=2)
LONG_S = 30


class Gate:
    """Lets the runs go on chunk by chunk: they wait after each one until somebody opens."""

    def __init__(self, monkeypatch, run):
        self.reached, self.opened = threading.Semaphore(0), threading.Semaphore(0)
        own = run._report

        def report(stage, share):
            own(stage, share)
            if share:
                self.reached.release()
                assert self.opened.acquire(timeout=LONG_S)

        monkeypatch.setattr(run, "_report", report)

    def pass_chunk(self, *meanwhile):
        """Wait for a chunk, do something, and let the runs go on."""
        assert self.reached.acquire(timeout=LONG_S)
        for act in meanwhile:
            act()
        self.opened.release()


@pytest.fixture
def run():
    return BandRun(path(), TRIAL)


def test_nothing_is_drawn_before_somebody_looks(run):
    assert not run.wait(0)
    assert not run.is_over
    assert run.look().wait(LONG_S)
    assert (run.result.runs, run.result.interrupted, run.share) == (20, False, 1.0)


def test_a_second_look_does_not_begin_anew(run):
    run.look().wait(LONG_S)
    first = run.result
    run.look()
    assert run.result is first


def test_what_is_done_when_the_visitor_stops_is_kept_and_marked(run, monkeypatch):
    gate = Gate(monkeypatch, run)
    run.look()
    gate.pass_chunk()
    gate.pass_chunk(run.stop)
    assert run.wait(LONG_S)
    assert (run.result.runs, run.result.interrupted) == (4, True)
    monkeypatch.undo()
    run.begin()
    assert run.wait(LONG_S)
    assert (run.result.runs, run.result.interrupted) == (20, False)


def test_who_leaves_gets_no_answer_and_who_comes_back_gets_all_of_it(run, monkeypatch):
    gate = Gate(monkeypatch, run)
    run.look()
    gate.pass_chunk(run.leave)
    run._thread.join(LONG_S)
    assert not run.is_over
    monkeypatch.undo()
    assert run.look().wait(LONG_S)
    assert run.result.runs == 20


def test_another_visitor_who_looks_keeps_the_runs_going(run, monkeypatch):
    gate = Gate(monkeypatch, run)
    run.look()
    gate.pass_chunk(run.leave, run.look)
    for _ in range(9):
        gate.pass_chunk()
    assert run.wait(LONG_S)
    assert run.result.runs == 20


def test_runs_that_nobody_looks_at_stop(run, monkeypatch):
    gate = Gate(monkeypatch, run)
    run.look()
    now = background_run.time.monotonic()
    later = now + background_run.FORGOTTEN_S + 1
    gate.pass_chunk(lambda: monkeypatch.setattr(background_run.time, "monotonic", lambda: later))
    run._thread.join(LONG_S)
    assert not run.is_over


def test_a_mistake_of_the_program_ends_the_runs_and_is_told(run, monkeypatch):
    def fail(*_, **__):
        raise ValueError("a mistake")

    monkeypatch.setattr(pathway_results, "run_trial", fail)
    assert run.look().wait(LONG_S)
    assert run.failed
    assert run.result is None
