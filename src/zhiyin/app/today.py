"""The list of today, with its words filled in at the moment of reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zhiyin.act.words import BLOCKED, fill_opening, read_about, read_reasons, read_slots
from zhiyin.app.codes import words_of
from zhiyin.app.rows import Rows
from zhiyin.app.scores import headline
from zhiyin.core.errors import NotFound, PrivacyError, UsageError, listed
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard

__all__ = ["last_day", "models", "refuse_unless_owner", "today"]

NOT_THE_OWNER = Say("只有工作区的主人可以这样做。", "Only the owner of the workspace may do this.")


def today(guard: Guard, actor: Actor, *, rep: str = "", limit: int = 0) -> Rows:
    """The listed next steps that `actor` may see, best gain first, each with three reasons and its opening words.

    Raises:
        NotFound: when no list was made yet.
        UsageError: when `rep` has no customer that the actor may see.
    """
    access = Access(actor, "contact")
    where: dict[str, object] = {"listed": True} | ({"owner_id": rep} if rep else {})
    made_on = [row["at_on"] for row in guard.rows("profile", access, where={}, limit=1)]
    steps = guard.rows("next_step", access, where=where, order="owner_id, rank", limit=limit)
    if rep and not steps and made_on and not guard.count("next_step", access, where={"owner_id": rep}):
        raise _no_rep(guard, access, rep)
    if not steps:
        return Rows(notes=_why_nobody(guard, access, where={"owner_id": rep} if rep else {}))
    names = guard.shown_names([str(step["customer_id"]) for step in steps], access)
    return Rows({"at_on": made_on[0], **_told(step, names.get(str(step["customer_id"]), {}))} for step in steps)


def _why_nobody(guard: Guard, access: Access, *, where: Mapping[str, object]) -> list[Say]:
    """Why the list is empty: what stands against each customer that the actor may see, with how many it concerns.

    Raises:
        NotFound: when no list was made yet.
    """
    if not guard.holds("next_step"):
        raise _no_list()
    counts = {code: guard.count("next_step", access, where={**where, "blocked": code}) for code in BLOCKED}
    return [Say(f"{count} 位：{BLOCKED[code].zh}", f"{count}: {BLOCKED[code].en}") for code, count in counts.items() if count]


def _no_rep(guard: Guard, access: Access, rep: str) -> UsageError:
    """Names those who have a list: an empty one for a slip of the keyboard would look like a day without work."""
    steps = guard.rows("next_step", access, where={"listed": True})
    names = listed(sorted({str(step["owner_id"]) for step in steps} - {""}), most=30)
    known = Say(f"有名单的是：{names}。", f"Those who have a list: {names}.")
    nobody = Say("客户没有分给任何人，去掉 --rep。", "No customer belongs to anybody; leave out --rep.")
    return UsageError(Say("没有这位销售的名单。", "There is no list of this rep."), got=rep, fix=known if names else nobody)


def _told(step: Mapping[str, object], identifiers: Mapping[str, str]) -> dict[str, object]:
    """One step as a reader gets it: sentences filled, money as text."""
    cell = str(step["reasons"])
    reasons = read_reasons(cell)
    action, channel, contact = (words_of(name, step[name]) for name in ("action", "channel", "contact"))
    name = identifiers.get("name", "")
    slots = read_slots(cell) | {"name": "" if "*" in name else name}  # nobody says a masked name aloud
    return {
        **{name: step[name] for name in _SHOWN},
        "name": name,
        "action_zh": action.zh,
        "action_en": action.en,
        "about": read_about(cell),
        "contact_zh": contact.zh,
        "contact_en": contact.en,
        "channel_zh": channel.zh,
        "channel_en": channel.en,
        "gain_text": money_text(float(str(step["gain"])), str(step["currency"])),
        "reasons_zh": [reason.zh for reason in reasons],
        "reasons_en": [reason.en for reason in reasons],
        "opening_zh": fill_opening(str(step["opening_zh"]), slots),
        "opening_en": fill_opening(str(step["opening_en"]), slots),
    }


_SHOWN = (
    "rank", "customer_id", "owner_id", "action", "channel", "contact", "question", "subject_id", "product_id",
    "probability", "uplift", "margin", "cost", "gain", "currency",
)  # fmt: skip


def models(guard: Guard, actor: Actor, *, currency: str) -> Rows:
    """The models in use, each with its figures beside the baseline's."""
    access = Access(actor, "measurement")
    cards = guard.rows("model", access, where={}, order="question")
    rows = guard.rows("scorecard", access, where={"subject": "model"}, order="question, metric, variant, at_on")
    scores = headline(rows, currency=currency)
    return Rows({**card, "scores": [score for score in scores if score["question"] == card["question"]]} for card in cards)


def last_day(guard: Guard, actor: Actor) -> date:
    """The day of the list that was published last.

    Raises:
        NotFound: when nothing was run yet.
    """
    rows = guard.rows("profile", Access(actor, "measurement"), where={}, limit=1)
    if not rows:
        raise _no_list()
    return date.fromisoformat(str(rows[0]["at_on"]))


def _no_list() -> NotFound:
    return NotFound(Say("还没有生成过名单。", "No list was made yet."), fix=Say("先 `zhiyin run`。", "First `zhiyin run`."))


def refuse_unless_owner(actor: Actor) -> None:
    """Loading, running and writing reports belong to the owner.

    Raises:
        PrivacyError: for anybody else.
    """
    if actor.role != "owner":
        raise PrivacyError(NOT_THE_OWNER, got=actor.role, fix=Say("不带 --as 再运行。", "Run it without --as."))
