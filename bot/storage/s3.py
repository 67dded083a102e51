"""Attachments in a bucket of any S3-compatible store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import S3Store

from bot.storage.url import Bucket

if TYPE_CHECKING:  # for type checkers only: obstore does not have it at run time
    from obstore.store import S3Config
from bot.storage.base import StoreUnavailable

CONNECT_TIMEOUT = timedelta(seconds=3)
REQUEST_TIMEOUT = timedelta(seconds=20)  # for up to 10 MB; less than a delivery's lease
REASONS = [
    (r"<Code>(\w+)</Code>", r"\1"),  # docs.aws.amazon.com, "Error responses"
    (r"status code: (\d{3})", r"HTTP \1"),
    (r"incorrectly configured region", r"another region"),
    (r"InvalidCertificate", r"certificate not trusted"),
    (r"https?://[^/\s]+/latest/api/token", r"no keys are set, and this machine has none"),
    (r"https?://([^/\s]+)", r"no answer from \1"),
]


class ObjectStore:
    """A store in a bucket, with the given keys, or those of the environment or the machine.

    Requests are not retried here: the outbox retries deliveries.
    """

    def __init__(
        self, bucket: Bucket, *, keys: tuple[str, str] | None = None, timeout: timedelta = REQUEST_TIMEOUT
    ) -> None:
        self._bucket = bucket
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=_config(bucket, keys),
            client_options={
                "allow_http": (bucket.endpoint or "").startswith("http:"),
                "connect_timeout": min(CONNECT_TIMEOUT, timeout),
                "timeout": timeout,
            },
            retry_config={"max_retries": 0},
        )

    def __str__(self) -> str:
        return str(self._bucket)

    def put(self, key: str, content: bytes) -> None:
        with _translated_errors():
            # Without multipart: abandoned parts cost money and are not listed.
            self._store.put(key, content, use_multipart=False)

    def get(self, key: str) -> bytes:
        with _translated_errors(missing=key):
            return bytes(self._store.get(key).bytes())

    def delete(self, key: str) -> None:
        # S3 does not distinguish a missing object ("DeleteObject"); some other stores do.
        with suppress(FileNotFoundError), _translated_errors(missing=key):
            self._store.delete(key)

    def size(self, key: str) -> int | None:
        try:
            with _translated_errors(missing=key):
                return self._store.head(key)["size"]
        except FileNotFoundError:
            return None

    def list_keys(self) -> Iterator[str]:
        with _translated_errors():
            for page in self._store.list():
                yield from (each["path"] for each in page)


def _config(bucket: Bucket, keys: tuple[str, str] | None) -> "S3Config":
    config: S3Config = {}
    if bucket.endpoint:
        # Of its two names, the one that no environment variable overrides.
        config["aws_endpoint_url_s3"] = bucket.endpoint
    if bucket.region:
        config["region"] = bucket.region
    if keys:
        config["access_key_id"], config["secret_access_key"] = keys
    return config


@contextmanager
def _translated_errors(missing: str | None = None) -> Iterator[None]:
    """Raise obstore's errors as ours. `missing`: the key for which 404 is `FileNotFoundError`."""
    try:
        yield
    except FileNotFoundError as error:  # obstore's error for every 404
        if missing is None or _reason(error) == "NoSuchBucket":
            raise StoreUnavailable(_reason(error)) from error
        raise FileNotFoundError(missing) from error
    except BaseError as error:
        raise StoreUnavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    """A short reason; obstore's messages are long, and may contain names."""
    for pattern, reason in REASONS:
        if match := re.search(pattern, str(error)):
            return match.expand(reason)
    return "no answer"
