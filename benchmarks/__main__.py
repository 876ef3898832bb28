"""Run every benchmark, or those named: ``python -m benchmarks [name ...]``."""

import sys
from importlib import import_module

from coverage.blas_threads import use_one_blas_thread

_ALL = ("loader", "matrix", "assessment", "scenario", "placement", "pathway", "whole_study")


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = sorted(set(wanted) - set(_ALL))
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Benchmarks: {', '.join(_ALL)}", file=sys.stderr)
        return 2
    # As the program does.
    use_one_blas_thread()
    for name in wanted or _ALL:
        import_module(f"benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
