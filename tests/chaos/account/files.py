"""Files: each one must be stored, and posted once in each of its threads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.tickets.attachment import Attachment, AttachmentState
from tests.chaos.account.cards import Cards
from tests.chaos.account.messages import Messages
from tests.chaos.account.table import Account
from tests.chaos.account.tickets import refused_comments
from tests.chaos.people.ledger import Ledger

Thread = tuple[str, str]  # a channel, and the `ts` of the root


def reckon_files(
    session: Session, messages: Messages, ledger: Ledger, folder: Path, account: Account
) -> None:
    """Compare what people attached, the database, the folder and the threads."""
    files = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    posted = Counter((each.content, each.channel, each.thread_ts) for each in messages.copies)
    account.rows["files sent"] = len(ledger.files)
    account.rows["copies of files in threads"] = posted.total()
    _reckon_rows(files, ledger, refused_comments(session, messages, ledger), account)
    not_kept = (
        f"{file.name} ({file.reason or file.state})" for file in files if not _is_kept(file, messages, folder)
    )
    account.count("files not kept as they were", not_kept)
    cards = Cards(session, messages)
    missing = (
        f"{file.name} of ticket {file.ticket_id} in {threads}"
        for file in files
        for threads in _threads(session, file, cards)
        if not any(posted[messages.uploads[file.slack_file_id], *thread] for thread in threads)
    )
    account.count("files missing in a thread", missing)
    names = {each.content: each.name for each in messages.copies}
    duplicated = (f"{names[content]} in {where}" for (content, *where), n in posted.items() if n > 1)
    account.count("files duplicated in a thread", duplicated)
    known = {messages.uploads[file.slack_file_id] for file in files}
    unknown = (each.name for each in messages.copies if each.content not in known)
    account.count("copies without a file", unknown)


def _reckon_rows(files: Sequence[Attachment], ledger: Ledger, refused: set[str], account: Account) -> None:
    came = Counter(file.name for file in files)
    with_what = {file.name: file.comment.text if file.comment else file.ticket.title for file in files}
    lost = {name for name, text in ledger.files.items() if with_what.get(name) != text}
    account.count("files lost", (name for name in lost if ledger.files[name] not in refused))
    account.count("files recorded twice", (name for name, times in came.items() if times > 1))


def _is_kept(file: Attachment, messages: Messages, folder: Path) -> bool:
    stored = folder / file.key if file.key else None
    return (
        file.state is AttachmentState.KEPT
        and stored is not None
        and stored.is_file()
        and stored.read_bytes() == messages.uploads[file.slack_file_id]
    )


def _threads(session: Session, file: Attachment, cards: Cards) -> Iterator[Sequence[Thread]]:
    """The threads of a file, each with those that may have it in its place: of the team's card, and of the
    reply that it was attached to."""
    threads = [(card.posted.channel, card.posted.ts) for card in cards.with_files(file.ticket)]
    if cards.of_team(file.ticket) and not any(
        file.comment is not None and file.comment.channel == channel for channel, _ts in threads
    ):
        yield threads
    event = file.comment.event if file.comment else None
    if event is not None and event.action in {Action.REPLY, Action.ASK}:
        references = select(MessageReference).where(
            MessageReference.ticket_id == file.ticket_id,
            MessageReference.kind == DeliveryKind.COMMENT,
            MessageReference.recipient == f"dm:{file.ticket.requester_id}",
            MessageReference.event_number == event.number,
            MessageReference.part == 0,
        )
        post = session.scalars(references).one()
        yield [(post.channel, post.ts)]
