"""Backups of a bucket, of a database of version 0.1, and of somebody who was erased since."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.bootstrap import create_store
from bot.context.actor import person_by_slack_id
from bot.db.revisions import mismatch
from bot.db.session import Sessions
from bot.ops.backup.manifest import read_manifest
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.restoring import Wish
from bot.ops.database import open_engine, require_this_version
from bot.ops.erasures.command import Wish as Erasure
from bot.ops.erasures.command import erase_person
from bot.ops.migrate import migrate
from bot.settings import Settings
from tests.ops.backup.conftest import BackedUp
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.s3 import AWS, S3
from tests.support.use_case_desk import SmallDesk
from tests.upgrade.recorded_database import REVISION


@ON_SQLITE_ONLY
def test_the_files_of_a_bucket_are_copied_once_and_restored(
    backed_up: BackedUp, elsewhere: Settings, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in AWS:
        monkeypatch.delenv(name, raising=False)
    for settings, prefix in ((backed_up.settings, "été/avant"), (elsewhere, "après")):
        settings.attachments_url = s3.url(prefix)
        settings.aws_access_key_id = SecretStr(s3.key_id)
        settings.aws_secret_access_key = SecretStr(s3.secret)
    kept, taken_back = backed_up.attach("plan.pdf", b"plan"), backed_up.attach("secret.pdf")
    first = backed_up.back_up()
    backed_up.take_back(taken_back)
    second = read_manifest(backed_up.folder.path / backed_up.back_up())
    assert (
        second.attachments.keys() == {kept} == {each.name for each in backed_up.folder.attachments.iterdir()}
    )
    assert "attachments: 1, of which 0 are new; 1 were deleted" in backed_up.said
    store = create_store(elsewhere)
    store.put("99-99", b"of a ticket that is lost")
    backed_up.restore(elsewhere, Wish(first, delete_others=True))
    assert list(store.list_keys()) == [kept]
    assert store.get(kept) == b"plan"
    with s3.down(), pytest.raises(BackupProblem, match=r"^ATTACHMENTS_URL: s3://.*: no answer"):
        backed_up.restore(elsewhere, Wish(first, replace=True))


def test_who_was_erased_since_the_backup_is_erased_again_at_the_start(
    backed_up: BackedUp, elsewhere: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "apart" / "erasures"
    file.parent.mkdir()
    file.touch(mode=0o600)
    for settings in (backed_up.settings, elsewhere):
        settings.erasures_file, settings.erasures_key = file, SecretStr("k" * 32)
    key = backed_up.attach("plan.pdf")
    name = backed_up.back_up()
    with open_engine(backed_up.settings) as engine:
        erase_person(backed_up.settings, engine, Erasure("U0CAMILLE", "U0CAMILLE", with_open_tickets=True))
    backed_up.restore(elsewhere, Wish(name))
    with open_engine(elsewhere) as engine:
        desk = SmallDesk(Sessions(engine))
        assert is_known(desk)
        require_this_version(elsewhere)
        assert not is_known(desk)
    assert (Path(elsewhere.attachments_url) / key).exists()  # the worker deletes it, as after any erasure
    backed_up.back_up()
    assert not (backed_up.folder.attachments / key).exists()


def is_known(desk: SmallDesk) -> bool:
    with desk.sessions() as session:
        return person_by_slack_id(session, "U0CAMILLE") is not None


def test_a_backup_of_an_older_version_is_migrated(backed_up: BackedUp, elsewhere: Settings) -> None:
    with open_engine(elsewhere) as engine:
        migrate(engine, REVISION)
    older = replace(backed_up, settings=elsewhere)
    name = older.back_up()
    assert read_manifest(older.folder.path / name).revision == REVISION
    older.restore(elsewhere)
    with open_engine(elsewhere) as engine:
        assert mismatch(engine) is None
