"""Signed requests, built beforehand, and the people who send them."""

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.bench.environment import SECRET
from tests.bench.report.table import p50, p99

CONCURRENT = 16
STEADY = 50.0  # a second
Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    body: bytes
    headers: dict[str, str]
    path: str = "/slack/events"
    status: int = 200
    """With which it has to be answered."""


@dataclass(frozen=True)
class Load:
    """What a series of requests took: how many a second, and the seconds of each."""

    rate: float
    taken: Sequence[float]

    @property
    def p50(self) -> float:
        return p50(self.taken)

    @property
    def p99(self) -> float:
        return p99(self.taken)


def signed(form: dict[str, str]) -> Request:
    """A form as Slack sends it (docs.slack.dev, "Verifying requests from Slack")."""
    return sealed(urlencode(form).encode(), "application/x-www-form-urlencoded")


def sealed(body: bytes, content_type: str) -> Request:
    """A body with Slack's signature."""
    stamp = str(int(time.time()))
    seal = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={seal}",
    }
    return Request(body, headers)


def interaction(payload: Json) -> Request:
    """An interactive payload."""
    return signed({"payload": json.dumps(payload)})


def at_once(port: int, requests: Sequence[Request]) -> Load:
    """`CONCURRENT` people, each sending the next request as soon as the last one is answered."""
    return _send(port, iter(requests), lambda _number: None)


def steadily(port: int, requests: Sequence[Request]) -> Load:
    """`STEADY` requests a second, whether the earlier ones are answered or not; late ones count as slow."""
    start = time.perf_counter() + 0.1

    def wait(number: int) -> float:
        due = start + number / STEADY
        time.sleep(max(0.0, due - time.perf_counter()))
        return due

    return _send(port, iter(requests), wait)


def until_answered(port: int, request: Callable[[], Request], seconds: float = 60.0) -> None:
    """Send it until it is answered: a server that is just starting may close a connection."""
    end = time.monotonic() + seconds
    while True:
        try:
            at_once(port, [request()])
            return
        except RuntimeError:
            if time.monotonic() > end:
                raise


def together(loads: Sequence[Load]) -> Load:
    """Several series as one; the time between them does not count."""
    taken = [each for load in loads for each in load.taken]
    return Load(len(taken) / sum(len(load.taken) / load.rate for load in loads), taken)


def _send(port: int, requests: Iterator[Request], wait: Callable[[int], float | None]) -> Load:
    numbers, lock, taken, wrong = count(), threading.Lock(), list[float](), list[object]()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                number, request = next(numbers), next(requests, None)
            if request is None:
                break
            start = wait(number) or time.perf_counter()
            try:
                connection.request("POST", request.path, request.body, request.headers)
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException) as error:
                wrong.append(error)
                break
            taken.append(time.perf_counter() - start)
            if answer.status != request.status or b"error" in said:
                wrong.append((answer.status, said[:300]))
        connection.close()

    start = time.perf_counter()
    in_threads(work)
    if wrong:
        raise RuntimeError(f"{len(wrong)} requests were refused, such as {wrong[0]}")
    return Load(len(taken) / (time.perf_counter() - start), taken)


def in_threads(work: Callable[[], None], number: int = CONCURRENT) -> None:
    """Run `work` in so many threads until all have ended."""
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
