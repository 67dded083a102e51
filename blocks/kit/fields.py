"""Which block shows a field of a form."""

from collections.abc import Mapping, Sequence

from blocks import ids
from models.fields import Field, FieldRefused

# The first of them that the form has.
BLOCKS: Mapping[Field, Sequence[str]] = {
    Field.TITLE: (ids.TITLE,),
    Field.STATUS: (ids.STATUS,),
    Field.IMPACT: (ids.IMPACT,),
    Field.URGENCY: (ids.URGENCY,),
    Field.SITE: (ids.SITE,),
    Field.DESCRIPTION: (ids.DESCRIPTION,),
    Field.SOLUTION: (ids.SOLUTION,),
    Field.REQUESTER: (ids.REQUESTER,),
    Field.TEXT: (ids.REASON, ids.SOLUTION, ids.WHAT_HAPPENED),
    Field.ASSIGNEE: (ids.ASSIGNEE,),
    Field.AGREED_WHERE: (ids.AGREED_WHERE, ids.CALL_SERVICE),
    Field.ROLE: (ids.APPROVER_ROLE,),
    Field.HOLD_REASON: (ids.HOLD_REASON,),
    Field.HOLD_UNTIL: (ids.HOLD_UNTIL,),
    Field.SERVICE: (ids.SERVICE_CHOICE, ids.CALL_SERVICE),
    Field.TEAM: (ids.TEAM,),
    Field.DUPLICATE_OF: (ids.DUPLICATE_OF,),
    Field.OPINION: (ids.OPINION,),
    Field.TO_DUPLICATES: (ids.TO_DUPLICATES,),
    Field.TO_CHILDREN: (ids.TO_CHILDREN,),
    Field.SITES: (ids.SITES,),
    Field.SERVICES: (ids.SERVICES,),
    Field.EXPECTED_END: (ids.EXPECTED_END,),
    Field.NEXT_UPDATE: (ids.NEXT_UPDATE,),
    Field.APPROVER: (ids.APPROVER, ids.CALL_SERVICE),
    Field.FIRST_DAY: (ids.FIRST_DAY,),
    Field.LAST_DAY: (ids.LAST_DAY,),
    Field.SUBSTITUTE: (ids.SUBSTITUTE,),
    Field.ATTACH_TO: (ids.ATTACH_TO,),
}


def block_of(refused: FieldRefused, block_ids: Sequence[str]) -> str | None:
    """The block, among those of a form, that shows the refused field."""
    if refused.field is Field.QUESTION:
        return next((each for each in block_ids if ids.is_question(each, str(refused.question))), None)
    # An input that texts are put into has a number after its id.
    shown = {each.partition(":")[0]: each for each in reversed(block_ids)}
    return next((shown[each] for each in BLOCKS[refused.field] if each in shown), None)


def field_of(block_id: str) -> Field:
    """The field that a block shows; `TEXT` for a block of no field of its own."""
    return next((field for field, blocks in BLOCKS.items() if block_id in blocks), Field.TEXT)
