"""HiGHS behind four words: columns, rows, solve, solved.

Huangfu Q, Hall JAJ (2018), Parallelizing the dual revised simplex method, Mathematical
Programming Computation 10:119-142. One thread and a fixed seed: an answer that ends by its
gap, and not by time or interruption, is the same every time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from highspy.highs import HighsCallbackEvent

from coverage.placement.request import Watch
from coverage.placement.units import Bools, Floats, Ints

INF = highspy.kHighsInf
_INT32 = np.int32
_SHARE_TOLD = 0.01
# No programme here is unbounded.
_INFEASIBLE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)
Listener = Callable[[float, float], None]
STATES = ("optimal", "gap", "time", "interrupted", "infeasible")


@dataclass(frozen=True)
class Solved:
    """What the solver found.

    Attributes
    ----------
    state
        One of ``STATES``.
    values
        Shape (columns,); empty if it has found no solution.
    value, bound
        Of the objective, which is maximised; minus and plus infinity if unknown.
    seconds
        Of the solver itself.
    """

    state: str
    values: Floats
    value: float
    bound: float
    seconds: float


class Budget:
    """Seconds that are left for a proof: by the watch's clock, else by the solver's own."""

    def __init__(self, watch: Watch, seconds: float) -> None:
        self._watch = watch
        self._seconds = seconds
        self._started = watch.stopwatch() if watch.stopwatch else 0.0
        self.solver_seconds = 0.0

    @property
    def spent(self) -> float:
        """Seconds gone."""
        stopwatch = self._watch.stopwatch
        return stopwatch() - self._started if stopwatch else self.solver_seconds

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self._seconds - self.spent)


@dataclass(frozen=True)
class Rows:
    """Rows ``low <= sum of coefficient * column <= high``.

    ``low, high``: shape (rows,). ``start, column, coefficient``: row r has the entries
    ``start[r]`` to ``start[r + 1]``.
    """

    low: Floats
    high: Floats
    start: Ints
    column: Ints
    coefficient: Floats


def row(
    columns: npt.ArrayLike, coefficients: npt.ArrayLike, low: float = -INF, high: float = INF
) -> Rows:
    """Return one row."""
    column = np.asarray(columns, dtype=np.int64)
    coefficient = np.broadcast_to(np.asarray(coefficients, np.float64), column.shape)
    ends = np.array([0, len(column)])
    return Rows(np.array([low]), np.array([high]), ends, column, np.array(coefficient))


def stack(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts, in their order."""
    none = np.zeros(0)
    sizes = np.concatenate([none, *(np.diff(part.start) for part in parts)])
    return Rows(
        np.concatenate([none, *(part.low for part in parts)]),
        np.concatenate([none, *(part.high for part in parts)]),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([none, *(part.column for part in parts)]).astype(np.int64),
        np.concatenate([none, *(part.coefficient for part in parts)]),
    )


class Program:
    """A mixed-integer programme that is maximised, as it is written down."""

    def __init__(self) -> None:
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._worth: list[Floats] = []
        self._whole: list[Bools] = []
        self._rows: list[Rows] = []
        self.columns = 0

    def add_columns(
        self,
        count: int,
        *,
        low: npt.ArrayLike = 0.0,
        high: npt.ArrayLike = 1.0,
        worth: npt.ArrayLike = 0.0,
        whole: npt.ArrayLike = False,
    ) -> Ints:
        """Add variables and return their numbers; each argument one value or shape (count,)."""
        for kept, given in ((self._low, low), (self._high, high), (self._worth, worth)):
            kept.append(np.broadcast_to(np.asarray(given, np.float64), (count,)))
        self._whole.append(np.broadcast_to(np.asarray(whole, np.bool_), (count,)))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, *rows: Rows) -> None:
        """Add rows."""
        self._rows += rows

    def add_worth(self, worth: Floats) -> None:
        """Add to what each column, shape (columns,), is worth."""
        self._worth = [np.concatenate(self._worth) + worth]

    @property
    def whole(self) -> Bools:
        """Shape (columns,): must be a whole number."""
        return np.concatenate(self._whole)

    def load(self) -> "Solver":
        """Return a solver that holds the programme."""
        rows = stack(self._rows)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, len(rows.low)
        model.col_cost_ = np.concatenate(self._worth)
        model.col_lower_, model.col_upper_ = np.concatenate(self._low), np.concatenate(self._high)
        model.row_lower_, model.row_upper_ = rows.low, rows.high
        model.sense_ = highspy.ObjSense.kMaximize
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.start.astype(_INT32)
        model.a_matrix_.index_ = rows.column.astype(_INT32)
        model.a_matrix_.value_ = rows.coefficient
        model.integrality_ = _kinds(self.whole)
        return Solver(model)


def _kinds(whole: Bools) -> list[highspy.HighsVarType]:
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    return [kinds[int(one)] for one in whole]


class _SilentHighs(highspy.Highs):
    """HiGHS that says nothing, from its first line on."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name; called as it is made
        """Be silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Guard:
    """Asks the watch while the solver runs, stops the solver if it says so, and tells it of time.

    Of a run with a name and a limit of seconds the share that has gone is told, in hundredths.
    Who listens is told the value and the bound, each time one of them is another.
    """

    def __init__(self, watch: Watch, stage: str, seconds: float, listen: Listener | None) -> None:
        self._watch = watch
        self._stage = stage
        self._seconds = seconds
        self._listen = listen
        self._heard = (-INF, INF)
        self._told = 0.0
        self.stopped = False
        self.error: BaseException | None = None

    def ask(self, event: HighsCallbackEvent) -> None:
        """Stop the solver if nobody wants it to go on."""
        try:
            self.stopped = self.stopped or not self._watch.keep_going()
            self._tell(event.data_out.running_time)
            self._report(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
        except BaseException as error:  # noqa: BLE001 - raised again once the solver has stopped
            self.error, self.stopped = error, True
        if self.stopped:
            event.interrupt()

    def _tell(self, running_s: float) -> None:
        if not self._stage or not 0 < self._seconds < INF:
            return
        share = min(1.0, running_s / self._seconds)
        if share >= self._told + _SHARE_TOLD:
            self._told = share
            self._watch.progress(self._stage, share)

    def _report(self, value: float, bound: float) -> None:
        if self._listen is None or not abs(value) < INF or not abs(bound) < INF:
            return
        if (value, bound) != self._heard:
            self._heard = (value, bound)
            self._listen(value, bound)


class Solver:
    """HiGHS with a programme loaded, to which rows may be added between solves."""

    def __init__(self, model: highspy.HighsLp) -> None:
        self._highs = _SilentHighs()  # type: ignore[no-untyped-call]
        for name in ("threads", "random_seed"):
            self._highs.setOptionValue(name, 1)
        self._highs.passModel(model)
        self._columns = model.num_col_
        self._whole = False

    def set_whole(self, whole: Bools) -> None:
        """Say anew which columns, shape (columns,), must be whole numbers."""
        kinds = np.array(_kinds(whole))
        self._highs.changeColsIntegrality(
            self._columns, np.arange(self._columns, dtype=_INT32), kinds
        )

    def add_rows(self, rows: Rows) -> None:
        """Add rows to the programme."""
        self._highs.addRows(
            len(rows.low),
            rows.low,
            rows.high,
            len(rows.column),
            rows.start[:-1].astype(_INT32),
            rows.column.astype(_INT32),
            rows.coefficient,
        )

    def solve(
        self,
        watch: Watch,
        *,
        seconds: float = INF,
        gap: float = 0.0,
        start: Floats | None = None,
        stage: str = "",
        listen: Listener | None = None,
    ) -> Solved:
        """Solve as far as the gap, the seconds and the watch allow.

        Parameters
        ----------
        gap
            Between bound and value, as a share of the value.
        start
            Shape (columns,): a solution to begin from.
        stage
            Under this name the share of the seconds that has gone is told; not if empty.
        listen
            Told value and bound of a programme of whole numbers as they change.
        """
        highs = self._highs
        highs.setOptionValue("mip_rel_gap", gap)
        spent = highs.getRunTime()
        # The limit is of one run, the seconds that are told are of all.
        highs.setOptionValue("time_limit", min(max(0.0, seconds), INF))
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = list(start)
            highs.setSolution(solution)
        stopped = self._run(_Guard(watch, stage, seconds, listen))
        return self._solved(stopped=stopped, gap=gap, seconds=highs.getRunTime() - spent)

    def _run(self, guard: "_Guard") -> bool:
        """Run to the end, or until the watch says stop; return whether it did."""
        asked = (
            self._highs.cbSimplexInterrupt,
            self._highs.cbIpmInterrupt,
            self._highs.cbMipInterrupt,
        )
        for event in asked:
            event.subscribe(guard.ask)
        self._highs.run()
        for event in asked:
            event.unsubscribe(guard.ask)
        if guard.error is not None:
            raise guard.error
        return guard.stopped

    def _solved(self, *, stopped: bool, gap: float, seconds: float) -> Solved:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if status in _INFEASIBLE:
            return Solved("infeasible", np.zeros(0), -np.inf, -np.inf, seconds)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(self._highs.getSolution().col_value) if found else np.zeros(0)
        value = info.objective_function_value if found else -np.inf
        if status == highspy.HighsModelStatus.kOptimal:
            is_mip = info.mip_node_count >= 0
            bound = info.mip_dual_bound if is_mip else value
            exact = gap == 0 or abs(bound - value) <= 1e-9 * max(1.0, abs(value))
            return Solved("optimal" if exact else "gap", values, value, bound, seconds)
        bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else np.inf
        return Solved("interrupted" if stopped else "time", values, value, bound, seconds)
