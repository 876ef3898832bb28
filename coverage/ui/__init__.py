"""The app: pages that each ask one question, on top of a prepared study."""

from coverage.blas_threads import use_one_blas_thread
from coverage.ui.server import launch

__all__ = ["launch"]

# However the app is started: its modules are imported after this one.
use_one_blas_thread()
