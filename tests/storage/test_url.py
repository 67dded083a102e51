"""`ATTACHMENTS_URL`: what it names. `tests/ops/test_settings.py` has what is malformed."""

from pathlib import Path

import pytest

from bot.storage.url import Bucket, read_store_url


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("var/attachments", Path("var/attachments")),
        ("/srv/pièces jointes", Path("/srv/pièces jointes")),
        ("file:///srv/pi%C3%A8ces%20jointes", Path("/srv/pièces jointes")),
        ("file://localhost/srv/a", Path("/srv/a")),
        ("s3://guichet", Bucket("guichet")),
        ("s3://guichet/", Bucket("guichet")),
        ("s3://guichet/a/b/", Bucket("guichet", "a/b")),
        ("s3://guichet/pi%C3%A8ces%20jointes", Bucket("guichet", "pièces jointes")),
        ("s3://guichet?region=eu-west-3", Bucket("guichet", region="eu-west-3")),
        (
            "s3://guichet/a?endpoint=https://s3.univ.example:9000/&region=paris",
            Bucket("guichet", "a", "https://s3.univ.example:9000", "paris"),
        ),
        (
            "s3://guichet?endpoint=https%3A%2F%2Fs3.univ.example",
            Bucket("guichet", "", "https://s3.univ.example"),
        ),
    ],
)
def test_a_url_names_a_place(url: str, place: Path | Bucket) -> None:
    assert read_store_url(url) == place
