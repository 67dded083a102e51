"""Reads `ATTACHMENTS_URL`: a folder, or a bucket of an S3-compatible store."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

EXPECTED = "expected a folder, file:///folder or s3://bucket[/prefix][?endpoint=https://host&region=name]"
NO_KEYS = "the URL must not contain keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True)
class Bucket:
    """A bucket of an S3-compatible store, and the prefix of our keys in it."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    """The URL of the store; Amazon's by default."""
    region: str | None = None

    def __str__(self) -> str:
        where = f" at {self.endpoint}" if self.endpoint else ""
        return f"s3://{'/'.join(filter(None, (self.name, self.prefix)))}{where}"


def read_store_url(value: str) -> Path | Bucket:
    """The folder or bucket of a URL. Raises `ValueError`; its message does not contain the URL."""
    if not re.match(r"[a-z][a-z0-9+.-]+:", value, re.IGNORECASE):
        return Path(value)
    parts = _split(value)
    match parts.scheme:
        case "file":
            return _folder(parts)
        case "s3":
            return _bucket(parts)
    raise ValueError(EXPECTED)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:  # unbalanced brackets
        raise ValueError(EXPECTED) from None
    if "@" in parts.netloc:
        raise ValueError(NO_KEYS)
    return parts


def _folder(parts: SplitResult) -> Path:
    path = unquote(parts.path)
    if parts.netloc not in {"", "localhost"} or not path.startswith("/") or parts.query or parts.fragment:
        raise ValueError(EXPECTED)
    return Path(path)


def _bucket(parts: SplitResult) -> Bucket:
    # Amazon's names are lower case; other stores also allow capitals and underscores.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]+", parts.netloc) or parts.fragment:
        raise ValueError(EXPECTED)
    prefix = unquote(parts.path).strip("/")
    if prefix and not {"", ".", ".."}.isdisjoint(prefix.split("/")):
        raise ValueError(EXPECTED)
    options = _options(parts.query)
    endpoint = options.get("endpoint")
    return Bucket(parts.netloc, prefix, _endpoint(endpoint) if endpoint else None, options.get("region"))


def _options(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    if len(pairs) != len(options) or not options.keys() <= {"endpoint", "region"} or "" in options.values():
        raise ValueError(EXPECTED)
    return options


def _endpoint(value: str) -> str:
    parts = _split(value)
    try:
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a malformed port
        is_address = False
    if not is_address or parts.query or parts.fragment:
        raise ValueError(EXPECTED)
    return value.rstrip("/")
