"""What a scenario costs on the demo: one action's figures, every closing, the whole assessment.

All in one process, by turns: a running app has the study at hand, and a busy machine slows
every part alike. The yardstick is the whole assessment of the same scenario.
"""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.timing import PROJECT, Line, publish
from coverage.assessment import Assessment
from coverage.scenario.actions import Action, Close, Move, Open, Retire, Scenario, SetIntake
from coverage.scenario.apply import apply_scenario
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario.screening import screen_closures
from coverage.study import run_study
from coverage.study_file import load_study

_REPETITIONS = 7
_ACTION_S, _SCREENING_S = 0.05, 2.0
_X_M, _Y_M = 588_000.0, 6_139_000.0  # Odense
_YARDSTICK = "the whole assessment of a closing"


def run() -> None:
    """Measure and publish."""
    demo = run_study(load_study(PROJECT / "data" / "demo" / "study.toml")).assessment
    basis = EffectBasis(demo)
    tasks: dict[str, Callable[[], int]] = {
        name: _figures(demo, basis, action) for name, action in _actions(demo).items()
    }
    tasks["every closing by itself"] = lambda: len(screen_closures(demo))
    close = Scenario(name=_YARDSTICK, actions=(Close(ydernummer=demo.choice.open_ids[3]),))
    tasks[_YARDSTICK] = lambda: len(apply_scenario(demo, close).choice.by_origin)
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    sizes = {name: task() for name, task in tasks.items()}
    for _ in range(_REPETITIONS):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            seconds[name].append(time.perf_counter() - started)
    whole_s = median(seconds[_YARDSTICK])
    lines = []
    for name, runs in seconds.items():
        limit_s = {_YARDSTICK: None, "every closing by itself": _SCREENING_S}.get(name, _ACTION_S)
        met = None if limit_s is None else median(runs) <= limit_s
        target = "" if limit_s is None else f"at most {limit_s:g} s"
        ratio = median(runs) / whole_s
        lines.append(Line(name, median(runs), ratio, 0.0, sizes[name], len(runs), target, met=met))
    notes = [f"{name}: fastest {min(runs):.3f} s" for name, runs in seconds.items()]
    publish("scenario", "Scenarios on the demo region", lines, notes)


def _actions(demo: Assessment) -> dict[str, Action]:
    opened = demo.choice.open_ids
    closed = next(one for one in demo.matrix.site_ids if one not in opened)
    return {
        "figures of one opening": Open(site_id="K1", x_m=_X_M, y_m=_Y_M, capacities=2),
        "figures of one closing": Close(ydernummer=opened[3]),
        "figures of one move": Move(ydernummer=opened[7], x_m=_X_M, y_m=_Y_M),
        "figures of one list opened": SetIntake(ydernummer=closed, intake_open=True),
        "figures of one doctor stopping": Retire(
            ydernummer=str(demo.tables.doctors["ydernummer"].iloc[0])
        ),
    }


def _figures(demo: Assessment, basis: EffectBasis, action: Action) -> Callable[[], int]:
    scenario = Scenario(name="one action", actions=(action,))
    return lambda: len(measure_effect(basis, resolve_scenario(demo, scenario)).by_area)
