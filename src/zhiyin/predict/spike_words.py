"""A rush in one sentence, with its numbers."""

from __future__ import annotations

from zhiyin.core.words import Say
from zhiyin.predict.spikes import Spike

__all__ = ["MEASURES", "sentence"]

MEASURES = {
    "orders": Say("下单", "ordered"),
    "interest": Say("浏览或加购", "viewed or added to the cart"),
}
_ONE_DAY = Say("{on}", "On {on}")
_DAYS = Say("{first} 到 {last}", "From {first} to {last}")
_SENTENCE = Say(
    "{when}，{place}渠道有 {people} 人{did}「{category}」，平常约 {expected} 人，是平常的 {times} 倍；请调整人手和库存。",
    "{when} {people} people {did} {category} through {place}, where about {expected} are usual: {times} times as many; "
    "please adjust staff and stock.",
)


def sentence(spike: Spike) -> Say:
    """Who came for what, through what, and how many are usual."""
    same = spike.starts_on == spike.noticed_on
    when = (_ONE_DAY if same else _DAYS).fill(on=spike.noticed_on, first=spike.starts_on, last=spike.noticed_on)
    did = MEASURES[spike.measure]
    told = {"place": spike.place, "category": spike.category, "people": spike.people, "expected": f"{spike.expected:.1f}"}
    times = f"{spike.people / spike.expected:.1f}"
    return Say(
        _SENTENCE.zh.format(when=when.zh, did=did.zh, times=times, **told),
        _SENTENCE.en.format(when=when.en, did=did.en, times=times, **told),
    )
