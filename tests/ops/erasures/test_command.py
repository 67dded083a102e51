"""`guichet person erase`: what it asks, what it refuses, what it says."""

import fcntl
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.ops.erasures.command import Wish
from bot.settings import Settings, SettingsError
from models.audit.entry import AuditEntry
from models.person import Person
from tests.ops.erasures.conftest import erase_person
from tests.support.use_case_desk import SmallDesk


def name_of(desk: SmallDesk, number: int) -> str:
    with desk.sessions() as session:
        return session.get_one(Person, number).name


def test_it_says_what_is_erased_and_what_remains_and_no_words(
    on_disk: SmallDesk, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    camille = on_disk.actor("camille")
    on_disk.open(on_disk.draft("Aiguille"))
    erase_person(settings, Wish("camille@univ.example", "u0camille", with_open_tickets=True))
    said = capsys.readouterr().out
    assert name_of(on_disk, camille.id) == "une personne"
    assert "1  tickets of their own" in said
    assert "guichet removals" in said
    assert "what they wrote on the tickets of others, without their name" in said
    assert "Aiguille" not in said
    assert on_disk.count(AuditEntry) == 1


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish("U0CAMILLE", "U0KARIM", with_open_tickets=True), "is not U0CAMILLE: nothing was erased"),
        (Wish("U0CAMILLE", "U0CAMILLE"), r"has open tickets \(1\)"),
        (Wish("U0NOBODY", "U0NOBODY"), "knows nobody with this"),
    ],
)
def test_it_refuses_in_words_and_erases_nothing(
    on_disk: SmallDesk, settings: Settings, wish: Wish, reason: str
) -> None:
    camille = on_disk.actor("camille")
    on_disk.open()
    with pytest.raises(SettingsError, match=reason):
        erase_person(settings, wish)
    assert name_of(on_disk, camille.id) == "Camille"
    assert settings.erasures_file
    assert settings.erasures_file.read_text() == ""


def test_an_app_is_no_person(on_disk: SmallDesk, settings: Settings) -> None:
    with on_disk.sessions.begin() as session:
        session.get_one(Person, on_disk.actor("lea").id).is_bot = True
    with pytest.raises(SettingsError, match="is the account of an app"):
        erase_person(settings, Wish("U0LEA", "U0LEA"))


def test_who_was_erased_is_not_erased_twice(on_disk: SmallDesk, settings: Settings) -> None:
    karim = on_disk.actor("karim")
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    with pytest.raises(SettingsError, match=r"was erased on .*, and has not used Guichet since"):
        erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    with pytest.raises(SettingsError, match=r"was erased on"):
        erase_person(settings, Wish(str(karim.id), "U0KARIM"))


@pytest.mark.parametrize("name", ["erasures_file", "erasures_key"])
def test_without_one_of_the_settings_nobody_is_erased(
    on_disk: SmallDesk, settings: Settings, name: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{name.upper()}: missing; "):
        erase_person(settings.model_copy(update={name: None}), Wish("U0KARIM", "U0KARIM"))
    assert on_disk.actor("karim")


def test_a_file_written_with_another_key_is_refused_before_anything_is_erased(
    on_disk: SmallDesk, settings: Settings
) -> None:
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    other = settings.model_copy(update={"erasures_key": SecretStr("x" * 32)})
    with pytest.raises(SettingsError, match=r"^ERASURES_KEY: .* was written with another key"):
        erase_person(other, Wish("U0LEA", "U0LEA"))
    assert on_disk.actor("lea")


def test_a_locked_folder_of_the_database_delays_no_erasure(on_disk: SmallDesk, settings: Settings) -> None:
    """A temporary folder is locked for as long as it is in use (`bot.temporary`)."""
    if settings.on_sqlite:
        folder = Path(settings.database_url.get_secret_value().removeprefix("sqlite:///")).parent
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    karim = on_disk.actor("karim")
    erase_person(settings, Wish("U0KARIM", "U0KARIM"))
    assert name_of(on_disk, karim.id) == "une personne"
