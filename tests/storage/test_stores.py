"""Where attachments are kept: folder and bucket promise the same, and one that is down loses nothing."""

from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from bot.bootstrap import create_store
from bot.observability.reasons import describe
from bot.ops.doctor.attachments import check_store
from bot.ops.finding import Finding
from bot.settings import Settings, SettingsError
from bot.storage.base import Store
from bot.storage.folder import FolderStore
from bot.storage.s3 import ObjectStore
from bot.storage.url import Bucket
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.attachment import AttachmentState
from playground.testing import Playground
from tests.delivery.test_files import PICTURE, card, file_with, only_file, posted
from tests.storage.test_refusals import hopeless
from tests.support.doctor import examined
from tests.support.help_desk import DIRECT, TRIAGE, Desk
from tests.support.outbox_rows import delivery, wait
from tests.support.s3 import AWS, BUCKET, S3


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own cloud; least of all does it ask the network for keys."""
    for name in AWS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")


@pytest.fixture
def prefix() -> str:
    """A place of a test's own in the bucket, with what a prefix may well have in it."""
    return f"pièces jointes/été+{uuid4().hex}"


def store_of(s3: S3, prefix: str, **more: str) -> ObjectStore:
    """The store that the settings would make."""
    store = create_store(settings_of(s3, prefix, **more))
    assert isinstance(store, ObjectStore)
    return store


def settings_of(s3: S3, prefix: str, **more: str) -> Settings:
    given = {
        "attachments_url": s3.url(prefix),
        "aws_access_key_id": s3.key_id,
        "aws_secret_access_key": s3.secret,
    }
    return Settings(_env_file=None, **{**given, **more})


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, prefix: str) -> Store:
    """Each store in turn, empty."""
    if request.param == "folder":
        return FolderStore(tmp_path / "new" / "pièces jointes")
    return store_of(request.getfixturevalue("s3"), prefix)


# What both promise


@pytest.mark.parametrize(
    "content", [PICTURE, b"", bytes(10 * 1024 * 1024)], ids=["picture", "empty", "largest"]
)
def test_what_is_kept_is_found_again(store: Store, content: bytes) -> None:
    store.put("1-1", content)
    assert store.get("1-1") == content


def test_keeping_again_replaces(store: Store) -> None:
    store.put("1-1", b"a longer one")
    store.put("1-1", b"new")
    assert store.get("1-1") == b"new"


def test_one_key_is_not_another(store: Store) -> None:
    store.put("1-1", b"one")
    store.put("1-11", b"eleven")
    assert (store.get("1-1"), store.get("1-11")) == (b"one", b"eleven")


def test_what_was_never_kept_is_not_found(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        store.get("1-1")


def test_a_working_store_passes_the_check(store: Store) -> None:
    finding = check_store(store)
    assert (finding.ok, finding.text) == (True, f"attachments: {store}")


# What each does by itself


def test_a_folder_has_no_half_written_files(tmp_path: Path) -> None:
    FolderStore(tmp_path).put("1-1", b"old")
    FolderStore(tmp_path).put("1-1", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["1-1"]


def test_two_prefixes_of_a_bucket_are_two_stores(s3: S3, prefix: str) -> None:
    store_of(s3, f"{prefix}/a").put("1-1", b"a")
    with pytest.raises(FileNotFoundError):
        store_of(s3, f"{prefix}/b").get("1-1")
    assert store_of(s3, "").get(f"{prefix}/a/1-1") == b"a"


def test_keys_may_come_from_what_the_machine_has(
    s3: S3, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret)
    store = ObjectStore(Bucket(BUCKET, prefix, s3.endpoint))
    store.put("1-1", b"kept")
    assert store.get("1-1") == b"kept"


def test_a_stores_address_is_the_urls_whatever_the_environment(
    s3: S3, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    assert check_store(store_of(s3, prefix)).ok


# A store that refuses


def test_a_wrong_secret(s3: S3, prefix: str) -> None:
    store = store_of(s3, prefix, aws_secret_access_key="s3cret")
    assert hopeless(store) == "SignatureDoesNotMatch"


def test_an_unknown_key(s3: S3, prefix: str) -> None:
    assert hopeless(store_of(s3, prefix, aws_access_key_id="AKIANOBODY")) == "InvalidAccessKeyId"


def test_no_right_to_a_bucket(s3: S3) -> None:
    store = store_of(s3, "", attachments_url=f"s3://another-bucket?endpoint={s3.endpoint}")
    assert hopeless(store) == "AccessDenied"


def test_a_machine_without_keys(s3: S3) -> None:
    store = ObjectStore(Bucket(BUCKET, endpoint=s3.endpoint))
    assert hopeless(store) == "no keys are set, and this machine has none"


# The setting


def test_half_a_pair_of_keys_is_named() -> None:
    settings = Settings(_env_file=None, attachments_url="s3://guichet", aws_access_key_id="AKIA")
    with pytest.raises(SettingsError, match=r"^AWS_SECRET_ACCESS_KEY: missing; [^\n]+$"):
        create_store(settings)


def test_a_store_names_its_place_and_no_key(s3: S3) -> None:
    assert str(store_of(s3, "a")) == f"s3://{BUCKET}/a at {s3.endpoint}"


# The help desk with a bucket


@pytest.fixture
def settings(settings: Settings, s3: S3, prefix: str) -> Settings:
    """The settings of a help desk that keeps its attachments in a bucket."""
    own = {"aws_access_key_id": SecretStr(s3.key_id), "aws_secret_access_key": SecretStr(s3.secret)}
    return settings.model_copy(update={"attachments_url": s3.url(prefix), **own})


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


def test_a_file_of_a_form_is_kept_in_the_bucket_and_posted_in_the_cards_thread(
    desk: Desk, s3: S3, prefix: str
) -> None:
    file_with(desk, "écran.png", PICTURE)
    (file,) = posted(desk)
    assert (file.name, file.content) == ("écran.png", PICTURE)
    (on_triage,) = desk.person("karim").messages(TRIAGE)
    assert len(on_triage["replies"]) == 1
    kept = only_file(desk)
    assert kept.state is AttachmentState.KEPT
    assert store_of(s3, prefix).get(kept.key or "") == PICTURE


def test_a_kept_file_is_had_from_the_bucket_when_its_posting_is_tried_again(desk: Desk) -> None:
    desk.fault("files.getUploadURLExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    assert posted(desk) == []
    wait(desk)
    (file,) = posted(desk)
    assert file.content == PICTURE
    assert len(desk.calls("files.info")) == 1


def test_a_store_that_is_down_holds_the_file_up_and_loses_nothing(desk: Desk, s3: S3) -> None:
    with s3.down():
        file_with(desk, "écran.png", PICTURE)
        assert "Écran noir" in card(desk)
        desk.person("karim").take()
        assert "En cours" in desk.person("camille").reads(DIRECT)[0]
        assert posted(desk) == []
        waiting = delivery(desk, DeliveryKind.FILE)
        assert waiting.state is DeliveryState.PENDING
        assert describe(waiting.cause).startswith("attachments: no answer from 127.0.0.1:")
        assert waiting.started_at is None  # nothing reached Slack: there is nothing to look for there
    wait(desk)
    (file,) = posted(desk)
    assert file.content == PICTURE
    assert only_file(desk).state is AttachmentState.KEPT
    assert "En cours" in card(desk)


def test_a_store_that_is_down_when_a_kept_file_is_posted_is_asked_again(desk: Desk, s3: S3) -> None:
    desk.fault("files.getUploadURLExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    with s3.down():
        wait(desk)
        assert posted(desk) == []
    wait(desk)
    assert len(posted(desk)) == 1
    assert len(desk.calls("files.info")) == 1


def test_the_doctor_looks_at_the_store(slack: Playground, settings: Settings, s3: S3) -> None:
    well = [finding for finding in examined(settings) if finding.text.startswith("attachments: ")]
    assert well == [Finding(True, f"attachments: {create_store(settings)}", check="attachments")]
    with s3.down():
        (wrong,) = [finding for finding in examined(settings) if not finding.ok and BUCKET in finding.text]
    assert wrong.text.startswith(f"ATTACHMENTS_URL: s3://{BUCKET}/")
