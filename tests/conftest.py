"""What holds for every test."""

from hypothesis import settings

# A test says what is right, never how fast: machines are shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
