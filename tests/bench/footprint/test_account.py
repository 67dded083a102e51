"""The account of the footprint: what was acknowledged and is not there is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from bot.db.session import Sessions
from models.outbox.kinds import DeliveryState
from tests.bench.footprint.account import reckon
from tests.bench.footprint.traffic import Ledger
from tests.support.factories import NOW, make_delivery

LATER = NOW + timedelta(hours=1)


@pytest.mark.postgresql
def test_what_was_acknowledged_or_due_and_did_not_happen_is_lost(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    assert reckon(engine, Ledger(), (0, 0), LATER).lost == 0
    assert reckon(engine, Ledger(submissions=["a", "b"]), (0, 0), LATER).lost == 2
    assert reckon(engine, Ledger(done=[("take", 1), ("take", 1)]), (0, 0), LATER).lost == 2
    with Sessions(engine).begin() as session:
        sent = {"state": DeliveryState.SENT, "completed_at": NOW + timedelta(seconds=2)}
        session.add_all([make_delivery(), make_delivery(state=DeliveryState.DEAD), make_delivery(**sent)])
    account = reckon(engine, Ledger(), (0, 0), LATER)
    assert (account.lost, account.deliveries, list(account.lags)) == (2, 1, [2.0])
    engine.dispose()
