"""Programs that not every machine has; `.ci/run` installs them."""

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """The path of a program. Without it the test is skipped, naming its Debian package."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"{name} is missing: install Debian's package {package}")
    return path
