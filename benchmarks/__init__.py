"""How long it takes, as ratios in one interleaved run: ``python -m benchmarks``."""
