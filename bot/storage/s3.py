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

CONNECT = timedelta(seconds=3)


PATIENCE = timedelta(seconds=20)  # for one request, 10 MB included; less than a delivery's lease


REASONS = [
    (r"<Code>(\w+)</Code>", r"\1"),  # docs.aws.amazon.com, "Error responses"
    (r"status code: (\d{3})", r"HTTP \1"),
    (r"incorrectly configured region", r"another region"),
    (r"InvalidCertificate", r"certificate not trusted"),
    (r"https?://[^/\s]+/latest/api/token", r"no keys, nor does this machine have any"),
    (r"https?://([^/\s]+)", r"no answer from \1"),
]


class ObjectStore:
    """A store in a bucket, with a pair of keys, or with those that the environment or the machine has.

    A request is made once: the outbox is what tries again.
    """

    def __init__(
        self, bucket: Bucket, *, keys: tuple[str, str] | None = None, timeout: timedelta = PATIENCE
    ) -> None:
        self._bucket = bucket
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=_config(bucket, keys),
            client_options={
                "allow_http": (bucket.endpoint or "").startswith("http:"),
                "connect_timeout": min(CONNECT, timeout),
                "timeout": timeout,
            },
            retry_config={"max_retries": 0},
        )

    def __str__(self) -> str:
        return str(self._bucket)

    def put(self, key: str, content: bytes) -> None:
        with _refusals():
            # In one piece: pieces that are left behind cost money, and nobody sees them.
            self._store.put(key, content, use_multipart=False)

    def get(self, key: str) -> bytes:
        with _refusals(missing=key):
            return bytes(self._store.get(key).bytes())

    def delete(self, key: str) -> None:
        # S3 answers the same whether there was something or not ("DeleteObject"); not every other store does.
        with suppress(FileNotFoundError), _refusals(missing=key):
            self._store.delete(key)


def _config(bucket: Bucket, keys: tuple[str, str] | None) -> "S3Config":
    config: S3Config = {}
    if bucket.endpoint:
        # Of the two names for it, the one that no variable of the environment wins over.
        config["aws_endpoint_url_s3"] = bucket.endpoint
    if bucket.region:
        config["region"] = bucket.region
    if keys:
        config["access_key_id"], config["secret_access_key"] = keys
    return config


@contextmanager
def _refusals(missing: str | None = None) -> Iterator[None]:
    """What an S3 store's refusals mean; `missing`: the key that may well not be there."""
    try:
        yield
    except FileNotFoundError as error:  # so says obstore of every 404
        if missing is None or _reason(error) == "NoSuchBucket":
            raise StoreUnavailable(_reason(error)) from error
        raise FileNotFoundError(missing) from error
    except BaseError as error:
        raise StoreUnavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    """A few words for a refusal, of an error's pages of text, which the store may have put names in."""
    for pattern, words in REASONS:
        if found := re.search(pattern, str(error)):
            return found.expand(words)
    return "no answer"
