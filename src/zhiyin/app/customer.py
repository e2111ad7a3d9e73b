"""One customer as the actor may see it: profile, segments, predictions, recommendations, next step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from zhiyin.app.accounts import contacts_of, firms_of, rolled_up
from zhiyin.app.asked import answers
from zhiyin.app.groups import groups_of
from zhiyin.app.home import Home
from zhiyin.app.identity_words import PENDING
from zhiyin.app.inferred import accepted_email, bad_contacts, inferred
from zhiyin.app.offered import offers
from zhiyin.app.reading import Generation, customer_of
from zhiyin.app.rows import Rows
from zhiyin.app.today import last_day
from zhiyin.app.whole import Whole, whole_of
from zhiyin.core.errors import UsageError
from zhiyin.core.fields import PROPOSED
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.learn.reasons import from_json
from zhiyin.recommend.placements import in_turns

__all__ = ["customer_view", "predictions", "recommendations"]

SHOWN_IDENTIFIERS = ("name", "phone", "email", "openid", "id_number", "address", "source_key")


def customer_view(home: Home, read: Generation, actor: Actor, *, customer: str, reveal: bool, reason: str) -> Mapping[str, object]:
    """What is known of one customer; identifiers are masked unless revealed with a reason.

    Raises:
        UsageError: when something is to be revealed without a reason.
        NotFound, PrivacyError: see `customer_of`.
    """
    if reveal and not reason.strip():
        raise UsageError(
            Say("显示完整联系方式需要说明原因。", "Revealing needs a reason."),
            fix=Say("加上 --reason，例如 --reason 回访投诉。", "Add --reason, for example --reason 'call back about a complaint'."),
        )
    access = Access(actor, "display")
    known = customer_of(home, read.guard, access, said=customer)
    whole = whole_of(home, read.guard, record=known)
    records = list(whole.records) if whole else [known]
    shown = SHOWN_IDENTIFIERS
    found = read.guard.reveal(records, shown, access, reason=reason) if reveal else read.guard.masked(records, shown, access)
    identifiers = {name: value for record in sorted(found) for name, value in found[record].items()}
    better = accepted_email(home, records)
    if better:  # a person has accepted what cleaning proposed
        opened = read.guard.reveal(better, PROPOSED, access, reason=reason) if reveal else read.guard.masked(better, PROPOSED, access)
        meant = [opened[record]["email_proposed"] for record in sorted(opened) if "email_proposed" in opened[record]]
        identifiers |= {"email": meant[-1]} if meant else {}
    published = whole is None or whole.is_published or not read.guard.holds("profile")
    page = _published(home, read, access, known) if published or whole is None else _pending(home, read, actor, whole)
    return {"customer_id": known, "identifiers": identifiers, **page, **_account(home, read.guard, access, whole=whole, page=page)}


def _account(home: Home, guard: Guard, access: Access, *, whole: Whole | None, page: Mapping[str, object]) -> dict[str, object]:
    """The people of a firm with what they did altogether, or the firms of a person; nothing where no role is known."""
    if whole is None or not guard.holds("role"):
        return {}
    contacts = contacts_of(home, guard, access, whole=whole)
    firms = firms_of(home, guard, access, whole=whole)
    account = {"contacts": contacts, "account": rolled_up(cast("Mapping[str, object]", page["profile"]), contacts), "firms": firms}
    return {name: value for name, value in account.items() if value}


def _published(home: Home, read: Generation, access: Access, known: str) -> dict[str, object]:
    """What the last run wrote."""
    guard = read.guard
    profile = next(iter(guard.row("profile", known, access)), {})
    shown = _read(profile)
    return {
        "profile": shown,
        "inferred": inferred(guard, access, customer=known, told=cast("dict[str, object]", shown["attributes"])),
        "bad_contacts": bad_contacts(guard, access, customer=known),
        "segments": groups_of(home, guard, access, customer=known, profile=profile),
        "predictions": predictions(guard, access, customer=known, currency=home.settings.currency),
        "recommendations": list(offers(home, guard, access, customer=known, at=read.day, now=read.now)),
        "next_step": guard.row("next_step", known, access),
    }


def _pending(home: Home, read: Generation, actor: Actor, whole: Whole) -> dict[str, object]:
    """What is known of who was merged or parted since."""
    from zhiyin.app.pending import profile_now

    profile = profile_now(home, read, whole=whole, at=last_day(read.guard, actor))
    empty: dict[str, object] = {
        name: [] for name in ("segments", "predictions", "recommendations", "next_step", "inferred", "bad_contacts")
    }
    return {"profile": _read(profile), **empty, "pending": PENDING._asdict()}


def _read(profile: Mapping[str, object]) -> dict[str, object]:
    parts = {
        "interests": json.loads(str(profile.get("interests") or "[]")),
        "attributes": json.loads(str(profile.get("attributes") or "{}")),
    }
    return {**profile, **parts}


def predictions(guard: Guard, access: Access, *, customer: str, currency: str) -> list[dict[str, object]]:
    """The predictions of a customer, each with its reasons as parts that add up."""
    rows = guard.row("prediction", customer, access)
    return [{**row, "currency": currency, "reasons": _parts(str(row["reasons"] or ""))} for row in rows]


def _parts(text: str) -> dict[str, object]:
    if text in ("", "{}"):  # a model that cannot say why
        return {"base": None, "parts": [], "topics": [], "total": None, "said": []}
    reasons = from_json(text)
    parts = [{"feature": part.feature, "amount": part.amount, "value": part.value} for part in reasons.contributions]
    said = [{"zh": say.zh, "en": say.en} for say in reasons.said]
    topics = [{"topic": name, "amount": amount} for name, amount in reasons.topics]
    return {"base": reasons.base, "parts": parts, "topics": topics, "total": reasons.total, "said": said}


def recommendations(home: Home, read: Generation, actor: Actor, *, customer: str, said: str, k: int) -> Rows:
    """Products for one customer with a reason each: what answers a sentence, upgrade, what was bought before and what is new.

    Where there are more than `k`, every kind keeps its best: ten products to buy again do not hide what is new.
    """
    access = Access(actor, "display")
    known = customer_of(home, read.guard, access, said=customer)
    others = offers(home, read.guard, access, customer=known, at=read.day, now=read.now)
    answer = answers(home, read, access, customer=known, said=said, offered=others) if said else Rows([])
    shown = {row["product_id"] for row in answer}
    kinds = dict.fromkeys(row["kind"] for row in others)
    lists = [[row for row in others if row["kind"] == kind and row["product_id"] not in shown] for kind in kinds]
    kept = {(row["kind"], row["product_id"]) for row in in_turns(lists)[: max(k - len(answer), 0)]}
    return Rows([*answer[:k], *(row for row in others if (row["kind"], row["product_id"]) in kept)])
