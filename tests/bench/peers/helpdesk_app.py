"""The WSGI application of `helpdesk_project`; run as a program, it makes the one queue, to which the public
writes and whose team has an address."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if __name__ == "__main__":
    from helpdesk.models import Queue

    Queue.objects.create(
        title="Assistance",
        slug="assistance",
        email_address="aide@univ.example",
        new_ticket_cc="equipe@univ.example",
        allow_public_submission=True,
    )
