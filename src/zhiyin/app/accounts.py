"""Who speaks for a firm, and for which firm does a person speak?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.app.home import Home
from zhiyin.app.whole import Whole, whole_of
from zhiyin.core.errors import NotFound
from zhiyin.guard.access import Access, Guard

__all__ = ["contacts_of", "firms_of", "rolled_up"]

_SUMMED = ("orders", "spend")


def contacts_of(home: Home, guard: Guard, access: Access, *, whole: Whole) -> list[dict[str, object]]:
    """The people who speak for a firm: customer, name (masked), title, and what each of them did last and spent.

    A person out of sight is left out, as if there were none.
    """
    found = []
    for role in guard.rows("role", access, where={"firm_id": list(whole.records)}, order="title"):
        person = whole_of(home, guard, record=str(role["record_id"]))
        if person is None or person.customer_id == whole.customer_id:
            continue
        try:
            names = guard.masked(person.records, ("name", "phone"), access)
        except NotFound:
            continue
        told = {name: value for record in sorted(names) for name, value in names[record].items()}
        figures = _figures(guard, access, person)
        found.append({"customer_id": person.customer_id, "title": role["title"], **told, **figures})
    return found


def firms_of(home: Home, guard: Guard, access: Access, *, whole: Whole) -> list[dict[str, object]]:
    """The firms that a person speaks for: customer, name as the contact told it, title."""
    records = list(whole.records)
    named = guard.rows("attribute", access, where={"record_id": records, "name": "firm"})
    names = {str(row["record_id"]): row["value"] for row in named}
    found = []
    for role in guard.rows("role", access, where={"record_id": records}):
        firm = whole_of(home, guard, record=str(role["firm_id"]))
        customer = firm.customer_id if firm else role["firm_id"]
        found.append({"customer_id": customer, "name": names.get(str(role["record_id"]), ""), "title": role["title"]})
    return found


def rolled_up(profile: Mapping[str, object], contacts: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """A firm with its people: orders and money of all, and the last day on which one of them ordered; empty without contacts."""
    if not contacts:
        return {}
    parts = [profile, *{str(contact["customer_id"]): contact for contact in contacts}.values()]
    days = [str(part["last_order_on"]) for part in parts if part.get("last_order_on")]
    sums = {name: sum(int(str(part.get(name) or 0)) for part in parts) for name in _SUMMED}
    return {**sums, "last_order_on": max(days, default=None), "currency": profile.get("currency"), "contacts": len(contacts)}


def _figures(guard: Guard, access: Access, person: Whole) -> dict[str, object]:
    lines = guard.rows("order_line", access, where={"record_id": list(person.records)}, order="-ordered_on")
    events = guard.rows("event", access, where={"record_id": list(person.records)}, order="-happened_at", limit=1)
    last = (
        {"last_event": events[0]["name"], "last_event_at": events[0]["happened_at"]}
        if events
        else {"last_event": "", "last_event_at": None}
    )
    orders: dict[object, int] = {}
    for line in lines:
        orders[line["order_id"]] = orders.get(line["order_id"], 0) + int(str(line["amount"] or 0))
    return {
        "orders": sum(amount > 0 for amount in orders.values()),
        "spend": sum(orders.values()),
        "currency": lines[0]["currency"] if lines else None,
        "last_order_on": lines[0]["ordered_on"] if lines else None,
        **last,
    }
