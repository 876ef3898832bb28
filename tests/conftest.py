"""What holds for every test."""

from hypothesis import settings

from coverage.blas_threads import use_one_blas_thread

# As the program does: two processes of tests would wait for each other's threads.
use_one_blas_thread()
# A test says what is right, never how fast: machines are shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
