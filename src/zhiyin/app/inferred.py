"""What of a customer nobody told and is inferred, and through what the customer cannot be reached."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Guard
from zhiyin.unify.contacts import FAULTS

if TYPE_CHECKING:
    from zhiyin.app.home import Home

__all__ = ["accepted_email", "bad_contacts", "inferred"]

_COLUMNS = {
    "province": Say("省份", "province"),
    "city": Say("城市", "city"),
    "gender": Say("性别", "sex"),
    "birthday": Say("生日", "birthday"),
    "preferred_category": Say("偏好品类", "preferred category"),
}
_METHODS = {
    "address": Say("地址", "the address"),
    "phone": Say("电话归属地", "where the phone is registered"),
    "id_number": Say("身份证号", "the ID number"),
    "title": Say("称呼", "the title"),
    "city": Say("城市所在省", "the city"),
    "behaviour": Say("购买行为", "what was bought"),
}
_EMAIL_RULE = "email_domain"  # of unify/proposals.py
_CHANNELS = {"phone": Say("电话", "phone"), "email": Say("邮箱", "e-mail")}


def inferred(guard: Guard, access: Access, *, customer: str, told: Container[str]) -> list[dict[str, object]]:
    """The surest inferred value of each property that nobody told, with its method and confidence."""
    if not guard.holds("fill"):
        return []
    rows = sorted(guard.row("fill", customer, access), key=lambda row: (-float(str(row["confidence"])), str(row["method"])))
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        column, method = str(row["column_name"]), str(row["method"])
        if column not in told and column not in found:
            name, how = _COLUMNS.get(column, Say(column, column)), _METHODS.get(method, Say(method, method))
            words = {"column_zh": name.zh, "column_en": name.en, "method_zh": how.zh, "method_en": how.en}
            found[column] = {**{key: row[key] for key in ("column_name", "value", "method", "confidence")}, **words}
    return [found[column] for column in sorted(found)]


def bad_contacts(guard: Guard, access: Access, *, customer: str) -> list[dict[str, object]]:
    """Phones and e-mail addresses that cannot be used, why and since when."""
    if not guard.holds("bad_contact"):
        return []
    found = []
    for row in guard.row("bad_contact", customer, access):
        channel, why = _CHANNELS[str(row["channel"])], FAULTS[str(row["code"])]
        since = Say(f"（{row['since_on']} 起）", f" (since {row['since_on']})") if row["since_on"] else Say("", "")
        text = Say(f"{channel.zh}不能用：{why.zh}{since.zh}", f"the {channel.en} cannot be used: {why.en}{since.en}")
        found.append({**{key: row[key] for key in ("channel", "code", "since_on")}, "text_zh": text.zh, "text_en": text.en})
    return found


def accepted_email(home: Home, record_ids: Iterable[str]) -> set[str]:
    """Those of the records whose e-mail address a person has accepted to read otherwise."""
    wanted = set(record_ids)
    return {
        str(row["record_id"]) for row in home.corrections.all(accepted=True) if row["rule"] == _EMAIL_RULE and row["record_id"] in wanted
    }
