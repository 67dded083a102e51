"""Every id that Slack hands back to us, once."""

# Commands and shortcuts
COMMAND_TICKET = "/ticket"
COMMAND_CATALOGUE = "/catalogue"
COMMAND_MY_TICKETS = "/mes-tickets"
SHORTCUT_NEW_TICKET = "new_ticket"

# Views
TICKET_FORM = "ticket_form"
RESOLVE_FORM = "resolve_form"
REASON_FORM = "reason_form"
CATALOGUE = "catalogue"
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
SITE = "site"
DESCRIPTION = "description"
FILES = "files"
SOLUTION = "solution"
REASON = "reason"
SEARCH = "search"
ALERT = "alert"

# Buttons on tickets: the value is the ticket's number
TAKE = "ticket.take"
RESOLVE = "ticket.resolve"
APPROVE = "ticket.approve"
REFUSE = "ticket.refuse"
CANCEL = "ticket.cancel"
REOPEN = "ticket.reopen"
CONTINUE = "ticket.continue"
DETAIL = "ticket.detail"

# Buttons that open something
NEW_TICKET = "open.ticket_form"
OPEN_CATALOGUE = "open.catalogue"
OPEN_MY_TICKETS = "open.my_tickets"

# Moving in the catalogue: the value is a group's or service's id
GROUP = "catalogue.group"
SERVICE = "catalogue.service"
CATALOGUE_PAGE = "catalogue.page"
BACK = "catalogue.back"
REQUEST_SERVICE = "catalogue.request"
REPORT_PROBLEM = "catalogue.incident"
SERVICE_LINK = "catalogue.link"

# Moving in "Mes tickets": the value is a page's number
OPEN_LIST = "my_tickets.open"
CLOSED_LIST = "my_tickets.closed"
LIST_PAGE = "my_tickets.page"
BACK_TO_LIST = "my_tickets.back"


def question(service_id: str, question_id: str) -> str:
    """The block of a service's question: another service's never keeps its typed text."""
    return f"question.{service_id}.{question_id}"
