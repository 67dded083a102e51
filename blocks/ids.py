"""The ids of commands, views, blocks and buttons in Slack's payloads."""

# Commands and shortcuts. Those whose French name an English reader would not know have an English one too
COMMAND_TICKET = "/ticket"
COMMAND_CATALOGUE = "/catalogue"
COMMAND_MY_TICKETS = "/mes-tickets"
COMMAND_MY_TICKETS_EN = "/my-tickets"
COMMAND_QUEUE_EN = "/my-queue"
COMMAND_SEARCH_EN = "/find-ticket"
COMMAND_OUTAGE_EN = "/outage"
SHORTCUT_NEW_TICKET = "new_ticket"
SHORTCUT_FROM_MESSAGE = "ticket_from_message"

# Views
TICKET_FORM = "ticket_form"
SOLVED_CALL_FORM = "solved_call_form"
RESOLVE_FORM = "resolve_form"
REASON_FORM = "reason_form"
REPLY_FORM = "reply_form"
ANSWER_FORM = "answer_form"
EDIT_FORM = "edit_form"
ADD_TO_TICKET_FORM = "add_to_ticket_form"
ARTICLE_IN_FORM = "article_in_form"
NOTE_FORM = "note_form"
ASSIGN_FORM = "assign_form"
HOLD_FORM = "hold_form"
REQUALIFY_FORM = "requalify_form"
DUPLICATE_FORM = "duplicate_form"
ATTACH_FORM = "attach_form"
ATTACH_CONFIRMATION = "attach_confirmation"
REQUEST_AGREEMENT_FORM = "request_agreement_form"
RECORD_AGREEMENT_FORM = "record_agreement_form"
SATISFACTION_FORM = "satisfaction_form"
CATALOGUE = "catalogue"
ARTICLE = "article"
MY_TICKETS = "my_tickets"
TICKET_DETAIL = "ticket_detail"
NOTICE = "notice"
HOME = "home"

# Blocks of the ticket form; each holds one element whose action_id is the same
TITLE = "title"
STATUS = "status"
IMPACT = "impact"
URGENCY = "urgency"
PRIORITY = "priority"
MEANWHILE = "meanwhile"
SITE = "site"
DESCRIPTION = "description"
FILES = "files"
SOLUTION = "solution"
CALL_SERVICE = "call_service"  # also the block of the menu
CALL_KIND = "call_kind"
MADE_BEFORE = "form.made_before"  # also the block; the value is the ticket's number
TO_DUPLICATES = "to_duplicates"
TO_CHILDREN = "to_children"
REASON = "reason"
REQUESTER = "requester"
REPLY = "reply"
PHRASE = "reply.phrase"  # also the block of both menus
INSERT_ARTICLE = "reply.article"
WAITS = "waits"
TAKES = "takes"
ACTED = "acted_meanwhile"
ASSIGNEE = "assignee"
AGREED_WHERE = "agreed_where"
APPROVER_ROLE = "approver_role"
HOLD_REASON = "hold_reason"
HOLD_UNTIL = "hold_until"
TEAM = "team"
SERVICE_CHOICE = "service"
DUPLICATE_OF = "duplicate_of"
ATTACH_TO = "attach_to"
OPINION = "opinion"
SEARCH = "search"
ALERT = "alert"
KNOWN_OUTAGES = "known_outages"  # its blocks end with their number, as those of suggestions do
SUGGESTIONS = "suggestions"

# Buttons on tickets: the value is the ticket's number
TAKE = "ticket.take"
RESUME = "ticket.resume"
ASK_AGAIN = "ticket.ask_again"
ANSWER_REQUESTER = "ticket.reply"
WRITE_NOTE = "ticket.note"
SEND_NOTE = "note.send"  # the value is the ticket's number and the note's id
DECLINE_HINT = "note.decline"
MORE = "ticket.more"
DETACH = "ticket.detach"
RATE = "ticket.rate"
RESOLVE = "ticket.resolve"
APPROVE = "ticket.approve"
REFUSE = "ticket.refuse"
CANCEL = "ticket.cancel"
REOPEN = "ticket.reopen"
CONTINUE = "ticket.continue"
DETAIL = "ticket.detail"
ANSWER = "ticket.answer"  # the requester's
EDIT = "ticket.edit"
POSTPONE = "ticket.postpone"
CHASE = "ticket.chase"
SEND_FILE = "file.send"  # the value is the file's id

# Buttons that open something
NEW_TICKET = "open.ticket_form"
OPEN_SOLVED_CALL = "open.solved_call"
OPEN_CATALOGUE = "open.catalogue"
OPEN_MY_TICKETS = "open.my_tickets"

# What somebody wrote to Guichet: the value is the draft's id, and the ticket's number
ADD_DRAFT = "draft.add"
CHOOSE_TICKET = "draft.choose"
FILE_DRAFT = "draft.file"

# What a ticket form suggests: the value is the ticket's number, the article's or the service's id
ADD_TO_TICKET = "suggestion.ticket"
READ_ARTICLE = "suggestion.article"
SUGGESTED_REQUEST = "suggestion.request"
SUGGESTED_INCIDENT = "suggestion.incident"
BACK_TO_FORM = "suggestion.back"

# Agreements: a button's value is the step's id; of those that complete a request or choose an approver, the
# ticket's number
COMMAND_MY_APPROVALS = "/mes-accords"
COMMAND_MY_APPROVALS_EN = "/my-approvals"
AUTHORISE = "approval.authorise"
DECLINE = "approval.decline"
ASK_INFORMATION = "approval.ask"
SHOW_REQUEST = "approval.show"
OPEN_MY_APPROVALS = "open.approvals"
COMPLETE_REQUEST = "approval.complete"
CHOOSE_APPROVER = "approval.choose"
MY_APPROVALS = "my_approvals"
APPROVAL_REASON_FORM = "approval_reason_form"
COMPLETE_FORM = "complete_form"
CHOOSE_APPROVER_FORM = "choose_approver_form"
APPROVER = "approver"

# Moving in the catalogue: the value is a group's, a service's or an article's id
GROUP = "catalogue.group"
SERVICE = "catalogue.service"
OPEN_ARTICLE = "catalogue.article"
ARTICLE_SERVICE = "catalogue.article_service"  # ends with the button's number
CATALOGUE_PAGE = "catalogue.page"
FILE_WORDS = "catalogue.file_words"
BROWSE = "catalogue.browse"
BACK = "catalogue.back"
REQUEST_SERVICE = "catalogue.request"
REPORT_PROBLEM = "catalogue.incident"
SERVICE_LINK = "catalogue.link"

# Moving in "Mes tickets": the value is a page's number
OPEN_LIST = "my_tickets.open"
CLOSED_LIST = "my_tickets.closed"
LIST_PAGE = "my_tickets.page"
BACK_TO_LIST = "my_tickets.back"

# The search over one's own tickets
MY_SEARCH = "my_search"  # the view, and its only input
OPEN_MY_SEARCH = "open.my_search"
MY_SEARCH_PAGE = "my_search.page"
BACK_TO_MY_SEARCH = "my_search.back"

# Queue and search. A tab's and a page's button ends with its name or number
COMMAND_QUEUE = "/ma-file"
COMMAND_SEARCH = "/chercher"
QUEUE = "queue"
TICKET_SEARCH = "ticket_search"  # the view, and its only input
OPEN_SEARCH = "open.search"
QUEUE_TAB = "queue.tab"
QUEUE_PAGE = "queue.page"
QUEUE_SITE = "queue.site"
QUEUE_PRIORITY = "queue.priority"
QUEUE_SERVICE = "queue.service"
QUEUE_TECHNICIAN = "queue.technician"
QUEUE_STATUS = "queue.status"
BACK_TO_QUEUE = "queue.back"
SEARCH_PAGE = "search.page"
BACK_TO_SEARCH = "search.back"

# Outages: a button's value is the outage's id
COMMAND_OUTAGE = "/panne"
DECLARE_OUTAGE_FORM = "declare_outage_form"
AMEND_OUTAGE_FORM = "amend_outage_form"
RESOLVE_OUTAGE_FORM = "resolve_outage_form"
ATTACH_TO_OUTAGE_FORM = "attach_to_outage_form"
UPDATE_OUTAGE_FORM = "update_outage_form"
REVIEW_OUTAGE_FORM = "review_outage_form"
NEXT_UPDATE = "next_update"
WHAT_HAPPENED = "what_happened"
WHY_IT_HAPPENED = "why_it_happened"
PREVENTION = "prevention"
SITES = "sites"
SERVICES = "services"
ANNOUNCE = "announce"
EXPECTED_END = "expected_end"
DECLARE_OUTAGE = "open.outage_form"
FOLLOW_OUTAGE = "outage.follow"
AMEND_OUTAGE = "outage.amend"
RESOLVE_OUTAGE = "outage.resolve"
UPDATE_OUTAGE = "outage.update"
REVIEW_OUTAGE = "outage.review"
OUTAGE_HISTORY = "outage.history"
PUT_OFF_UPDATE = "outage.put_off"  # ends with ".15", ".30" or ".60": minutes

# Who has left a team: the value is the departure's id
GIVE_BACK = "departure.give_back"

# One's own absence
ABSENCE_FORM = "absence_form"
FIRST_DAY = "first_day"
LAST_DAY = "last_day"
SUBSTITUTE = "substitute"
OPEN_ABSENCE = "open.absence"
DELETE_ABSENCE = "absence.delete"

# One's own data
OWN_DATA = "own_data"
OPEN_OWN_DATA = "open.own_data"
RECEIVE_OWN_DATA = "own_data.receive"


def question(service_id: str, question_id: str) -> str:
    """The block of a service's question. With the service's id in it, Slack carries no text over to another
    service's form."""
    return f"question.{service_id}.{question_id}"


def is_question(block_id: str, question_id: str) -> bool:
    """Whether a block is that of this question, whatever the service."""
    return block_id.startswith("question.") and block_id.rpartition(".")[2] == question_id
