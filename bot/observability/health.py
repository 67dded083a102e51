"""Why messages do not leave: what `/readyz` and `guichet doctor` say."""

from sqlalchemy import literal_column, select

from bot.db.session import Sessions
from models.base import utc_now
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.schedule import Pause
from models.tickets.outage import Outage

# As text: a bound value would keep the databases from using the index on what is dead.
_DEAD = literal_column("'dead'", type_=Delivery.state.type)


def stopped(sessions: Sessions) -> list[str]:
    """Why messages do not leave, if they do not: what `/readyz` fails for."""
    with sessions() as session:
        pauses = session.scalars(
            select(Pause).where(Pause.until > utc_now(), Pause.scope.in_(["slack", "smtp"]))
        ).all()
        unseen = session.scalars(
            select(Delivery.ticket_id).where(
                Delivery.kind == DeliveryKind.TRIAGE_CARD, Delivery.state == _DEAD
            )
        ).all()
        hidden = session.scalars(
            select(Outage.id)
            .join(Delivery, Delivery.outage_id == Outage.id)
            .where(
                Delivery.kind == DeliveryKind.OUTAGE,
                Delivery.state == _DEAD,
                Outage.ts.is_(None),
            )
        ).all()
    reasons = [f"sending by {pause.scope} is stopped: {pause.reason}" for pause in pauses]
    reasons += [f"ticket {number} is in no channel" for number in sorted(set(filter(None, unseen)))]
    return reasons + [f"outage {number} is in no channel" for number in sorted(set(hidden))]
