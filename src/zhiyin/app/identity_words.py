"""What speaks for and against two records being one person, in sentences with the weights."""

from __future__ import annotations

from zhiyin.core.words import Say
from zhiyin.unify.identity.weights import LEVELS, LINK_BITS, REVIEW_BITS, probability

__all__ = ["KINDS", "PENDING", "told_finding", "told_pair"]

PENDING = Say(
    "这位客户在上次运行之后被合并或拆开：档案、画像已按现在的样子显示；预测、推荐和下一步要到下次 `zhiyin run` 才会更新。",
    "This customer was merged or parted after the last run: records and profile are shown as they are; predictions, recommendations and"
    " the next step come with the next `zhiyin run`.",
)

# What was found of a pair, or said of it.
KINDS: dict[str, Say] = {
    "link": Say("判为同一人", "linked"),
    "left_fits": Say("打码信息对得上，且没有第二个人对得上", "what the mask shows fits, and fits nobody else"),
    "right_fits": Say("打码信息对得上，且没有第二个人对得上", "what the mask shows fits, and fits nobody else"),
    "review": Say("拿不准，等人复核", "uncertain, left to a person"),
    "conflict": Say("经由别的档案相连，但彼此矛盾，分开", "joined through others, but contradicting each other: kept apart"),
    "none": Say("证据不够，不合并", "too little evidence: not linked"),
    "merge": Say("人工合并", "merged by a person"),
    "unmerge": Say("人工拆开", "parted by a person"),
}
_SIZE = Say("随便两份档案（约 {records} 份里）", "any two of some {records} records")


def told_finding(part: str) -> dict[str, object]:
    """One finding of the log, `phone.equal:17.4`, in words."""
    name, _, bits = part.rpartition(":")
    worth = float(bits)
    said = _SIZE.fill(records=f"{2 ** round(-worth):,}") if name == "size" else LEVELS[name].words
    return {"finding": name, "bits": worth, "zh": said.zh, "en": said.en}


def told_pair(bits: float) -> dict[str, object]:
    """The sum, the chance, and where it lies between the thresholds."""
    chance = probability(bits)
    return {"bits": round(bits, 1), "probability": round(chance, 4), "link_from": LINK_BITS, "review_from": REVIEW_BITS}
