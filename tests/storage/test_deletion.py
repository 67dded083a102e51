"""What a store deletes is gone, and what is gone already is no failure: folder and bucket alike."""

import pytest

from bot.storage.base import Store, StoreUnavailable
from bot.storage.folder import FolderStore
from tests.storage.test_stores import bare_environment, prefix, store  # noqa: F401 (fixtures)


def test_what_was_deleted_is_not_found_and_the_rest_stays(store: Store) -> None:  # noqa: F811
    store.put("1-1", b"a")
    store.put("1-2", b"b")
    store.delete("1-1")
    with pytest.raises(FileNotFoundError):
        store.get("1-1")
    assert store.get("1-2") == b"b"


def test_deleting_what_was_never_kept_is_no_failure(store: Store) -> None:  # noqa: F811
    store.delete("1-1")


def test_a_folder_that_is_no_folder_is_unavailable(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        FolderStore(tmp_path / "a").delete("1-1")
