"""`guichet deliveries`: messages and e-mails that were not sent."""

from typing import Annotated

import typer

from bot.cli.apps import deliveries_app, settings


@deliveries_app.command("list")
def show() -> None:
    """List pending and dead deliveries, each with its last failure."""
    from bot.db.session import Sessions
    from bot.delivery import outbox
    from bot.observability.reasons import describe
    from bot.ops.database import open_database
    from models.outbox.kinds import DeliveryState

    with open_database(settings()) as engine, Sessions(engine)() as session:
        for row in outbox.oldest(session, [DeliveryState.DEAD, DeliveryState.PENDING]):
            ticket = f"ticket {row.ticket_id}" if row.ticket_id else "no ticket"
            typer.echo(
                f"{row.id}\t{row.state}\t{row.kind}\t{ticket}\t{row.recipient}\t"
                f"attempt {row.attempt}\t{describe(row.cause)}"
            )


@deliveries_app.command("retry")
def retry(
    ids: Annotated[
        list[int] | None, typer.Argument(help="Ids of deliveries; all dead ones by default.")
    ] = None,
) -> None:
    """Queue dead deliveries again."""
    from bot.db.session import Sessions
    from bot.notifications.maintenance.requeue import requeue_dead
    from bot.ops.database import open_database
    from bot.services.audit.record import operating_user, record_if_possible
    from models.audit.entry import Deed
    from models.base import utc_now

    with open_database(settings()) as engine:
        now, sessions = utc_now(), Sessions(engine)
        with sessions.begin() as session:
            count = requeue_dead(session, now=now, ids=ids or ())
        record_if_possible(sessions, Deed.RETRY, now, operating_user(), count)
    typer.echo(f"deliveries queued again: {count}")
