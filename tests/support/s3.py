"""An S3 server for the tests, moto's, which checks signatures and rights as the real one does."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "guichet-test"
HOST = "127.0.0.1"
AWS = [
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"),
]
"""Variables that a client reads by itself."""
# What `.env.example` says that the help desk needs, and no more.
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        },
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"},
        # moto asks for it on the bucket too, which S3 does not ("DeleteObjects").
        {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{BUCKET}"},
    ],
}


class S3:
    """A server with one bucket, and keys that put, get and delete in it. One a process: moto has globals."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = _serve(0)
        self._port = self._server.get_host_and_port()[1]
        self.key_id, self.secret = _prepare(self.endpoint)
        # From here on signatures and rights are checked (docs.getmoto.org, "IAM-like Access Control").
        strict = Request(f"{self.endpoint}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
        urlopen(strict).close()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self._port}"

    def url(self, prefix: str = "") -> str:
        """`ATTACHMENTS_URL` for the bucket."""
        return f"s3://{BUCKET}/{prefix}?endpoint={self.endpoint}&region=eu-west-3"

    @contextmanager
    def down(self) -> Iterator[None]:
        """The server away for a while; what it kept is there when it is back."""
        self.stop()
        try:
            yield
        finally:
            self._server = _serve(self._port)

    def stop(self) -> None:
        self._server.stop()


def _serve(port: int) -> ThreadedMotoServer:
    server = ThreadedMotoServer(HOST, port, verbose=False)
    server.start()
    return server


def _prepare(endpoint: str) -> tuple[str, str]:
    """Make the bucket and somebody who may use it; their keys."""
    anybody = boto3.Session("any", "any", region_name="us-east-1")
    anybody.client("s3", endpoint_url=endpoint).create_bucket(Bucket=BUCKET)
    iam = anybody.client("iam", endpoint_url=endpoint)
    iam.create_user(UserName="guichet")
    iam.put_user_policy(UserName="guichet", PolicyName="put-and-get", PolicyDocument=json.dumps(POLICY))
    key = iam.create_access_key(UserName="guichet")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]
