"""Whose is this record? By the generation that is read, and for those who came since by the live rows."""

from __future__ import annotations

from collections.abc import Iterable

from zhiyin.core.errors import NotFound
from zhiyin.core.words import Say
from zhiyin.guard.sight import Sight
from zhiyin.store.live import LiveRows
from zhiyin.store.serving import Serving

__all__ = ["Whose", "not_found"]


class Whose:
    """Records and customers, within a sight.

    Args:
        serving: the generation.
        live: what came since.
    """

    def __init__(self, serving: Serving, live: LiveRows) -> None:
        self._serving = serving
        self._live = live

    def customer(self, key: str, sight: Sight) -> str:
        """The customer that a record or customer id leads to.

        Raises:
            NotFound: when there is none, or none in sight: the two look the same.
        """
        found = self.records(sight, record_id=[key]).get(key, key)
        if self._serving.count("customer", where={"customer_id": found}, sight=sight) or self.records(sight, customer_id=[found]):
            return found
        raise not_found()

    def records(self, sight: Sight, **ids: Iterable[str]) -> dict[str, str]:
        """record_id -> customer_id of those in sight, asked for by either."""
        ((name, given),) = ids.items()
        wanted = sorted(set(given))
        rows = self._serving.rows("identity", where={name: wanted}, columns=("record_id", "customer_id"), sight=sight)
        found = {str(row["record_id"]): str(row["customer_id"]) for row in rows}
        for more in (self._came, self._imported):
            known = set(found if name == "record_id" else found.values())
            found |= more(sight, name, [one for one in wanted if name == "customer_id" or one not in known])
        return found

    def _came(self, sight: Sight, name: str, wanted: list[str]) -> dict[str, str]:
        """Records that came after the generation: whoever sees everybody sees them, others where their customer is in sight."""
        if not wanted:
            return {}
        came = {row[0]: row[1] for row in self._live.records(wanted) if name == "customer_id" or row[0] in wanted}
        if sight is None or not came:
            return came
        seen = self._serving.rows("customer", where={"customer_id": sorted(set(came.values()))}, columns=("customer_id",), sight=sight)
        known = {str(row["customer_id"]) for row in seen}
        return {record: customer for record, customer in came.items() if customer in known}

    def _imported(self, sight: Sight, _: str, wanted: list[str]) -> dict[str, str]:
        """Records of an import that no run followed yet: each is its own customer, nobody's, so only who sees everybody sees them."""
        if sight is not None or not wanted:
            return {}
        known = self._serving.rows("identity", where={"record_id": wanted}, columns=("record_id",))
        fresh = sorted(set(wanted) - {str(row["record_id"]) for row in known})
        rows = self._serving.rows("record", where={"record_id": fresh}, columns=("record_id",)) if fresh else []
        return {str(row["record_id"]): str(row["record_id"]) for row in rows}


def not_found() -> NotFound:
    """What is answered for a customer who does not exist, and for one who is not in sight."""
    return NotFound(
        Say("没有这位客户，或不在你的可见范围内。", "There is no such customer, or not in your sight."),
        fix=Say("检查客户号。", "Check the customer id."),
    )
