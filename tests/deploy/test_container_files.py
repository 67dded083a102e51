"""deploy/Dockerfile, deploy/compose.yaml and .dockerignore say what the project has."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ops.backup.databases.programs import DEBIAN
from bot.settings.secret_files import SECRETS
from bot.settings.unknown import KNOWN
from hatch_build import EXAMPLES
from tests.architecture.test_requirements import project
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "db"}
PROCFILE = dict(
    line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() if line
)


def test_compose_runs_what_the_procfile_runs() -> None:
    def command(service: dict[str, Any]) -> str:
        return " ".join(service["command"] if "entrypoint" in service else ["guichet", *service["command"]])

    assert {name: command(service) for name, service in OURS.items() if name != "backup"} == PROCFILE


@pytest.mark.parametrize("name", OURS)
def test_each_setting_of_a_service_exists(name: str) -> None:
    assert set(OURS[name]["environment"]) <= KNOWN


def test_each_setting_of_the_image_exists() -> None:
    others = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    final = DOCKERFILE.partition(" AS system")[2]
    variables = set(re.findall(r"^(?:ENV|   ) ?([A-Z_]+)=", final, re.MULTILINE))
    assert variables >= {"HOST", "CATALOGUE"}
    assert variables - others <= KNOWN


@pytest.mark.parametrize("name", OURS)
def test_each_secret_of_a_service_is_a_file_that_it_is_given(name: str) -> None:
    environment, given = OURS[name]["environment"], set(OURS[name]["secrets"])
    files = {each.removesuffix("_FILE").lower(): path for each, path in environment.items()}
    named = {secret: path for secret, path in files.items() if path.startswith("/run/secrets/")}
    assert named == {secret: f"/run/secrets/{secret}" for secret in given}
    assert given <= set(SECRETS) & set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_can_write_nowhere_else_and_gain_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert ("cap_add" in service) == (name == "db")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", OURS)
def test_temporary_files_have_room_on_the_disk(name: str) -> None:
    assert "/tmp" in OURS[name]["volumes"]
    assert "tmpfs" not in OURS[name]


def test_there_are_two_workers_and_either_web_or_socket() -> None:
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert {name: each["profiles"] for name, each in SERVICES.items() if "profiles" in each} == {
        "web": ["web"],
        "socket": ["socket"],
        "backup": ["backup"],
    }


def test_processes_wait_for_the_release() -> None:
    waiting = {name for name, each in OURS.items() if "release" in each["depends_on"]}
    assert waiting == set(OURS) - {"release", "backup"}


def test_the_image_has_the_programs_of_the_version_of_the_database() -> None:
    client = re.findall(r"^ARG POSTGRESQL=(\d+)$", DOCKERFILE, re.MULTILINE)
    server = re.fullmatch(r"docker\.io/library/postgres:(\d+)-([a-z]+)", SERVICES["db"]["image"])
    assert server is not None
    assert client == [server[1]]
    assert re.findall(r"^ARG BASE=.*-slim-([a-z]+)$", DOCKERFILE, re.MULTILINE) == [server[2]]
    # Images before 18 keep their data one folder further down.
    kept = "/var/lib/postgresql/data" if int(server[1]) < 18 else "/var/lib/postgresql"
    assert SERVICES["db"]["volumes"] == [f"db:{kept}"]
    assert f"{DEBIAN}/${{POSTGRESQL}}/bin/pg_dump {DEBIAN}/${{POSTGRESQL}}/bin/pg_restore" in DOCKERFILE


def test_a_backup_has_all_that_it_reads_and_a_place_of_its_own() -> None:
    backup, worker = SERVICES["backup"], SERVICES["worker"]
    _command, *_options, folder = backup["command"]
    assert set(worker["volumes"]) < set(backup["volumes"])
    (own,) = set(backup["volumes"]) - set(worker["volumes"])
    assert own.endswith(f":{folder}")
    assert f" {folder} " in DOCKERFILE  # which the image gives to its user
    assert backup["environment"].items() <= worker["environment"].items()
    # A restore comes before the release, which would migrate what is there.
    assert set(backup["depends_on"]) == {"db"}


def test_the_base_has_the_newest_python_that_the_project_runs_on() -> None:
    found = re.findall(r"^ARG BASE=docker\.io/library/python:3\.(\d+)-slim", DOCKERFILE, re.MULTILINE)
    least = re.fullmatch(r">=3\.(\d+)", project()["project"]["requires-python"])
    assert least is not None
    assert [int(minor) >= int(least[1]) for minor in found] == [True]
    named = re.findall(r"Python :: 3\.(\d+)", str(project()["project"].get("classifiers")))
    assert not named or found == [max(named, key=int)]  # the newest that the project is tested with


def test_every_package_is_installed_with_its_hashes_checked() -> None:
    installs = [line for line in DOCKERFILE.replace("\\\n", " ").splitlines() if "requirements/" in line]
    commands = [each for line in installs for each in line.split("&&") if " install " in each]
    assert len(commands) == 3
    assert all("--require-hashes" in command for command in commands)
    assert not re.search(r"index-url|trusted-host|find-links", DOCKERFILE)


def test_all_bytecode_is_read_without_looking_at_the_times_of_sources() -> None:
    """compileall leaves what pip compiled, which is checked by the sources' times."""
    [no_compile] = re.findall(r"PIP_NO_COMPILE=(\w+)", DOCKERFILE)
    assert no_compile == "0"  # a true value makes pip compile (pip.pypa.io, "Configuration")
    modes = re.findall(
        r"-m compileall .*--invalidation-mode (\S+) /opt/guichet/lib$", DOCKERFILE, re.MULTILINE
    )
    assert modes == ["unchecked-hash"] * 2


def test_what_the_build_copies_is_in_its_context() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    packages = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "requirements/*.txt"}
    assert {*packages, *needed, *EXAMPLES} <= kept
    assert not kept & {"tests", "deploy", ".env", ".git", "var"}


def test_the_image_asks_for_its_health_as_the_command_answers() -> None:
    assert 'CMD ["guichet", "health"]' in DOCKERFILE
    assert 'ENTRYPOINT ["guichet"]' in DOCKERFILE


def test_no_secret_beside_the_files_is_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    folder = Path("deploy")
    assert {f"{folder}/.env", f"{folder}/guichet.env", f"{folder}/secrets/"} <= set(ignored)
