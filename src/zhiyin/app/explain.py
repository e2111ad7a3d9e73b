"""The signature page: where each figure of a customer comes from, and who has seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from zhiyin.app.customer import predictions
from zhiyin.app.home import Home
from zhiyin.app.identity_words import PENDING
from zhiyin.app.joined import links_within
from zhiyin.app.reading import Generation, customer_of
from zhiyin.app.today import last_day
from zhiyin.app.whole import Whole, whole_of
from zhiyin.core.clock import zone
from zhiyin.guard.access import RUN, Access, Actor

__all__ = ["explain"]

_LATEST = 5  # order lines shown; the count of all stands beside them


def explain(home: Home, read: Generation, actor: Actor, *, customer: str, changes: bool = False) -> Mapping[str, object]:
    """Source row -> identity -> profile -> prediction with reasons -> next step -> outcome, and who has seen it.

    With `changes` the models are loaded and asked what would change their answers, which takes a second or two.

    Raises:
        NotFound, PrivacyError: see `customer_of`.
    """
    guard, access = read.guard, Access(actor, "display")
    known = customer_of(home, guard, access, said=customer)
    whole = whole_of(home, guard, record=known) or Whole(known, (known,), is_published=True)
    named = {"record_id": list(whole.records)}
    records = guard.rows("record", access, where=named)
    if whole.is_published:
        profile = next(iter(guard.row("profile", known, access)), {})
    else:
        from zhiyin.app.pending import profile_now

        profile = profile_now(home, read, whole=whole, at=last_day(guard, actor))
    lines = _known_on(guard.rows("order_line", access, where=named, order="-ordered_on,-source_row"), profile)
    own = known if whole.is_published else ""
    said = predictions(guard, access, customer=own, currency=home.settings.currency) if own else []
    return {
        "customer_id": known,
        "snapshot": guard.snapshot,
        "records": records,
        "order_lines": len(lines),
        "latest_lines": lines[:_LATEST],
        "merges": links_within(home, whole),
        "identity": [{"record_id": record, "customer_id": known} for record in whole.records],
        "profile": profile,
        "predictions": said,
        **({"changes": _changes(home, read, actor, said)} if changes else {}),
        "next_step": guard.row("next_step", own, access) if own else [],
        "outcomes": guard.rows("outcome", access, where=named, order="-happened_on", limit=_LATEST),
        "noted": _noted(home, [known, *(str(row["record_id"]) for row in records)]),
        "seen_by": _seen(home, guard.seen_by(known, access)),
        **({} if whole.is_published else {"pending": PENDING._asdict()}),
    }


def _changes(home: Home, read: Generation, actor: Actor, said: list[dict[str, object]]) -> list[dict[str, object]]:
    from zhiyin.app.changed import what_would_change

    return what_would_change(home, read.guard, actor, predictions=said)


def _seen(home: Home, looks: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Who has looked; that the pipeline compared records to tell who is who is no look at the customer."""
    told = [look for look in looks if (look["actor"], look["purpose"]) != (RUN.id, "identity")]
    return [{**look, "at": _local(home, str(look["at"]))} for look in told]


def _noted(home: Home, ids: Sequence[str]) -> list[dict[str, object]]:
    """Outcomes that people wrote down, oldest first; also those under an id that was merged into this customer since."""
    found = [row for id_ in dict.fromkeys(ids) for row in home.journal.outcomes(id_)]
    return sorted(found, key=lambda row: (str(row["at"]), str(row["outcome_id"])))


def _local(home: Home, at: str) -> str:
    """A moment to the minute, on the clock of the workspace."""
    return datetime.fromisoformat(at).astimezone(zone(home.settings.timezone)).isoformat(timespec="minutes")


def _known_on(lines: list[dict[str, object]], profile: Mapping[str, object]) -> list[dict[str, object]]:
    """The lines that the figures rest on: those before the day of the profile."""
    day = str(profile.get("at_on") or "9999-12-31")
    return [line for line in lines if str(line["ordered_on"]) < day]
