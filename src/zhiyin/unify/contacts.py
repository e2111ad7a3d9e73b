"""Can this phone or e-mail address reach anybody, and if not, why?"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from zhiyin.core.words import Say
from zhiyin.unify.phones import phone
from zhiyin.unify.values import email, id_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FAULTS", "email_fault", "faults_of_people", "identifies_nobody", "phone_fault"]

FAULTS: dict[str, Say] = {
    "impossible_phone": Say("号码不可能存在", "no such number is possible"),
    "placeholder_phone": Say("号码像是随手填的", "the number looks made up"),
    "impossible_email": Say("邮箱写法不对", "the e-mail address is not well formed"),
    "placeholder_email": Say("邮箱像是随手填的", "the e-mail address looks made up"),
    "unread_email": Say("这个邮箱没有人读", "nobody reads this e-mail address"),
    "disposable_email": Say("一次性邮箱", "a disposable e-mail address"),
    "wrong_number": Say("打过：空号或不是本人", "called: out of service or not theirs"),
    "never_reached": Say("多次打不通", "called several times, never reached"),
    "bounced": Say("邮件退回", "mail bounced"),
}
# Numbers that stand in examples and forms; other numbers of equal digits are sold, and belong to somebody.
_PHONES_MADE_UP = frozenset(
    ["13800138000", "13800000000", "13000000000", "15000000000", "18600000000", "13888888888", "18888888888", "13812341234"]
)
_RUN = "01234567890123456789"
# What systems write where nothing is known, and what people type to get past a form. A phone of equal digits may be somebody's; that two
# records tell it says nothing of them.
_NOBODY = re.compile(r"[0-]*|-1|null|none|nil|undefined|unknown|anonymous|guest|test|(?:\+?86)?(?:1\d\d(\d)\1{7}|1380013800\d)|test@.*")
_USERS_MADE_UP = frozenset(
    [
        "test", "tests", "testing", "tester", "asdf", "qwerty", "abc", "aaa", "xxx", "123", "1234", "123456", "12345678",
        "none", "null", "noemail", "nomail", "example", "user", "foo", "foobar", "fake", "无",
    ]
)  # fmt: skip
_DOMAINS_MADE_UP = re.compile(r"(?:^|\.)(?:test\.com|noemail\.com|nomail\.com|none\.com|test|invalid|localhost|local)$")
_USERS_UNREAD = re.compile(r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|abuse)(?:[+@].*)?$")
# The services for throw-away addresses that are named most often in public block lists.
_DISPOSABLE = frozenset(
    [
        "mailinator.com", "guerrillamail.com", "guerrillamail.net", "sharklasers.com", "10minutemail.com", "10minutemail.net", "temp-mail.org",
        "tempmail.com", "tempmailo.com", "yopmail.com", "yopmail.fr", "throwawaymail.com", "trashmail.com", "getnada.com", "dispostable.com",
        "maildrop.cc", "fakeinbox.com", "mailnesia.com", "mintemail.com", "mohmal.com", "emailondeck.com", "tempr.email", "moakt.com",
        "bccto.me", "chacuo.net", "027168.com", "linshiyouxiang.net", "24mail.chacuo.net",
    ]
)  # fmt: skip
_ANYTHING = re.compile(r"[0-9A-Za-z@]")


def phone_fault(text: str, region: str = "CN") -> str | None:
    """Why a phone cannot be used: a code of `FAULTS`; None where it can, is masked, or nothing is told.

    Example:
        >>> phone_fault("13812345679"), phone_fault("13800138000"), phone_fault("12345678"), phone_fault("138****5678")
        (None, 'placeholder_phone', 'impossible_phone', None)
    """
    found = id_text(text)
    if found is None or "*" in found:
        return None
    number = phone(found, region)
    if number is None:
        return "impossible_phone" if any(sign.isdigit() for sign in found) else None
    return "placeholder_phone" if _is_placeholder("phone", number) else None


def email_fault(text: str) -> str | None:
    """Why an e-mail address cannot be used: a code of `FAULTS`; None where it can, is masked, or nothing is told.

    Example:
        >>> email_fault("li@lei.cn"), email_fault("li.lei@"), email_fault("test@test.com"), email_fault("noreply@shop.cn")
        (None, 'impossible_email', 'placeholder_email', 'unread_email')
    """
    found = id_text(text)
    if found is None or "*" in found:
        return None
    mail = email(found)
    if mail is None or ".." in mail or mail.startswith(".") or ".@" in mail or len(mail) > 254:
        return "impossible_email" if _ANYTHING.search(found) else None
    user, _, domain = mail.partition("@")
    if _USERS_UNREAD.match(user):
        return "unread_email"
    if domain in _DISPOSABLE:
        return "disposable_email"
    return "placeholder_email" if _is_placeholder("email", mail) else None


def identifies_nobody(column: str, value: str) -> bool:
    """Whether a normalised identifier tells nobody apart: 0000, null, anonymous, 13800138000, test@qq.com.

    Example:
        >>> [identifies_nobody("phone", value) for value in ("000-000", "+8613800138000", "+8613987654321", "+8613812345679")]
        [True, True, True, False]
        >>> identifies_nobody("email", "test@qq.com")
        True
    """
    return _NOBODY.fullmatch(value.strip().casefold()) is not None or _is_placeholder(column, value)


def _is_placeholder(column: str, value: str) -> bool:
    """Whether a normalised phone or e-mail is one that people type where they want to give none."""
    if column == "phone":
        local = value.removeprefix("+86")
        return local in _PHONES_MADE_UP or local[-9:] in _RUN or local[-9:] in _RUN[::-1]
    if column == "email":
        user, _, domain = value.partition("@")
        return user in _USERS_MADE_UP or _DOMAINS_MADE_UP.search(domain) is not None
    return False


def faults_of_people(rows: pa.Table, *, region: str, on: date | None) -> pa.Table | None:
    """What of the phones and e-mail addresses of a batch cannot be used.

    Args:
        rows: parsed rows with `record_id`.
        region: country of phones that are written without one.
        on: since when the fault is known: the day of the import.

    Returns:
        Rows of the table `bad_contact`; None where there is none.
    """
    import pyarrow as pa

    found: dict[tuple[str, str, str], int] = {}
    for channel in ("phone", "email"):
        if channel not in rows.column_names:
            continue
        told = rows.select(["record_id", channel, "source_row"]).filter(rows[channel].is_valid())
        judged: dict[str, str | None] = {}
        for record, text, row in zip(*(told[name].to_pylist() for name in told.column_names), strict=True):
            if text not in judged:
                judged[text] = phone_fault(text, region) if channel == "phone" else email_fault(text)
            if code := judged[text]:
                found.setdefault((record, channel, code), row)
    if not found:
        return None
    return pa.table(
        {
            "record_id": pa.array([key[0] for key in found], pa.string()),
            "channel": pa.array([key[1] for key in found], pa.string()),
            "code": pa.array([key[2] for key in found], pa.string()),
            "since_on": pa.array([on] * len(found), pa.date32()),
            "source_row": pa.array(list(found.values()), pa.int64()),
        }
    )
