"""One thread for linear algebra: the matrices of this program are too small to gain from more.

More of them wait for each other: beside other work 100 runs of chance took 6.1 s by two threads
and 1.0 s by one (docs/decisions/0024).
"""

import os

# numpy's and scipy's own library, Intel's, and Apple's.
_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def use_one_blas_thread() -> None:
    """Let this process and those that it starts use one thread, unless its user says otherwise.

    For programs, not for what scripts import: it holds for all that the process does. The
    libraries read it when they are loaded, so it must come before numpy.
    """
    for name in _VARIABLES:
        os.environ.setdefault(name, "1")
