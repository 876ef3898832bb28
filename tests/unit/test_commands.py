"""What all commands share: lines, problems said at once, and Ctrl-C that keeps the best so far."""

import signal

import pytest

from coverage.commands.interrupting import keeping_best
from coverage.commands.problems import Problems, RefusedError
from coverage.commands.terminal import ProgressLines, tell, tell_written
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
