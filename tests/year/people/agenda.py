"""What is to be done when: a heap of moments at whole minutes."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any


@dataclass
class Agenda:
    end: datetime
    _heap: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """Have something done at the minute of `at`; nothing, after the end."""
        at = at.replace(second=0, microsecond=0)
        if at < self.end:
            heapq.heappush(self._heap, (at, next(self._numbers), act))

    @property
    def next_at(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def do(self, now: datetime) -> bool:
        """Do what is due by now, in order. Returns whether something was."""
        is_done = False
        while self._heap and self._heap[0][0] <= now:
            is_done = True
            heapq.heappop(self._heap)[2]()
        return is_done
