"""Through which channels has each customer left an address, and which of them cannot be used?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.facts import owned

if TYPE_CHECKING:
    from ibis import Table

__all__ = ["reach"]

_CHANNELS = {"phone": "phone", "email": "email", "openid": "wechat"}  # kind of link key -> channel


def reach(link_key: Table, bad_contact: Table, *, identity: Table) -> Table:
    """One row a customer and channel: how many usable addresses, and what is wrong with what cannot be used.

    Returns:
        `customer_id`, `channel`, `keys`, `code` (empty where nothing is wrong), `since_on`.
    """
    keys = owned(link_key.select("record_id", "kind", "digest"), identity)
    keys = keys.filter(keys["kind"].isin(tuple(_CHANNELS)))
    keys = keys.mutate(channel=keys["kind"].cases(*_CHANNELS.items(), else_=""))
    counted = keys.group_by("customer_id", "channel").agg(keys=keys["digest"].nunique())
    faults = owned(bad_contact.select("record_id", "channel", "code", "since_on"), identity)
    wrong = faults.group_by("customer_id", "channel").agg(code=faults["code"].min(), since_on=faults["since_on"].min())
    both = counted.outer_join(wrong, ["customer_id", "channel"])
    return both.select(
        customer_id=ibis.coalesce(both["customer_id"], both["customer_id_right"]),
        channel=ibis.coalesce(both["channel"], both["channel_right"]),
        keys=ibis.coalesce(both["keys"], 0).cast("int64"),
        code=ibis.coalesce(both["code"], ""),
        since_on=both["since_on"],
    )
