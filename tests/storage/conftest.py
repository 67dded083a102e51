"""What the tests of stores share: an S3 server a process, since moto has globals."""

from collections.abc import Iterator

import pytest

from tests.support.s3 import S3

AWS = [
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"),
]


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server."""
    with pytest.MonkeyPatch.context() as environment:
        for name in AWS:
            environment.delenv(name, raising=False)
        server = S3()
    yield server
    server.stop()
