"""From Slack to the app: Socket Mode, signed HTTP, events with retries, acknowledgements."""

from playground.delivery.acknowledgement import Acknowledgement
from playground.delivery.delivery import Delivery

__all__ = ["Acknowledgement", "Delivery"]
