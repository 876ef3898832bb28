"""Results -> files: the only writers."""

from coverage.exports.outputs import OUTPUT_NAMES, write_outputs

__all__ = ["OUTPUT_NAMES", "write_outputs"]
