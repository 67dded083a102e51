"""Files of a form, as their author and the technicians see them."""

from playground.state.workspace import BOT_USER_ID, File
from tests.support.help_desk import DETAIL, DIRECT, FORM, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import forgive

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
UNREADABLE = "pièce impossible à récupérer (Slack n’a pas laissé le centre d’aide la lire)"
DELETED = "pièce impossible à récupérer (son auteur l’a supprimée)"


def send(camille: Person, *names: str) -> list[File]:
    """File a ticket with these files; the worker has not come yet."""
    camille.command("/ticket", "Écran noir")
    files = [file(name, PNG) for name in names]
    camille.submit({**FORM, "Pièces attachées": files}, deliver=False)
    return list(camille.desk.slack.slack.workspace.files.values())


def test_a_file_reaches_the_thread_of_the_card_as_it_was(desk: Desk, camille: Person, karim: Person) -> None:
    send(camille, "photo d’écran.png")
    desk.deliver()
    assert "📎 photo d’écran.png" in karim.reads(TRIAGE)[0]
    assert karim.thread_files() == ["photo d’écran.png"]
    files = desk.slack.slack.workspace.files.values()
    posted = [each for each in files if each.user == BOT_USER_ID]  # the author's own stays private
    assert [each.content for each in posted] == [PNG]


def test_the_author_does_not_wait_for_the_file(desk: Desk, camille: Person) -> None:
    send(camille, "photo.png")
    assert not camille.has_modal
    assert desk.calls("files.info") == []
    desk.deliver()
    assert len(desk.calls("files.info")) == 1


def test_a_request_has_its_files_too(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "reprise recyclage")
    camille.press("Ouvrir le service Reprise et recyclage")
    camille.press("Demander un service")
    camille.submit({**FORM, "Pièces attachées": [file("liste.csv", b"a;b")]})
    assert desk.person("marc").thread_files("#dnum-postes") == ["liste.csv"]


def test_files_of_the_same_name_are_both_there(desk: Desk, camille: Person, karim: Person) -> None:
    send(camille, "photo.png", "photo.png")
    desk.deliver()
    assert karim.thread_files() == ["photo.png", "photo.png"]


def test_the_detail_names_the_files(desk: Desk, camille: Person) -> None:
    send(camille, "photo.png")
    desk.deliver()
    camille.press(DETAIL, DIRECT)
    assert "📎 photo.png" in camille.modal_text


def test_a_file_over_10_megabytes_is_refused_by_the_form(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    large = file("gros.bin", b"x" * (10 * 1024 * 1024 + 1))
    answer = camille.submit({**FORM, "Pièces attachées": [large]})
    assert answer["errors"] == {"Pièces attachées": "gros.bin is larger than 10 MB."}
    assert desk.count_tickets() == 0


def test_a_file_that_its_author_deleted_is_named_with_the_reason(
    desk: Desk, camille: Person, karim: Person
) -> None:
    [photo] = send(camille, "photo.png")
    desk.slack.run(setattr, photo, "deleted", True)
    desk.deliver()
    forgive(desk, "file_deleted")
    assert f"⚠️ photo.png : {DELETED}" in karim.reads(TRIAGE)[0]
    assert karim.thread_files() == []
    camille.press(DETAIL, DIRECT)
    assert f"⚠️ photo.png : {DELETED}" in camille.modal_text


def test_one_file_that_cannot_be_had_is_named_and_keeps_no_other_back(
    desk: Desk, camille: Person, karim: Person
) -> None:
    _first, second, _third = send(camille, "a.png", "b.png", "c.png")
    desk.slack.run(setattr, second, "token", "an/address/of/nothing")
    desk.deliver()
    assert karim.thread_files() == ["a.png", "c.png"]
    card = karim.reads(TRIAGE)[0]
    for line in ("📎 a.png", f"⚠️ b.png : {UNREADABLE}", "📎 c.png"):
        assert line in card
