"""Stores that fail: each gives a short reason, is called once, and the delivery is retried."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.ops.doctor.attachments import check_store
from bot.ops.finding import Finding
from bot.storage.base import Store, StoreUnavailable
from bot.storage.folder import FolderStore
from bot.storage.s3 import ObjectStore
from bot.storage.url import Bucket

KEYS = ("a", "b")


def hopeless(store: Store) -> str:
    """Why neither method is of use: both refuse for the same reason, which is fit to be shown."""
    reasons = set()
    for use in (lambda: store.put("1-1", b"x"), lambda: store.get("1-1")):
        with pytest.raises(StoreUnavailable) as refused:
            use()
        reasons.add(refused.value.reason)
    (reason,) = reasons
    finding = check_store(store)
    assert (finding.ok, finding.text) == (
        False,
        f"ATTACHMENTS_URL: {store}: {reason}",
    )
    return reason


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert hopeless(FolderStore(tmp_path / "file" / "attachments")) == "Not a directory"


def test_what_a_folder_cannot_keep_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "1-1").mkdir()
    with pytest.raises(StoreUnavailable, match="Is a directory"):
        FolderStore(tmp_path).put("1-1", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["1-1"]


def test_a_server_that_is_not_there() -> None:
    store = ObjectStore(Bucket("guichet", endpoint="http://127.0.0.1:1"), keys=KEYS)
    assert hopeless(store) == "no answer from 127.0.0.1:1"


def test_a_server_that_never_answers() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        bucket = Bucket("guichet", endpoint=f"http://{host}")
        store = ObjectStore(bucket, keys=KEYS, timeout=timedelta(milliseconds=100))
        assert hopeless(store) == f"no answer from {host}"


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server_that(answer: Answer, certificate: Path | None = None) -> Iterator[Bucket]:
    """A bucket on a server that says always the same, over TLS with a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        do_PUT = do_GET  # noqa: N815 (as http.server calls it)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme, host = ("https", "localhost") if certificate else ("http", "127.0.0.1")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Bucket("guichet", endpoint=f"{scheme}://{host}:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


def says(status: int, body: bytes = b"") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


NO_BUCKET = b"<Error><Code>NoSuchBucket</Code><BucketName>guichet</BucketName></Error>"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (301, b"", "another region"),
        (404, NO_BUCKET, "NoSuchBucket"),
        (503, b"<Error><Code>SlowDown</Code></Error>", "SlowDown"),
        (502, b"<html>Bad Gateway</html>", "HTTP 502"),
    ],
)
def test_a_server_that_refuses(status: int, body: bytes, reason: str) -> None:
    with server_that(says(status, body)) as bucket:
        assert hopeless(ObjectStore(bucket, keys=KEYS)) == f"{reason}"


def test_a_refused_request_is_not_made_again() -> None:
    asked = []
    refuse = says(503)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.command)
        refuse(handler)

    with server_that(answer) as bucket:
        store = ObjectStore(bucket, keys=KEYS)
        for use in (lambda: store.put("1-1", b"x"), lambda: store.get("1-1")):
            with pytest.raises(StoreUnavailable):
                use()
    assert asked == ["PUT", "GET"]


def test_half_an_answer_is_none() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")

    with server_that(answer) as bucket, pytest.raises(StoreUnavailable, match="no answer"):
        ObjectStore(bucket, keys=KEYS).get("1-1")


def test_a_store_that_loses_objects_fails_the_check() -> None:
    class Forgetful(FolderStore):
        def put(self, key: str, content: bytes) -> None:
            pass

    finding = check_store(Forgetful(Path("nowhere")))
    assert not finding.ok
    assert "cannot be read back" in finding.text


def test_a_store_that_refuses_to_report_a_missing_object_fails_the_check(tmp_path: Path) -> None:
    class Secretive(FolderStore):
        def get(self, key: str) -> bytes:
            try:
                return super().get(key)
            except FileNotFoundError:
                raise StoreUnavailable("AccessDenied") from None

    assert check_store(Secretive(tmp_path)) == Finding(False, f"ATTACHMENTS_URL: {tmp_path}: AccessDenied")


def certificate(folder: Path) -> Path:
    """A self-signed certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, secret = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "localhost.pem"
    path.write_bytes(key.private_bytes(pem, form, secret) + made.public_bytes(pem))
    return path


def test_a_server_is_trusted_by_the_certificate_that_the_machine_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    with server_that(says(200, b"kept"), certificate=path) as bucket:
        assert hopeless(ObjectStore(bucket, keys=KEYS)) == "certificate not trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert ObjectStore(bucket, keys=KEYS).get("1-1") == b"kept"
