"""Chunks by one process or several: the same answers in the same order."""

import multiprocessing
import os
import signal
import threading
import time
from contextlib import contextmanager

import pytest

from coverage.commands import processes
from coverage.commands.processes import cores, sharing_chunks


def square(number):
    return number * number


def here(_number):
    return os.getpid()


def die_elsewhere(number):
    """End a process that was started for it, as the system does when memory is short."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return number + 1


@pytest.fixture
def pooled(monkeypatch):
    """Count the processes that are asked for, and compute here."""
    asked = []

    @contextmanager
    def workers(count):
        yield asked.append(count)

    monkeypatch.setattr(processes, "_workers", workers)
    monkeypatch.setattr(processes, "_answers", lambda _workers, work, items: map(work, items))
    return asked


def shared(count, work, items):
    """Return all answers."""
    with sharing_chunks(count) as map_chunks:
        return list(map_chunks(work, items))


class TestWhoComputes:
    def test_one_process_is_this_one(self, pooled):
        assert shared(1, here, range(3)) == [os.getpid()] * 3
        assert pooled == []

    def test_so_many_as_asked_but_never_more_than_chunks(self, pooled):
        assert shared(2, square, range(5)) == [0, 1, 4, 9, 16]
        assert shared(8, square, range(3)) == [0, 1, 4]
        assert pooled == [2, 3]

    def test_by_default_short_work_is_done_here(self, pooled, monkeypatch):
        monkeypatch.setattr(processes, "cores", lambda: 4)
        assert shared(None, square, range(5)) == [0, 1, 4, 9, 16]
        assert pooled == []

    @pytest.mark.parametrize(("took_s", "started"), [(1.49, []), (1.5, [4])])
    def test_by_default_long_work_is_done_by_the_cores_after_the_first_chunk(
        self, pooled, monkeypatch, took_s, started
    ):
        """Four chunks are left: from 1.5 s a chunk on they take six seconds."""
        monkeypatch.setattr(processes, "cores", lambda: 4)
        clock = iter([10.0, 10.0 + took_s])
        monkeypatch.setattr(processes.time, "monotonic", lambda: next(clock))
        assert shared(None, square, range(5)) == [0, 1, 4, 9, 16]
        assert pooled == started

    def test_nothing_to_do_is_nothing(self, pooled):
        assert shared(None, square, []) == shared(3, square, []) == []
        assert pooled == []

    def test_there_is_a_core(self, monkeypatch):
        assert cores() >= 1
        monkeypatch.delattr(processes.os, "sched_getaffinity", raising=False)
        assert cores() == os.cpu_count()


class TestProcesses:
    def test_answers_come_in_order_and_nobody_is_left(self):
        assert shared(2, square, range(6)) == [0, 1, 4, 9, 16, 25]
        assert multiprocessing.active_children() == []

    def test_what_is_no_longer_asked_for_is_given_up_at_once(self, tmp_path):
        marks = [tmp_path / name for name in ("first", "second", "third")]
        with sharing_chunks(2) as map_chunks:
            for answer in map_chunks(mark, marks):
                assert answer == marks[0]
                break
        assert multiprocessing.active_children() == []
        assert [path.name for path in tmp_path.iterdir()] == ["first"]

    def test_processes_that_are_ended_from_outside_do_not_lose_the_work(self):
        assert shared(2, die_elsewhere, range(4)) == [1, 2, 3, 4]

    def test_answers_of_many_megabytes_can_be_given_up_in_the_middle(self):
        """A pipe holds far less: the processes are in the middle of an answer."""
        for _ in range(5):
            with sharing_chunks(2) as map_chunks:
                for answer in map_chunks(megabytes, range(20)):
                    assert len(answer) == 8_000_000
                    break
            assert multiprocessing.active_children() == []

    def test_a_mistake_in_the_work_is_told(self):
        with pytest.raises(ZeroDivisionError):
            shared(2, divide, [1, 0])
        assert multiprocessing.active_children() == []


class TestCtrlC:
    def test_what_reaches_another_thread_meanwhile_is_heard_afterwards(self):
        heard, go = [], threading.Event()
        before = signal.signal(signal.SIGINT, lambda *_: heard.append("here"))

        def press():
            go.wait()
            signal.raise_signal(signal.SIGINT)

        other = threading.Thread(target=press)
        other.start()
        try:
            with processes._deaf_to_ctrl_c():
                go.set()
                other.join()
                assert heard == []
            assert heard == ["here"]
        finally:
            signal.signal(signal.SIGINT, before)

    def test_processes_that_are_started_do_not_hear_it(self):
        assert shared(2, blocks_ctrl_c, [1, 2]) == [True, True]
        assert blocks_ctrl_c(1) is False


def blocks_ctrl_c(_number):
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def divide(number):
    return 1 / number


def megabytes(_number):
    return bytes(8_000_000)


def mark(path):
    """Leave a mark; all but the first take their time."""
    if path.name != "first":
        time.sleep(15)
    path.touch()
    return path
