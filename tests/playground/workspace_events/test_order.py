"""Events in another order than they happened, more than once, or not at first."""

from tests.playground.workspace_events.conftest import RecordingApp


def words(slack: RecordingApp) -> list[str]:
    return [str(event.get("subtype") or event["text"]) for event in slack.events]


def test_an_event_waits_for_the_next(slack: RecordingApp) -> None:
    slack.do("hold", type="message")
    ts = slack.write("mon mot de passe est Tulipe42")["ts"]
    assert slack.events == []
    slack.do("delete", user="camille", channel="@guichet", ts=ts)
    assert words(slack) == ["message_deleted", "mon mot de passe est Tulipe42"]
    assert slack.events[0]["deleted_ts"] == slack.events[1]["ts"]


def test_events_wait_until_they_are_released_the_last_one_first(slack: RecordingApp) -> None:
    slack.do("hold", times=2, until="release")
    for text in ("un", "deux", "trois"):
        slack.write(text)
    assert words(slack) == ["trois"]
    assert slack.do("release", backwards=True)["released"] == 2
    assert words(slack) == ["trois", "deux", "un"]
    slack.write("quatre")
    assert words(slack)[-1] == "quatre"


def test_of_two_edits_the_older_may_come_last_and_says_so(slack: RecordingApp) -> None:
    ts = slack.write("un")["ts"]
    slack.do("hold", type="message_changed")
    for text in ("deux", "trois"):
        slack.do("edit", user="camille", channel="@guichet", ts=ts, text=text)
    newer, older = slack.of("message_changed")
    assert (newer["message"]["text"], older["message"]["text"]) == ("trois", "deux")
    assert newer["message"]["edited"]["ts"] > older["message"]["edited"]["ts"]


def test_one_message_comes_under_many_event_ids(slack: RecordingApp) -> None:
    ts = slack.write("bonjour")["ts"]
    slack.write("autre chose")
    assert slack.do("repeat", channel="@camille", ts=ts, times=10)["repeated"] == 10
    told = [body for body in slack.bodies if body["event"]["ts"] == ts]
    assert len({body["event_id"] for body in told}) == len(told) == 11
    assert set(slack.retries) == {"0"}


def test_an_event_is_told_again_under_its_own_id(slack: RecordingApp) -> None:
    slack.write("bonjour")
    slack.do("repeat", same_id=True)
    first, second = slack.bodies
    assert first["event_id"] == second["event_id"]
    assert slack.retries == ["0", "1"]


def test_what_was_never_told_cannot_be_repeated(slack: RecordingApp) -> None:
    assert slack.refused("repeat") == "no_such_event"


def test_lost_events_come_again_after_one_and_five_minutes_of_the_clock(slack: RecordingApp) -> None:
    slack.do("faults", event="message", times=3)
    ts = slack.write("bonjour")["ts"]
    slack.do("clock", advance=59)
    assert slack.events == []
    slack.do("clock", advance=1)
    assert slack.events == []  # the third attempt is lost too
    slack.do("delete", user="camille", channel="@guichet", ts=ts)
    slack.do("clock", advance=300)
    assert words(slack) == ["message_deleted", "bonjour"]
    assert slack.retries == ["0", "3"]


def test_an_event_can_be_given_as_it_stands(slack: RecordingApp) -> None:
    event = {"type": "user_change", "user": {"id": "U0SOMEBODY"}}
    assert slack.do("event", event=event)["sent"]
    assert slack.events == [event]
    assert not slack.do("event", event={"type": "emoji_changed"})["sent"]  # it is not subscribed to
