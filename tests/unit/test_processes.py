"""Chunks by one process or several: the same answers in the same order."""

import multiprocessing
import os
from concurrent.futures import process as pools

import pytest

from coverage.commands import processes
from coverage.commands.processes import cores, map_chunks


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

    def by_processes(count, work, items):
        asked.append((count, list(items)))
        return map(work, items)

    monkeypatch.setattr(processes, "_by_processes", by_processes)
    return asked


class TestWhoComputes:
    def test_one_process_is_this_one(self, pooled):
        assert list(map_chunks(1)(here, range(3))) == [os.getpid()] * 3
        assert pooled == []

    def test_so_many_as_asked_but_never_more_than_chunks(self, pooled):
        assert list(map_chunks(2)(square, range(5))) == [0, 1, 4, 9, 16]
        assert list(map_chunks(8)(square, range(3))) == [0, 1, 4]
        assert [count for count, _ in pooled] == [2, 3]

    def test_by_default_short_work_is_done_here(self, pooled, monkeypatch):
        monkeypatch.setattr(processes, "cores", lambda: 4)
        assert list(map_chunks()(square, range(5))) == [0, 1, 4, 9, 16]
        assert pooled == []

    def test_by_default_long_work_is_done_by_the_cores_after_the_first_chunk(
        self, pooled, monkeypatch
    ):
        monkeypatch.setattr(processes, "cores", lambda: 4)
        clock = iter([10.0, 13.0])
        monkeypatch.setattr(processes.time, "monotonic", lambda: next(clock))
        assert list(map_chunks()(square, range(5))) == [0, 1, 4, 9, 16]
        assert pooled == [(4, [1, 2, 3, 4])]

    def test_nothing_to_do_is_nothing(self, pooled):
        assert list(map_chunks()(square, [])) == []
        assert list(map_chunks(3)(square, [])) == []
        assert pooled == []

    def test_there_is_a_core(self, monkeypatch):
        assert cores() >= 1
        monkeypatch.delattr(processes.os, "sched_getaffinity", raising=False)
        assert cores() == os.cpu_count()


class TestProcesses:
    def test_answers_come_in_order_and_nobody_is_left(self):
        assert list(map_chunks(2)(square, range(6))) == [0, 1, 4, 9, 16, 25]
        assert multiprocessing.active_children() == []

    def test_an_answer_that_is_no_longer_asked_for_ends_them(self):
        for answer in map_chunks(2)(square, range(6)):
            assert answer == 0
            break
        for child in multiprocessing.active_children():
            child.join(5)
        assert multiprocessing.active_children() == []

    def test_processes_that_are_ended_from_outside_do_not_lose_the_work(self):
        assert list(map_chunks(2)(die_elsewhere, range(4))) == [1, 2, 3, 4]

    def test_a_mistake_in_the_work_is_told(self):
        with pytest.raises(ZeroDivisionError):
            list(map_chunks(2)(divide, [1, 0]))
        assert issubclass(pools.BrokenProcessPool, RuntimeError)


def divide(number):
    return 1 / number
