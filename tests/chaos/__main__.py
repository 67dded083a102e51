"""`python -m tests.chaos [kills] [sqlite|postgresql]`; SEED=number and TRANSPORT=http|socket in the
environment."""

import sys

from tests.chaos.chaos import main

sys.exit(main(sys.argv[1:]))
