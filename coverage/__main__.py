"""``python -m coverage`` does what the command ``laegedaekning`` does."""

import sys

from coverage.cli import main

sys.exit(main())
