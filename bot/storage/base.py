"""Where attachments are kept: a local folder, or a bucket of any S3-compatible store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from obstore.exceptions import BaseError
from obstore.store import S3Store

from bot.delivery.errors import TryAgain
from bot.settings import Settings, required
from bot.storage.url import Bucket, read_store_url

if TYPE_CHECKING:  # for type checkers only: obstore does not have it at run time
    from obstore.store import S3Config

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


class Store(Protocol):
    """Where attachments are kept; `str` names the place. Both methods raise `TryAgain` when it is of no use
    now: it does not answer, refuses, is full.
    """

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`; the same key again replaces it."""

    def get(self, key: str) -> bytes:
        """What is kept under `key`. Raises `FileNotFoundError`."""


def create_store(settings: Settings) -> Store:
    """The store that the settings ask for. Raises `SettingsError` for one half of a pair of keys."""
    place = read_store_url(settings.attachments_url)
    if isinstance(place, Path):
        return FolderStore(place)
    key_id, secret = settings.aws_access_key_id, settings.aws_secret_access_key
    if key_id is None and secret is None:
        return ObjectStore(place)
    required(settings, "aws_access_key_id", "aws_secret_access_key")
    assert key_id is not None
    assert secret is not None
    return ObjectStore(place, keys=(key_id.get_secret_value(), secret.get_secret_value()))


class FolderStore:
    """A store in a local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    def put(self, key: str, content: bytes) -> None:
        # A half-written file is never found under its own name.
        part = self._folder / f".{key}.{uuid4().hex}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(self._folder / key)
        except OSError as error:
            with suppress(OSError):  # tried again and again, a full disk would fill up with halves
                part.unlink()
            raise _of_no_use(error.strerror or type(error).__name__) from error

    def get(self, key: str) -> bytes:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _of_no_use(error.strerror or type(error).__name__) from error


class ObjectStore:
    """A store in a bucket, with a pair of keys, or with those that the environment or the machine has.

    A request is made once: the outbox is what tries again.
    """

    def __init__(
        self, bucket: Bucket, *, keys: tuple[str, str] | None = None, patience: timedelta = PATIENCE
    ) -> None:
        self._bucket = bucket
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=_config(bucket, keys),
            client_options={
                "allow_http": (bucket.endpoint or "").startswith("http:"),
                "connect_timeout": min(CONNECT, patience),
                "timeout": patience,
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
            raise _of_no_use(_reason(error)) from error
        raise FileNotFoundError(missing) from error
    except BaseError as error:
        raise _of_no_use(_reason(error)) from error


def _reason(error: Exception) -> str:
    """A few words for a refusal, of an error's pages of text, which the store may have put names in."""
    for pattern, words in REASONS:
        if found := re.search(pattern, str(error)):
            return found.expand(words)
    return "no answer"


def _of_no_use(why: str) -> TryAgain:
    return TryAgain(f"attachments: {why}", reached=False)
