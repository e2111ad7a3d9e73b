"""Who asks, and what for?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiyin.core.tables import Purpose

Role = Literal["owner", "run", "rep", "lead", "manager", "marketer", "analyst", "admin", "auditor"]

__all__ = ["OWNER", "RUN", "Access", "Actor", "Role"]


@dataclass(frozen=True)
class Actor:
    """A person or a process that asks; `team` matters for lead and manager."""

    id: str
    role: Role
    team: str = ""


@dataclass(frozen=True)
class Access:
    """An actor with a purpose; neither has a default, so nobody forgets to say."""

    actor: Actor
    purpose: Purpose


OWNER = Actor("owner", "owner")  # the local command line of whoever holds the key file
RUN = Actor("run", "run")  # the pipeline: pseudonymous, opens no identifier but to tell whether two records are one person
