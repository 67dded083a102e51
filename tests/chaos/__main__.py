"""`python -m tests.chaos [kills] [sqlite|postgresql]`."""

import sys

from tests.chaos.chaos import main

sys.exit(main(sys.argv[1:]))
