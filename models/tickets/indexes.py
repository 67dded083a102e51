"""The indexes of the table `ticket`, by the queries that they serve."""

from sqlalchemy import Index, UniqueConstraint

from models.base import partial_index

TICKET_INDEXES: tuple[Index | UniqueConstraint, ...] = (
    UniqueConstraint("requester_id", "submission", name="uq_ticket_submission"),
    partial_index("ix_ticket_open", "requester_id", "id", where="status != 'closed'"),
    partial_index("ix_ticket_closed", "requester_id", "id", where="status = 'closed'"),
    # The queue of each team: what stands behind an outage's card has no place in it.
    partial_index(
        "ix_ticket_queue",
        "team_id",
        "status",
        "priority",
        "due_at",
        "id",
        where="status != 'closed' AND NOT is_outage_child",
    ),
    partial_index(
        "ix_ticket_mine",
        "assignee_id",
        "status",
        "priority",
        "due_at",
        "id",
        where="status NOT IN ('resolved', 'closed')",
    ),
    # The same queue by technician.
    partial_index(
        "ix_ticket_team_queue",
        "team_id",
        "assignee_id",
        "status",
        "priority",
        "due_at",
        "id",
        where="status != 'closed' AND NOT is_outage_child",
    ),
    partial_index(
        "ix_ticket_service", "service_id", "team_id", where="status != 'closed' AND NOT is_outage_child"
    ),
    Index("ix_ticket_team_id", "team_id", "id"),
    # What periodic jobs look for.
    partial_index("ix_ticket_remind", "remind_at", where="remind_at IS NOT NULL"),
    partial_index("ix_ticket_late", "late_at", where="late_at IS NOT NULL"),
    partial_index("ix_ticket_shortens", "shortens_at", where="shortens_at IS NOT NULL"),
    partial_index("ix_ticket_wakes_at", "wakes_at", where="wakes_at IS NOT NULL"),
    partial_index(
        "ix_ticket_remind_requester_at", "remind_requester_at", where="remind_requester_at IS NOT NULL"
    ),
    partial_index("ix_ticket_close_at", "close_at", where="close_at IS NOT NULL"),
    partial_index("ix_ticket_waiting", "id", where="status IN ('pending', 'resolved')"),
    partial_index("ix_ticket_duplicate_of_id", "duplicate_of_id", where="duplicate_of_id IS NOT NULL"),
    partial_index("ix_ticket_parent_id", "parent_id", "id", where="parent_id IS NOT NULL"),
    partial_index("ix_ticket_outage_id", "outage_id", where="outage_id IS NOT NULL"),
    partial_index("ix_ticket_to_forget", "closed_at", where="closed_at IS NOT NULL AND forgotten_at IS NULL"),
    partial_index(
        "ix_ticket_files_to_forget",
        "closed_at",
        where="closed_at IS NOT NULL AND files_forgotten_at IS NULL",
    ),
    # An entry of an index has at most 2,704 bytes (PostgreSQL, "B-Tree Indexes"); an address has some 150.
    partial_index("ix_ticket_source", "source", where="source IS NOT NULL AND length(source) <= 500"),
)
