"""What came of a contact, in the words of who made it."""

from __future__ import annotations

from zhiyin.core.errors import UsageError, listed
from zhiyin.core.words import Say

__all__ = ["KINDS", "validated_kind"]

# What a user can say about a contact; the keys are the kinds of table `outcome`.
KINDS: dict[str, Say] = {
    "bought": Say("成交", "bought"),
    "answered": Say("有回应", "answered"),
    "redeemed": Say("用了优惠", "used the offer"),
    "no_need": Say("不需要", "no need"),
    "unreachable": Say("联系不上", "not reached"),
    "wrong_number": Say("号码不对", "wrong number"),
    "bounced": Say("邮件退回", "bounced"),
    "refused_contact": Say("不愿再被联系", "refuses contact"),
}
# Other words for the same, as calling programs write them.
_ALSO = {"空号": "wrong_number", "停机": "wrong_number", "wrong number": "wrong_number", "退信": "bounced", "bounce": "bounced"}


def validated_kind(said: str) -> str:
    """The kind of outcome that a user means, by its code or its word in either language.

    Example:
        >>> validated_kind("不需要"), validated_kind("Bought")
        ('no_need', 'bought')

    Raises:
        UsageError: when there is no such kind; lists those that exist.
    """
    named = _ALSO | {word: kind for kind, say in KINDS.items() for word in (kind, *say)}
    kind = named.get(said.strip().lower())
    if kind is None:
        raise UsageError(
            Say("没有这种结果。", "There is no such outcome."),
            got=said.strip()[:40],
            fix=Say(f"使用其中之一：{listed(KINDS)}。", f"Use one of {listed(KINDS)}."),
        )
    return kind
