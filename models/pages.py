"""What is seen of the catalogue at once: a level, what a search found, a service's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalogue import Group, Service, Team

Box = Group | Service


@dataclass(frozen=True)
class Level:
    """One page of what a group holds; at the top there is no group."""

    group: Group | None
    above: Sequence[Group]
    """The groups that hold it, from the top."""
    boxes: Sequence[Box]
    """Groups, then services, in the order of the file."""
    page: int
    has_more: bool


@dataclass(frozen=True)
class Hit:
    """A box that was found, and the groups that hold it, from the top."""

    box: Box
    above: Sequence[Group]


@dataclass(frozen=True)
class Found:
    """One page of what a search found, and how much it found in all."""

    words: str
    hits: Sequence[Hit]
    total: int
    page: int
    has_more: bool


@dataclass(frozen=True)
class ServicePage:
    """A service, the team that serves it, and the groups that hold it, from the top."""

    service: Service
    team: Team
    above: Sequence[Group]
