"""What was chosen, and why, in a sentence that needs no statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.core.settings import LearningSettings
from zhiyin.core.words import Say
from zhiyin.learn.frames import Floats
from zhiyin.learn.registry import model_words
from zhiyin.predict.blend import PARTS
from zhiyin.predict.ladder import FEWEST, Judged, rarer
from zhiyin.predict.target import Target

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["chosen_because", "lacking", "rung_words"]

_STYLES = {
    "single": Say("最有用的一列的比例", "rates of the most telling column"),
    "curved": Say("分段回归", "regression with steps"),
    "wide": Say("提升树（宽）", "wide boosted trees"),
    "drawn": Say("提升树（随机切分）", "boosted trees with random cuts"),
    "short": Say("提升树（矮）", "short boosted trees"),
    "brisk": Say("提升树（快）", "quick boosted trees"),
    "tuned": Say("提升树（调过参）", "tuned boosted trees"),
}


def rung_words(name: str) -> Say:
    """What people call a rung of the ladder."""
    return _STYLES.get(name) or model_words(PARTS.get(name, (name,))[0])


def lacking(outcomes: int, learning: LearningSettings) -> Say:
    """How many more outcomes the next rung needs; empty when none is out of reach."""
    for least, rung in ((learning.min_outcomes, Say("回归", "regression")), (learning.boosting_outcomes, Say("提升树", "boosting"))):
        if outcomes < least:
            more = least - outcomes
            return Say(
                f"目前 {outcomes} 条结果；再有约 {more} 条可用{rung.zh}。",
                f"Outcomes so far: {outcomes}; {rung.en} needs about {more} more.",
            )
    return Say("", "")


def chosen_because(judged: Judged, scores: pd.DataFrame, *, target: Target, labels: Floats) -> list[Say]:
    """What counts as having happened, what is used, how good it was, and what the data do not allow yet."""
    happened, outcomes = int((labels > 0).sum()), rarer(labels)
    said = [
        Say(
            "「发生」指 {target} = {value}：{rows} 行里有 {count} 行。", "It happened means {target} = {value}: {count} of {rows} rows."
        ).fill(target=target.name, value=target.happened, rows=len(labels), count=happened)
    ]
    said.append(_used(judged, scores) if judged.said else _unjudged(judged, outcomes))
    more = lacking(outcomes, LearningSettings())
    return [*said, *([more] if more.en else []), *_shift(judged)]


def _used(judged: Judged, scores: pd.DataFrame) -> Say:
    auc = scores[scores["metric"] == "auc"].set_index("variant")
    found = auc.loc[judged.winner]
    others = sorted(((name, float(auc.loc[name, "value"])) for name in auc.index if name != judged.winner), key=lambda one: -one[1])
    tried_zh = "、".join(f"{rung_words(name).zh} {value:.3f}" for name, value in others)
    tried_en = ", ".join(f"{rung_words(name).en} {value:.3f}" for name, value in others)
    where = Say("较晚的行", "later rows") if judged.forward else Say("没有学过的行", "rows left out")
    return Say(
        f"采用{rung_words(judged.winner).zh}：在{where.zh}上 AUC {found['value']:.3f}（{found['low']:.3f} 到 {found['high']:.3f}）"
        + (f"；另试 {tried_zh}。" if others else "。"),
        f"{rung_words(judged.winner).en.capitalize()} is used: AUC {found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f}) on {where.en}"
        + (f"; also tried: {tried_en}." if others else "."),
    )


def _unjudged(judged: Judged, outcomes: int) -> Say:
    called = rung_words(judged.winner)
    return Say(
        f"结果只有 {outcomes} 条（评判至少要 {FEWEST} 条），先用{called.zh}，未经评判。",
        f"Only {outcomes} outcomes (judging takes {FEWEST}): {called.en} is used, not judged.",
    )


def _shift(judged: Judged) -> list[Say]:
    if not judged.shifted:
        return []
    names = ", ".join(judged.shifted)
    if judged.dropped:
        return [
            Say(
                "警报：这些列后来变了（取值超出以前的范围，或含义反转），去掉后在较晚的行上更准，所以没有使用：{names}。",
                "Alarm: these columns changed over time (values beyond all earlier ones, or a meaning turned round);"
                " without them later rows are told better, so they are not used: {names}.",
            ).fill(names=", ".join(judged.dropped))
        ]
    return [
        Say(
            "警报：这些列后来变了（取值超出以前的范围，或含义反转），预测可能不稳：{names}。",
            "Alarm: these columns changed over time (values beyond all earlier ones, or a meaning turned round); predictions may be unsteady: {names}.",
        ).fill(names=names)
    ]
