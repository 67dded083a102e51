"""Where the page tests find Chromium."""

import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The path of the system's Chromium, if it has one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__" and executable() is None:
    sys.stdout.write(
        "Chromium is not installed: the page tests are left out. To run them: apt-get install chromium\n"
    )
