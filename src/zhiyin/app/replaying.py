"""Can refused events be taken by now? Tries them again, and says what came of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

from zhiyin.app.home import Home
from zhiyin.collect.tracking.door import alone, take
from zhiyin.core.errors import DataError
from zhiyin.store.inbox import Inbox
from zhiyin.store.inbox_rows import Refusal, Sent

__all__ = ["Replayed", "replay", "replaying"]

_POLL_SECONDS = 0.25
_CONFLICT = "id_conflict"


class Replayed(NamedTuple):
    """How many were tried, and how many are taken now (or were there before); the others stay refused."""

    tried: int
    taken: int

    def answer(self) -> Mapping[str, object]:
        """As JSON says it."""
        return {"tried": self.tried, "taken": self.taken, "refused": self.tried - self.taken}


def replay(home: Home, *, code: str = "", stage: str = "") -> Replayed:
    """Try refused events again; a running `zhiyin serve` does it, otherwise this process.

    Args:
        home: the workspace.
        code: only those with this code.
        stage: only those of this stage: door, meaning, projection.
    """
    refusals = home.inbox.refusals
    wanted = refusals.ask(code=code, stage=stage)
    before = _open(home.inbox)
    while refusals.asked(1):
        if home.inbox.is_owned():
            time.sleep(_POLL_SECONDS)
            continue
        with home.inbox.start(queue=home.settings.serve.queue):
            _drain(home.inbox)
    return Replayed(wanted, before - _open(home.inbox))


def replaying(home: Home, stopped: threading.Event) -> None:
    """Try again what `zhiyin replay` asks for, while the door is open."""
    while not stopped.wait(_POLL_SECONDS):
        _drain(home.inbox)


def _drain(inbox: Inbox) -> None:
    while asked := inbox.refusals.asked():
        in_vain = []
        for refusal in asked:
            sent = _again(inbox, refusal)
            if sent is None or inbox.put(sent).result().refused:
                in_vain.append(refusal.refused_id)
        inbox.refusals.leave(in_vain)


def _again(inbox: Inbox, refusal: Refusal) -> Sent | None:
    """The request that brings a refusal back; None while it cannot be taken."""
    try:
        event = _event(inbox, refusal)
        taken = take(refusal.form, event, headers={})
    except DataError:
        return None
    if not taken.items:
        return None
    counted = refusal.stage == "door"
    if not counted:  # it was stored once, and of no use
        taken = taken._replace(items=[item._replace(message_id=f"again-{refusal.refused_id}") for item in taken.items])
    return Sent(refusal.source, taken.form, taken.body, refusal.received_at, taken.items, replays=refusal.refused_id, counted=counted)


def _event(inbox: Inbox, refusal: Refusal) -> bytes:
    """A refused event as a request of its own."""
    if refusal.stage == "door" and refusal.raw is not None:
        return refusal.raw
    body = inbox.body(refusal.body_id) if refusal.body_id else None
    event = body.bytes if body else refusal.raw or b""
    return alone(refusal.form, event, place=refusal.place if body else 0, renamed=refusal.code == _CONFLICT)


def _open(inbox: Inbox) -> int:
    return sum(count for *_, count, _ in inbox.refusals.grouped())
