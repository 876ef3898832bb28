"""What all commands share: lines, problems said at once, and Ctrl-C that keeps the best so far."""

import signal

import pytest

from coverage.commands.interrupting import keeping_best
from coverage.commands.problems import Problems, RefusedError
from coverage.commands.terminal import ProgressLines, SearchLines, tell, tell_written
from coverage.errors import MissingFileError, ScenarioError


class TestProblems:
    def test_without_a_problem_nothing_is_refused(self):
        problems = Problems()
        with problems.collected():
            pass
        problems.refuse()

    def test_every_problem_is_said_and_the_first_decides_the_exit_code(self, capsys):
        problems = Problems()
        with problems.collected():
            raise MissingFileError("not there", where="a.toml")
        with problems.collected("b.toml"):
            raise ScenarioError("cannot be", problems=["action 1: no"])
        with pytest.raises(RefusedError) as refusal:
            problems.refuse()
        assert refusal.value.exit_code == MissingFileError.exit_code
        said = capsys.readouterr().err
        assert "laegedaekning: not there · a.toml" in said
        assert "laegedaekning: cannot be · b.toml\n  action 1: no" in said

    def test_a_mistake_of_the_code_is_no_problem_of_the_planner(self):
        with pytest.raises(ZeroDivisionError), Problems().collected():
            raise ZeroDivisionError


class TestLines:
    def test_answers_and_progress_go_their_own_ways(self, capsys, tmp_path):
        tell(["one", "two"])
        tell_written(tmp_path, [tmp_path / "a.csv", tmp_path / "b.xlsx"])
        show = ProgressLines()
        for share in (0.0, 0.5, 1.0, 1.0):
            show("travel", share)
        printed = capsys.readouterr()
        assert printed.out == f"one\ntwo\nWritten to {tmp_path}: a.csv, b.xlsx\n"
        assert printed.err == "travel done\n"


class TestSearchLines:
    def said(self, capsys):
        return capsys.readouterr().err.splitlines()

    def test_a_stage_is_done_when_the_next_one_begins(self, capsys):
        lines = SearchLines(ProgressLines())
        lines.progress("prepare", 0.0)
        lines.progress("heuristic", 0.0)
        lines.progress("heuristic", 1.0)
        assert self.said(capsys) == ["prepare done"]
        lines.progress("exact", 0.2)
        lines.gap(0.0234)
        lines.gap(0.0012)
        lines.end()
        assert self.said(capsys) == ["heuristic done", "exact done (gap 0.12% of the gain)"]
        lines.end()
        assert self.said(capsys) == []

    def test_what_a_frontier_searches_anew_is_not_told_again(self, capsys):
        lines = SearchLines(ProgressLines())
        for stage in ("report", "frontier", "heuristic", "exact", "frontier", "trade_off"):
            lines.progress(stage, 0.5)
            lines.gap(0.5)
        lines.progress("heuristic", 0.1)
        lines.end()
        assert self.said(capsys) == [
            *("report done (gap 50.00% of the gain)", "frontier done", "trade_off done"),
        ]

    def test_on_a_terminal_the_gap_stands_in_the_line(self, capsys, monkeypatch):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        lines = SearchLines(ProgressLines())
        lines.progress("exact", 0.25)
        lines.gap(0.5)
        lines.end()
        first, second, third = capsys.readouterr().err.replace("\n", "\r").split("\r")[:3]
        assert first.split() == ["exact", "25%"]
        assert second.split() == ["exact", "25%", "gap", "50.00%", "of", "the", "gain"]
        assert third.split()[:2] == ["exact", "100%"]
        assert len(first) == len(second) == len(third)


@pytest.fixture
def listening():
    """Python's own answer to Ctrl-C, also where whoever started the tests ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
class TestKeepingBest:
    def test_the_first_ctrl_c_asks_to_stop_and_the_second_gives_up(self, capsys):
        before = signal.getsignal(signal.SIGINT)
        with keeping_best() as keep_going:
            assert keep_going()
            signal.raise_signal(signal.SIGINT)
            assert not keep_going()
            assert "best found so far" in capsys.readouterr().err
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is before

    def test_outside_the_block_ctrl_c_does_what_it_did(self):
        before = signal.getsignal(signal.SIGINT)
        with keeping_best() as keep_going:
            assert keep_going()
        assert signal.getsignal(signal.SIGINT) is before
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
