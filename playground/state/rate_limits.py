"""How often each method may be called ("Rate limits"): a token bucket for each method and channel."""

import math
from dataclasses import dataclass

from playground.state.clock import Clock


@dataclass(frozen=True)
class Tier:
    """Calls a minute, and how many may come at once."""

    per_minute: float
    burst: int


# The rates are documented. The bursts are not ("bursts are tolerated"): two minutes' worth is an assumption,
# and so are ten messages at once in a channel and ten connections at once.
TIER_1 = Tier(1, 10)
TIER_2 = Tier(20, 40)
TIER_3 = Tier(50, 100)
TIER_4 = Tier(100, 200)
POST_IN_WORKSPACE = Tier(300, 600)  # "several hundred messages per minute"
POST_IN_CHANNEL = Tier(60, 10)  # "one message per second per channel"
VERY_HIGH = Tier(1200, 1200)  # "special": hundreds of calls a minute

TIERS = {
    "apps.connections.open": TIER_1,
    "auth.test": VERY_HIGH,
    "blocks.validate": TIER_4,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.getPermalink": VERY_HIGH,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POST_IN_WORKSPACE,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.delete": TIER_3,
    "files.info": TIER_4,
    "reactions.add": TIER_3,
    "team.info": TIER_3,
    "team.profile.get": TIER_3,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "users.profile.get": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


@dataclass
class _Bucket:
    left: float
    at: float  # when `left` was computed, in Slack's time


class RateLimits:
    """The rest of each rate, by the workspace's clock, which tests can move."""

    def __init__(self, clock: Clock, *, enabled: bool = True) -> None:
        self.clock = clock
        self.enabled = enabled
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, tier: Tier) -> int:
        """Count one call; 0 when it may go ahead, otherwise the seconds to wait (`Retry-After`)."""
        if not self.enabled:
            return 0
        now = self.clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(tier.burst, now))
        bucket.left = min(tier.burst, bucket.left + (now - bucket.at) * tier.per_minute / 60)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return max(1, math.ceil((1 - bucket.left) * 60 / tier.per_minute))

    def clear(self) -> None:
        """Reset every bucket."""
        self._buckets.clear()
