"""Print the SBOM of what running needs, in CycloneDX's JSON: `python .ci/sbom.py PYTHON`.

PYTHON is that of an environment with requirements/run.txt and nothing else, which knows the licences; the
file knows the hashes. Reproducible: the time is SOURCE_DATE_EPOCH, and there is no serial number.
"""

import json
import re
import subprocess
import sys
from typing import Any

REPRODUCIBLE = ("--output-reproducible", "--of", "JSON", "-o", "-")


def read(*arguments: str) -> dict[str, Any]:
    """The SBOM that cyclonedx-py makes."""
    command = [sys.executable, "-m", "cyclonedx_py", *arguments, *REPRODUCIBLE]
    made: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return made


def key(component: dict[str, Any]) -> tuple[str, str]:
    """Name and version, the name as PEP 503 normalizes it."""
    return re.sub(r"[-_.]+", "-", component["name"]).lower(), component["version"]


def main(python: str) -> None:
    sbom = read("environment", "--pyproject", "pyproject.toml", python)
    locked = {key(each): each for each in read("requirements", "requirements/run.txt")["components"]}
    for component in sbom["components"]:
        files = locked[key(component)]["externalReferences"]
        component.setdefault("externalReferences", []).extend(files)
    json.dump(sbom, sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
