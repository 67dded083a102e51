"""People who change, leave or belong elsewhere: what the help desk knows of them, and does for them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from blocks import ids
from models.errors import AccountNotSupported, AccountUnattended
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import Person as PersonRow
from playground.client.payloads import new_trigger
from playground.state.workspace import TEAM_ID
from tests.support.help_desk import TRIAGE, Desk
from tests.support.outbox_rows import deliveries, delivery

CHOOSE_ANOTHER = (
    "Personne ne lit ce compte : il est désactivé, ou c’est celui d’un bot ou d’un flux de travail."
)
GONE = (
    "Camille Bernard ne reçoit pas les messages de ce ticket dans Slack : le compte est désactivé. "
    "Aucun courriel ne lui parvient non plus : appelez, ou voyez avec son service."
)


def change(desk: Desk, name: str, **changes: Any) -> None:
    """An administrator changes an account; the bot is told by `user_change`."""
    answer = desk.slack.control.post("person", user=name, **changes)
    assert answer["ok"], answer


def silently(desk: Desk, name: str, **changes: Any) -> None:
    """The same, and nobody tells the bot."""
    person = desk.slack.slack.workspace.person(name)
    assert person is not None
    for field, value in changes.items():
        desk.slack.run(setattr, person, field, value)
    desk.slack.run(desk.slack.slack.workspace.altered.add, person.id)


def known(desk: Desk, name: str) -> PersonRow:
    with desk.sessions() as session:
        found = desk.person(name).slack_id
        return session.scalars(select(PersonRow).where(PersonRow.slack_id == found)).one()


def file_for(desk: Desk, slack_id: str) -> str:
    """Karim files for somebody whom his client's menu may not offer; what is said at the field, or ""."""
    karim = desk.person("karim")
    karim.command("/ticket", "Pour autrui")
    labels = karim.modal["labels"]
    assert "Demandeur" in labels
    body = karim.submission()
    values = body["view"]["state"]["values"]
    values[ids.REQUESTER][ids.REQUESTER]["selected_user"] = slack_id
    values[ids.IMPACT][ids.IMPACT]["selected_option"] = {"value": "person"}
    values[ids.URGENCY][ids.URGENCY]["selected_option"] = {"value": "high"}
    values[ids.SITE][ids.SITE]["selected_option"] = {"value": "iut"}
    return str(desk.dispatch(body).get("errors", {}).get(ids.REQUESTER, ""))


# Accounts that nobody reads


@pytest.mark.parametrize("who", ["slackbot", "deactivated", "workflow", "nobody", "invisible"])
def test_no_ticket_is_created_for_an_unattended_account(desk: Desk, who: str) -> None:
    slack_id = desk.person("oliver").slack_id
    desk.parts.directory.actor(desk.person("karim").slack_id)
    match who:
        case "slackbot":
            slack_id = "USLACKBOT"
        case "deactivated":
            silently(desk, "oliver", deleted=True)
        case "workflow":
            silently(desk, "oliver", is_workflow_bot=True)
        case "nobody":
            desk.fault("users.info", 0, error="user_not_found")
        case "invisible":
            silently(desk, "oliver", hidden=True)
    assert file_for(desk, slack_id).startswith(CHOOSE_ANOTHER)
    assert desk.count_tickets() == 0


def test_a_deactivated_technician_cannot_be_assigned(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    karim = desk.person("karim")
    desk.parts.directory.actor(desk.person("lea").slack_id)
    change(desk, "lea", deleted=True)
    karim.menu("Affecter à…")
    body = karim.submission()
    values = body["view"]["state"]["values"]
    values[ids.ASSIGNEE][ids.ASSIGNEE]["selected_user"] = desk.person("lea").slack_id
    [words] = desk.dispatch(body)["errors"].values()
    assert words.startswith(CHOOSE_ANOTHER)
    assert desk.ticket().assignee is None


def test_a_reactivated_account_is_served_again(desk: Desk) -> None:
    camille = desk.person("camille")
    desk.parts.directory.actor(camille.slack_id)
    change(desk, "camille", deleted=True)
    with pytest.raises(AccountUnattended):
        desk.parts.directory.actor(camille.slack_id)
    silently(desk, "camille", deleted=False)
    assert desk.parts.directory.actor(camille.slack_id).name == "Camille Bernard"


# What is sent to somebody who left


def test_nothing_is_sent_to_somebody_deactivated_and_the_technician_is_told_once(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    mails = len(desk.mails())
    change(desk, "camille", deleted=True)
    karim = desk.person("karim")
    karim.take()
    karim.resolve()
    assert len(desk.mails()) == mails
    assert {row.state for row in deliveries(desk, kind=DeliveryKind.RESOLUTION)} == {DeliveryState.SKIPPED}
    assert [words for words in karim.reads_thread() if GONE in words] == [f"{GONE} · @Karim Benali"]
    assert desk.undelivered() == []


def test_a_reply_reaches_nobody_deactivated_and_the_technician_is_told(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    change(desk, "camille", deleted=True)
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Est-ce mieux ?"})
    told = deliveries(desk, kind=DeliveryKind.COMMENT, state=DeliveryState.SENT)
    assert [row.recipient.partition(":")[0] for row in told] == ["team"]
    takes, line = [words for words in karim.reads_thread() if "le compte est désactivé" in words]
    assert takes.startswith("Camille Bernard ne reçoit pas les messages de ce ticket dans Slack")
    assert line.startswith("Camille Bernard n’a pas reçu dans Slack ce message de Karim Benali : ")
    assert "Est-ce mieux ?" in line
    assert desk.undelivered() == []


def test_an_account_that_slack_closed_without_a_word_is_known_by_its_refusal(desk: Desk) -> None:
    camille = desk.person("camille")
    desk.parts.directory.actor(camille.slack_id)
    desk.person("camille").command("/ticket", "Une panne")
    silently(desk, "camille", deleted=True)
    body = camille_submits(desk)
    desk.dispatch(body)
    assert known(desk, "camille").is_deactivated
    assert delivery(desk, DeliveryKind.CARD).state is DeliveryState.SKIPPED
    assert GONE in desk.person("karim").reads_thread()[0]


def camille_submits(desk: Desk) -> dict[str, Any]:
    body = desk.person("camille").submission()
    values = body["view"]["state"]["values"]
    values[ids.IMPACT][ids.IMPACT]["selected_option"] = {"value": "person"}
    values[ids.URGENCY][ids.URGENCY]["selected_option"] = {"value": "high"}
    values[ids.SITE][ids.SITE]["selected_option"] = {"value": "iut"}
    return body


def test_a_profile_of_yesterday_is_read_again_before_an_e_mail_leaves(desk: Desk) -> None:
    desk.stop_clock()
    desk.person("camille").file_ticket()
    silently(desk, "camille", email="camille.petit@univ.example")
    desk.ahead = timedelta(hours=25)
    desk.parts.directory.actor(desk.person("karim").slack_id)
    desk.person("karim").take()
    desk.person("karim").resolve()
    assert desk.mails()[0]["envelope"]["to"] == ["camille.bernard@univ.example"]
    assert desk.mails()[-1]["envelope"]["to"] == ["camille.petit@univ.example"]


def test_no_e_mail_leaves_to_an_account_that_was_closed_since_yesterday(desk: Desk) -> None:
    desk.stop_clock()
    desk.person("camille").file_ticket()
    mails = len(desk.mails())
    silently(desk, "camille", deleted=True)
    desk.ahead = timedelta(hours=25)
    desk.person("karim").take()
    desk.person("karim").resolve()
    assert len(desk.mails()) == mails


# What Slack tells of them


def test_a_new_name_address_and_zone_are_known_at_once(desk: Desk) -> None:
    desk.parts.directory.actor(desk.person("camille").slack_id)
    change(desk, "camille", real_name="Camille Petit", email="camille.petit@univ.example", tz="Europe/London")
    row = known(desk, "camille")
    assert (row.name, row.email, row.time_zone) == (
        "Camille Petit",
        "camille.petit@univ.example",
        "Europe/London",
    )


@pytest.mark.parametrize(
    ("who", "changes"), [("oliver", {"real_name": "Ollie"}), ("camille", {"display_name": "c"})]
)
def test_a_change_that_is_not_kept_costs_one_look_and_no_write(
    desk: Desk, who: str, changes: dict[str, str]
) -> None:
    desk.parts.directory.actor(desk.person("camille").slack_id)
    statements = list[str]()

    def note(_c: Any, _u: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(desk.sessions.kw["bind"], "before_cursor_execute", note)
    change(desk, who, **changes)
    event.remove(desk.sessions.kw["bind"], "before_cursor_execute", note)
    assert [statement.split()[0] for statement in statements] == ["SELECT"]
    assert "FROM person" in statements[0]


# The Enterprise Grid


@pytest.mark.parametrize("team_id", ["T0OTHER000", "E0UNIV0000"])
def test_a_colleague_of_the_grid_who_is_in_our_workspace_is_served(desk: Desk, team_id: str) -> None:
    desk.slack.control.post("grid", enterprise_id="E0UNIV0000")
    silently(desk, "camille", team_id=team_id, teams=[team_id, TEAM_ID])
    desk.person("camille").file_ticket()
    assert desk.ticket().requester.name == "Camille Bernard"


def test_a_colleague_of_another_workspace_only_is_served_where_the_setting_says_so(desk: Desk) -> None:
    desk.slack.control.post("grid", enterprise_id="E0UNIV0000")
    silently(desk, "camille", team_id="T0OTHER000", teams=["T0OTHER000"])
    slack_id = desk.person("camille").slack_id
    with pytest.raises(AccountNotSupported):
        desk.parts.directory.actor(slack_id)
    profiles = desk.parts.worker_directory.profiles
    profiles.defaults = type(profiles.defaults)(organisation=True)
    desk.ahead = timedelta(hours=25)
    assert desk.parts.worker_directory.actor(slack_id).name == "Camille Bernard"


def test_an_organisations_payload_without_a_workspace_is_answered(desk: Desk) -> None:
    desk.slack.control.post("grid", enterprise_id="E0UNIV0000", org_install=True)
    karim = desk.person("karim")
    posted = karim.write("La salle 12 n’a plus de réseau", TRIAGE)
    body = {
        "type": "message_action",
        "callback_id": ids.SHORTCUT_FROM_MESSAGE,
        "team": None,
        "enterprise": {"id": "E0UNIV0000", "name": "Universités"},
        "is_enterprise_install": True,
        "user": {"id": karim.slack_id, "username": "karim", "name": "karim", "team_id": TEAM_ID},
        "channel": {"id": posted["message"]["channel"], "name": "privategroup"},
        "message": posted["message"],
        "message_ts": posted["message"]["ts"],
    }
    person = desk.slack.slack.workspace.person("karim")
    assert person is not None
    body["trigger_id"] = desk.slack.run(new_trigger, desk.slack.slack, person)
    desk.dispatch(body)
    assert karim.modal["title"] == "Ticket informatique"


# Whoever is named in a form


def test_nobody_is_named_in_an_answer_who_was_deactivated(desk: Desk) -> None:
    silently(desk, "oliver", deleted=True)
    camille = desk.person("camille")
    camille.command("/catalogue", "Droits dans une application")
    camille.press("Ouvrir le service Droits dans une application")
    camille.press("Demander un service")
    body = camille.submission()
    values = body["view"]["state"]["values"]
    [block] = [name for name in values if name.endswith(".beneficiaire")]
    [state] = values[block].values()
    state["selected_user"] = desk.person("oliver").slack_id
    [errors] = [desk.dispatch(body).get("errors", {})]
    assert errors[block].startswith(CHOOSE_ANOTHER)
    assert desk.count_tickets() == 0
