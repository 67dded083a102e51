"""Limits on processor and memory for some processes together (cgroups(7), version 1 and 2)."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD = 100_000  # µs, the kernel's default
MB = 1024 * 1024


class NoCgroups(Exception):
    """This machine does not let us make a control group."""


@dataclass(frozen=True)
class Used:
    """What the processes used since their group was made: MB, seconds."""

    peak: float
    """Memory, with the files that the kernel keeps for them as long as there is room."""
    out_of_memory: int
    """How many processes were killed for want of memory."""
    processor: float
    throttled: float
    """How long the processes waited because they had used their share."""


class Group:
    """A control group with limits. Raises `NoCgroups`."""

    def __init__(self, name: str, *, cores: float, memory: int, root: Path = ROOT) -> None:
        self.version = 2 if (root / "cgroup.controllers").exists() else 1
        kinds = ("",) if self.version == 2 else ("memory", "cpu", "cpuacct")
        self._folders = {kind: root / kind / name for kind in kinds}
        quota = str(int(cores * PERIOD))
        try:
            if self.version == 2:
                (root / "cgroup.subtree_control").write_text("+cpu +memory")
            for folder in self._folders.values():
                folder.mkdir()
            if self.version == 2:
                self._write("", "memory.max", str(memory * MB))
                self._write("", "cpu.max", f"{quota} {PERIOD}")
                with suppress(OSError):
                    self._write("", "memory.swap.max", "0")
            else:
                self._write("memory", "memory.limit_in_bytes", str(memory * MB))
                self._write("cpu", "cpu.cfs_period_us", str(PERIOD))
                self._write("cpu", "cpu.cfs_quota_us", quota)
        except OSError as error:
            self.remove()
            raise NoCgroups(f"{error.strerror}: {error.filename}") from error

    def enter(self) -> None:
        """Put this process, and those that it starts from now on, into the group."""
        for kind in self._folders:
            self._write(kind, "cgroup.procs", str(os.getpid()))

    def used(self) -> Used:
        """So far."""
        if self.version == 2:
            processor = self._counters("", "cpu.stat")
            return Used(
                int(self._read("", "memory.peak")) / MB,
                self._counters("", "memory.events")["oom_kill"],
                processor["usage_usec"] / 1e6,
                processor["throttled_usec"] / 1e6,
            )
        return Used(
            int(self._read("memory", "memory.max_usage_in_bytes")) / MB,
            self._counters("memory", "memory.oom_control")["oom_kill"],
            int(self._read("cpuacct", "cpuacct.usage")) / 1e9,
            self._counters("cpu", "cpu.stat")["throttled_time"] / 1e9,
        )

    def anonymous(self) -> float:
        """MB that the processes themselves hold now, without the kernel's copies of files."""
        if self.version == 2:
            return self._counters("", "memory.stat")["anon"] / MB
        return self._counters("memory", "memory.stat")["total_rss"] / MB

    def remove(self) -> None:
        """Once its processes have ended."""
        for folder in self._folders.values():
            with suppress(OSError):
                folder.rmdir()

    def _write(self, kind: str, file: str, value: str) -> None:
        (self._folders[kind] / file).write_text(value)

    def _read(self, kind: str, file: str) -> str:
        return (self._folders[kind] / file).read_text()

    def _counters(self, kind: str, file: str) -> dict[str, int]:
        return {name: int(value) for name, value in map(str.split, self._read(kind, file).splitlines())}
