"""PostgreSQL's own programs, pg_dump and pg_restore: where they are, and how they are given the database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection

from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop

DEBIAN = Path("/usr/lib/postgresql")


class Programs:
    """The programs for a server, of its version or the next newer one that is there."""

    def __init__(self, server: int, url: URL, stop: Stop) -> None:
        self.server, self._stop = server, stop
        # As psycopg is given it: libpq reads another syntax of URLs than SQLAlchemy.
        _none, values = url.get_dialect()().create_connect_args(url)
        # Not in the command, which every user of the machine can read.
        password = values.pop("password", None)
        values.pop("sslpassword", None)  # nor this, which libpq takes from nowhere else
        self._database = make_conninfo(**values)
        self._environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}

    def dump(self, *options: str) -> str:
        """Run pg_dump on the database. Returns its version. Raises `BackupProblem`."""
        program, version = self._find("pg_dump")
        self._run(program, [*options, f"--dbname={self._database}"])
        return version

    def restore(self, *options: str, into_database: bool = False) -> str:
        """Run pg_restore. Returns its output. Raises `BackupProblem`."""
        program, _version = self._find("pg_restore")
        return self._run(program, [*options, *([f"--dbname={self._database}"] if into_database else [])])

    def _run(self, program: Path, options: Sequence[str]) -> str:
        status, output, errors = self._stop.run([str(program), *options], self._environment)
        if status:
            lines = [line for line in errors.splitlines() if "error:" in line] or errors.splitlines() or [""]
            said = lines[-1].partition("error:")[2].strip() or lines[-1] or f"exit status {status}"
            raise BackupProblem(f"{program.name} failed: {said}")
        return output

    def _find(self, name: str) -> tuple[Path, str]:
        """The program and what it says of its version."""
        package = f"Debian's package postgresql-client-{self.server} (apt.postgresql.org has every version)"
        found = sorted(_installed(name))
        if not found:
            raise BackupProblem(f"{name} is not installed: install {package}")
        fit = [each for each in found if each[0] >= self.server]
        if not fit:
            raise BackupProblem(
                f"{name} is of version {found[-1][0]}, and the server of version {self.server}, which it "
                f"cannot read: install {package}"
            )
        # The nearest: what a newer one writes, an older server may not know.
        return fit[0][1], fit[0][2]


def server_version(connection: Connection) -> int:
    """18 for a server of version 18.4."""
    return int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _installed(name: str) -> Iterator[tuple[int, Path, str]]:
    folders = [Path(each) for each in os.get_exec_path()] + [*DEBIAN.glob("*/bin")]
    for folder in dict.fromkeys(folders):
        program = shutil.which(name, path=str(folder))
        if program and (said := _version(program)):
            yield int(said[1]), Path(program), said[0]


def _version(program: str) -> re.Match[str] | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    return re.search(r"^\S+ \(PostgreSQL\) (\d+)\S*", said)
