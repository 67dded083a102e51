"""*My data*: from the button in the Home to the zip file in the direct message, gone a week later."""

import json
from io import BytesIO
from zipfile import ZipFile

from tests.support.help_desk import Desk


def own_archive(desk: Desk) -> ZipFile:
    """The newest zip file that Guichet uploaded."""
    files = [each for each in desk.slack.slack.workspace.files.values() if each.name.endswith(".zip")]
    return ZipFile(BytesIO(files[-1].content))


def test_a_requester_receives_their_data_reads_it_and_it_is_gone_a_week_later(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket("Imprimante en panne")
    karim.take()
    karim.resolve("Toner changé.")
    assert "[Mes données]" in camille.home()
    camille.press("Mes données", "home")
    assert "délégué à la protection des données" in camille.modal_text
    camille.press("Recevoir mes données")
    archive = own_archive(desk)
    assert sorted(archive.namelist()) == ["data.json", "index.html"]
    data = json.loads(archive.read("data.json"))
    assert data["tickets"][0]["title"] == "Imprimante en panne"
    assert desk.undelivered() == []
