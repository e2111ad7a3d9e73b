"""Why did this customer get this number, in sums that add up and in plain sentences?

Contributions live on the log-odds scale: base + contributions = log-odds -> probability, exactly.
Reading and wording need the standard library only, so a page that shows reasons stays quick.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.core.errors import DataError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Contribution", "Reasons", "Words", "adds_up", "expit", "from_json", "logit", "sentences", "to_json"]

Words = Mapping[str, tuple[Say, Say]]  # feature -> what to say when it raises the chance, when it lowers it
SMALLEST = 0.02  # log-odds: moves a chance of one half by half a point; less is not worth a sentence


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Contribution(NamedTuple):
    """What one feature adds to the log-odds, and the value it had (None: not known)."""

    feature: str
    amount: float
    value: float | str | None


@dataclass(frozen=True)
class Reasons:
    """One sum: base + contributions = total, the strongest first; `total` is log-odds for a probability.

    `said` holds the sentences that were made of it, `topics` the same sum by what a salesperson knows: base + topics = total.
    """

    base: float
    contributions: tuple[Contribution, ...]
    said: tuple[Say, ...] = ()
    topics: tuple[tuple[str, float], ...] = ()

    @property
    def total(self) -> float:
        """Base and all contributions together."""
        return math.fsum([self.base, *(part.amount for part in self.contributions)])

    @property
    def probability(self) -> float:
        """The chance that the sum stands for."""
        return _chance(self.total)


def logit(probability: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Log-odds of probabilities; 0 and 1 are minus and plus infinity."""
    import numpy as np

    p = np.asarray(probability, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(p) - np.log1p(-p))


def expit(log_odds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Probabilities of log-odds, without overflow at either end."""
    import numpy as np

    z = np.asarray(log_odds, dtype=np.float64)
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def to_json(
    base: float,
    contributions: Mapping[str, float],
    *,
    values: Mapping[str, object],
    said: Sequence[Say] = (),
    topics: Mapping[str, float] | None = None,
) -> str:
    """One row of `Predictor.reasons` as JSON; floats come back bit by bit.

    Args:
        base: where the sum starts.
        contributions: feature -> what it adds.
        values: feature -> the value that it had.
        said: the sentences made of it, slots filled.
        topics: topic -> what all its features add.

    Raises:
        DataError: when a contribution is no finite number.
    """
    if not all(math.isfinite(number) for number in (base, *contributions.values())):
        raise DataError(
            Say("理由里有不是数字的贡献。", "A reason holds a contribution that is no number."),
            got=", ".join(name for name, amount in contributions.items() if not math.isfinite(amount)) or "base",
            fix=Say("检查模型的 `_reasons`。", "Check `_reasons` of the model."),
        )
    parts = sorted(contributions.items(), key=lambda part: (-abs(part[1]), part[0]))
    rows = [[name, float(amount), _value(values.get(name))] for name, amount in parts]
    tree: dict[str, object] = {"base": float(base), "parts": rows, "said": [list(sentence) for sentence in said]}
    if topics:
        tree["topics"] = sorted(((name, float(amount)) for name, amount in topics.items()), key=lambda part: (-abs(part[1]), part[0]))
    return _written(tree)


def from_json(text: str) -> Reasons:
    """The sum again.

    Raises:
        DataError: when the text is no sum of reasons.
    """
    try:
        raw = json.loads(text)
        parts = tuple(Contribution(name, float(amount), value) for name, amount, value in raw["parts"])
        topics = tuple((str(name), float(amount)) for name, amount in raw.get("topics", []))
        return Reasons(float(raw["base"]), parts, tuple(Say(zh, en) for zh, en in raw.get("said", [])), topics)
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise DataError(
            Say("理由看不懂。", "These are not reasons."),
            got=type(wrong).__name__,
            fix=Say("重新运行 `zhiyin run`。", "Run `zhiyin run` again."),
        ) from wrong


def sentences(row: Reasons, words: Words, *, k: int = 3) -> list[Say]:
    """The `k` strongest reasons as sentences; features without words and reasons too small to matter are left out.

    Args:
        row: one sum.
        words: feature -> (sentence when it raises the chance, sentence when it lowers it); `{value}` is filled.
        k: how many sentences at most.
    """
    strong = sorted(row.contributions, key=lambda part: (-abs(part.amount), part.feature))
    said = [part for part in strong if part.feature in words and abs(part.amount) >= SMALLEST]
    return [words[part.feature][0 if part.amount > 0 else 1].fill(value=_readable(part.value)) for part in said[:k]]


def adds_up(row: Reasons) -> Say:
    """The sum in one line, for the page that shows how a probability came about."""
    up = math.fsum(part.amount for part in row.contributions if part.amount > 0)
    down = math.fsum(part.amount for part in row.contributions if part.amount < 0)
    return Say(
        "起点 {base:+.2f}，有利因素 {up:+.2f}，不利因素 {down:+.2f}，合计 {total:+.2f}，即 {chance:.0%} 的可能。",
        "Start {base:+.2f}, what speaks for it {up:+.2f}, what speaks against it {down:+.2f}, together {total:+.2f}: a chance of {chance:.0%}.",
    ).fill(base=row.base, up=up, down=down, total=row.total, chance=row.probability)


def _chance(log_odds: float) -> float:
    small = math.exp(-abs(log_odds))
    return (1.0 if log_odds >= 0 else small) / (1.0 + small)


def _value(value: object) -> float | str | None:
    if value is None or isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]  # numbers of numpy and pandas, flags
    return number if math.isfinite(number) else None


def _readable(value: float | str | None) -> str:
    """A value rounded for people: whole when it is (nearly) whole or large, else two digits that count."""
    if value is None:
        return "?"
    if isinstance(value, str):
        return value
    if abs(value) >= 10 or value == round(value):
        return f"{value:,.0f}"
    return f"{float(f'{value:.2g}'):g}"
