"""What should be known about a trained model before it is trusted?"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from zhiyin.core.errors import StoreError
from zhiyin.core.words import Language, Say

__all__ = ["REFUSED", "Baseline", "Bin", "Card", "Curve", "Effect", "Gap", "Group", "Interval", "LeftOut", "Proxy", "Trial"]

REFUSED = "refused: fairness"  # state of a model that is kept to be looked at and never asked


class Interval(NamedTuple):
    """A figure and the interval it may really lie in."""

    value: float
    low: float
    high: float


class Bin(NamedTuple):
    """Rows that were given about the same probability: what was said, what happened, how many."""

    predicted: float
    observed: float
    n: int


class Group(NamedTuple):
    """How a model treats one group of people: whom it picks, whom it finds, and what it says beside what happened."""

    attribute: str
    group: str
    n: int  # customers
    outcomes: int  # rows in which it happened
    picked: Interval  # share that is picked at the working cut
    found: Interval  # of those to whom it happened, the share that is picked; NaN over too few
    said: float  # mean probability
    happened: Interval


class Gap(NamedTuple):
    """How a group fares beside the one that fares best; `measure` is selection (picked) or opportunity (found)."""

    measure: str
    attribute: str
    group: str
    beside: str
    ratio: Interval
    difference: Interval


class Proxy(NamedTuple):
    """How well the features tell a protected column that the model does not read: AUC of one group against the others."""

    attribute: str
    group: str
    auc: Interval
    strongest: tuple[str, ...]  # features that tell most


class Effect(NamedTuple):
    """What a feature does to the answers: mean absolute contribution, and its mean contribution along its values (log-odds)."""

    topic: str
    feature: str  # empty: all features of the topic together
    strength: float
    curve: tuple[tuple[float, float], ...] = ()


class Curve(NamedTuple):
    """How the loss on rows left aside fell while a part of the model learned."""

    name: str
    points: tuple[tuple[float, float], ...]  # round, loss


class LeftOut(NamedTuple):
    """How well those of one value of a column are told by a model that learned from the others only."""

    column: str
    value: str
    n: int
    auc: Interval


class Trial(NamedTuple):
    """One shape of boosted trees that was tried: mean log loss on rows that it had not seen, and the shape."""

    loss: float
    shape: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Baseline:
    """The simple way that the model must beat, and how good that one is."""

    name: str
    metrics: dict[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Card:
    """The card of a trained model. A model fills what it knows; who fits it adds the rest with `dataclasses.replace`.

    Args:
        model_id: folder on the shelf, empty before it is saved.
        question: what it answers, for example `purchase`.
        name: line of learn/registry.py, or the name of the class.
        unit: probability, money, days, or empty.
        snapshot: lake generation it learned from.
        at_on: it learned from what came before this day.
        examples: rows it learned from.
        outcomes: rows among them in which it happened.
        features: columns it reads.
        metrics: figure -> value and 95 % bootstrap interval on the time split.
        baseline: the same figures for the named baseline.
        calibration: what was said against what happened.
        settings: how the model was set.
        seed: of everything random in it.
        limits: what it cannot do.
        made_at: when, UTC.
        notes: what was noticed while it was fitted: what was chosen and why, what was left aside, alarms.
        state: empty, or REFUSED.
        cut: share of the likeliest that is picked, at which accuracy, precision, recall and F1 are counted.
        groups: how protected groups are treated.
        gaps: the same beside the group that fares best.
        proxies: how well the features tell protected columns.
        effects: what drives the answers, the strongest first.
        curves: of the training.
        trials: shapes that a search tried, in their order, the first without a search.
        left_out: scores on sources or industries that were not learned from.
        approved_by: who looked at it and approved.
        approved_at: when, UTC.
    """

    name: str
    unit: str
    features: tuple[str, ...]
    examples: int
    outcomes: int
    limits: Say
    settings: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    model_id: str = ""
    question: str = ""
    snapshot: str = ""
    at_on: date | None = None
    metrics: dict[str, Interval] = field(default_factory=dict)
    baseline: Baseline | None = None
    calibration: tuple[Bin, ...] = ()
    made_at: datetime | None = None
    notes: tuple[Say, ...] = ()
    state: str = ""
    cut: float = 0.0
    groups: tuple[Group, ...] = ()
    gaps: tuple[Gap, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    effects: tuple[Effect, ...] = ()
    curves: tuple[Curve, ...] = ()
    trials: tuple[Trial, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    approved_by: str = ""
    approved_at: datetime | None = None

    def to_json(self) -> str:
        """The card as JSON; an undefined figure is null."""
        return json.dumps({item.name: _plain(getattr(self, item.name)) for item in fields(self)}, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Card:
        """The card again.

        Raises:
            StoreError: when the text is no card.
        """
        try:
            return cls(**_read(json.loads(text)))
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise StoreError(
                Say("模型卡看不懂。", "This is not a model card."),
                got=type(wrong).__name__,
                fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again."),
            ) from wrong

    def accuracy_note(self) -> Say | None:
        """Why accuracy alone misleads, with the figures of this model; None where they were not counted."""
        if not {"accuracy", "accuracy_no_model"} <= set(self.metrics):
            return None
        return Say(
            "只看正确率会误导：不用模型、对谁都说同一句话，也有 {none:.1%} 说对；按最可能的 {cut:.0%} 来选，正确率是 {ours:.1%}。要看排序（AUC）和概率准不准。",
            "Accuracy alone misleads: saying the same of everybody, without a model, is right for {none:.1%}; picking the likeliest {cut:.0%} "
            "is right for {ours:.1%}. Look at the order (AUC) and at whether chances come true.",
        ).fill(none=self.metrics["accuracy_no_model"].value, ours=self.metrics["accuracy"].value, cut=self.cut)

    def text(self, language: Language) -> str:
        """The card as people read it, one fact a line."""
        return "\n".join(f"{label.in_(language)}{': ' if language == 'en' else '：'}{value}" for label, value in self._facts(language))

    def _facts(self, language: Language) -> list[tuple[Say, str]]:
        rows: list[tuple[Say, object]] = [
            (Say("模型", "Model"), " ".join(part for part in (self.name, self.model_id) if part)),
            (Say("问题", "Question"), self.question),
            (Say("学习截止日期", "Learned from before"), self.at_on),
            (Say("数据快照", "Snapshot"), self.snapshot),
            (Say("样本数", "Examples"), f"{self.examples:,}"),
            (Say("其中发生", "In which it happened"), f"{self.outcomes:,}"),
            (Say("所用特征", "Features"), ", ".join(self.features)),
            *((Say("成绩", "Score"), _figure(name, figure)) for name, figure in self.metrics.items()),
            *(
                (Say("基准", "Baseline"), f"{self.baseline.name} {_figure(*item)}")
                for item in (self.baseline.metrics if self.baseline else {}).items()
                if self.baseline
            ),
            *(
                (Say("预测与实际", "Said and happened"), f"{bin_.predicted:.1%} / {bin_.observed:.1%} ({bin_.n:,})")
                for bin_ in self.calibration
            ),
            *((Say("影响最大", "Strongest"), f"{effect.topic} {effect.strength:.2f}") for effect in self.effects if not effect.feature),
            *((Say("各组", "Group"), _group(group, language)) for group in self.groups),
            *((Say("可推断出", "Can be told"), _proxy(proxy, language)) for proxy in self.proxies),
            *(
                (Say("未学过的来源", "Not learned from"), f"{one.column} {one.value} ({one.n:,}) {_figure('auc', one.auc)}")
                for one in self.left_out
            ),
            (Say("调参", "Tuned"), _tuned(self.trials, language)),
            (Say("设置", "Settings"), ", ".join(f"{name}={value}" for name, value in self.settings.items() if value != {})),
            (Say("随机种子", "Seed"), self.seed),
            *((Say("说明", "Note"), note.in_(language)) for note in (*self.notes, self.accuracy_note()) if note),
            (Say("局限", "Limits"), self.limits.in_(language)),
            (Say("完成时间", "Made"), _moment(self.made_at)),
            (Say("状态", "State"), self.state),
            (Say("批准", "Approved"), " ".join(part for part in (self.approved_by, _moment(self.approved_at)) if part)),
        ]
        return [(label, str(value)) for label, value in rows if value not in ("", None)]


def _tuned(trials: tuple[Trial, ...], language: Language) -> str:
    if not trials:
        return ""
    best = min(trials, key=lambda one: one.loss)
    shape = ", ".join(f"{name}={value:.4g}" for name, value in best.shape)
    said = Say("试了 {n} 种，损失从 {first:.4f} 到 {best:.4f}：{shape}", "{n} shapes tried, loss from {first:.4f} to {best:.4f}: {shape}")
    return said.fill(n=len(trials), first=trials[0].loss, best=best.loss, shape=shape).in_(language)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _group(one: Group, language: Language) -> str:
    said = Say(
        "{attribute}={group}（{n:,} 人）：选中 {picked:.1%}，找到 {found}，预测 {said:.1%}，实际 {happened:.1%}",
        "{attribute}={group} ({n:,}): picked {picked:.1%}, found {found}, said {said:.1%}, happened {happened:.1%}",
    )
    found = f"{one.found.value:.1%}" if math.isfinite(one.found.value) else "-"
    shown = one._asdict() | {"picked": one.picked.value, "found": found, "happened": one.happened.value}
    return said.fill(**shown).in_(language)


def _proxy(one: Proxy, language: Language) -> str:
    said = Say("{attribute}={group}：AUC {auc:.2f}，主要靠 {by}", "{attribute}={group}: AUC {auc:.2f}, by {by}")
    return said.fill(attribute=one.attribute, group=one.group, auc=one.auc.value, by=", ".join(one.strongest) or "-").in_(language)


def _figure(name: str, figure: Interval) -> str:
    return f"{name} {figure.value:.3f} ({figure.low:.3f} - {figure.high:.3f})"


def _plain(value: object) -> object:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case date():
            return value.isoformat()
        case Baseline():
            return {"name": value.name, "metrics": _plain(value.metrics)}
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
    return value


def _read(raw: dict[str, Any]) -> dict[str, Any]:
    baseline = raw["baseline"]
    return raw | {
        "features": tuple(raw["features"]),
        "limits": Say(*raw["limits"]),
        "at_on": date.fromisoformat(raw["at_on"]) if raw["at_on"] else None,
        "made_at": datetime.fromisoformat(raw["made_at"]) if raw["made_at"] else None,
        "metrics": _figures(raw["metrics"]),
        "baseline": Baseline(baseline["name"], _figures(baseline["metrics"])) if baseline else None,
        "calibration": tuple(Bin(*bin_) for bin_ in raw["calibration"]),
        "notes": tuple(Say(*note) for note in raw.get("notes", ())),
        "approved_at": datetime.fromisoformat(raw["approved_at"]) if raw.get("approved_at") else None,
        **{name: tuple(_as(kind, part) for part in raw.get(name, ())) for name, kind in _PARTS.items()},
    }


_PARTS: dict[str, type[Any]] = {
    "groups": Group,
    "gaps": Gap,
    "proxies": Proxy,
    "effects": Effect,
    "curves": Curve,
    "left_out": LeftOut,
    "trials": Trial,
}
_INTERVALS = {"picked", "found", "happened", "ratio", "difference", "auc"}


def _as(kind: type[Any], raw: list[Any]) -> Any:  # noqa: ANN401 - one of _PARTS
    values = dict(zip(kind._fields, raw, strict=True))
    for name, value in values.items():
        if name in _INTERVALS:
            values[name] = _interval(value)
        elif isinstance(value, list):
            values[name] = tuple(tuple(item) if isinstance(item, list) else item for item in value)
        elif value is None:
            values[name] = math.nan
    return kind(**values)


def _interval(raw: list[float | None]) -> Interval:
    return Interval(*(math.nan if part is None else part for part in raw))


def _figures(raw: dict[str, list[float | None]]) -> dict[str, Interval]:
    return {name: _interval(figure) for name, figure in raw.items()}
