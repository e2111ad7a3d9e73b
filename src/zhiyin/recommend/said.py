"""What did the customer just ask for? From a sentence of a chat or a call to products, each quoting the words that it rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from zhiyin.core.words import Say

__all__ = ["Asked", "Fitting", "asked_for", "fitting", "why_said"]


class Asked(NamedTuple):
    """A wish: the clause that says it, the words by any of which a product may answer it, and whether it is wished or unwanted."""

    quote: str
    words: tuple[str, ...]
    wanted: bool = True


class Fitting(NamedTuple):
    """A product that answers what was asked for."""

    product_id: str
    score: float
    word: str  # which the product says
    quote: str  # which the customer said


# What people complain of or wish -> what a product that helps says of itself. Plain words of shops, Chinese and English.
_NEEDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("吵", "噪音", "声音大", "声音太大", "noisy", "loud", "noise"), ("静音", "低噪", "静眠", "quiet", "silent")),
    (("费电", "电费", "耗电", "省电", "power bill", "energy bill"), ("省电", "节能", "一级能效", "energy saving", "efficient")),
    (
        ("占地方", "太大了", "放不下", "地方小", "too big", "small flat", "takes up"),
        ("不占地方", "小巧", "迷你", "折叠", "超薄", "compact", "mini"),
    ),
    (
        ("难洗", "难清洗", "不好洗", "不好清洗", "清洗麻烦", "hard to clean"),
        ("好清洗", "自清洁", "免洗", "可拆洗", "easy to clean", "self-cleaning"),
    ),
    (("甲醛", "新装修", "刚装修", "formaldehyde", "new flat"), ("除甲醛", "除醛", "formaldehyde")),
    (("异味", "味道大", "有味", "smell"), ("除味", "无味", "odour")),
    (("宠物", "猫毛", "狗毛", "掉毛", "pet hair"), ("宠物", "吸毛", "pet")),
    (("太慢", "等太久", "too slow"), ("快", "速热", "fast", "quick")),
    (("太重", "搬不动", "提不动", "heavy"), ("轻便", "轻量", "轻", "light")),
    (("敏感", "过敏", "刺激", "sensitive", "allergic"), ("温和", "无香", "低敏", "敏感肌", "gentle", "hypoallergenic")),
    (("干燥", "很干", "太干", "dry"), ("保湿", "补水", "加湿", "moistur", "humidif")),
    (("老人", "爸妈", "父母", "elderly", "my parents"), ("老人", "大字", "一键", "easy to use")),
    (("孩子", "宝宝", "小孩", "baby", "my kid", "child"), ("儿童", "宝宝", "安全", "童锁", "kids", "safe")),
    (("不会用", "太复杂", "复杂", "too complicated"), ("一键", "简单", "易用", "easy to use", "simple")),
    (("不够用", "太小了", "装不下", "too small"), ("大容量", "大", "large", "extra")),
)
_NO = ("不要", "不想要", "不用", "不喜欢", "别", "没有", "不是", "不", "无", "no ", "not ", "without ", "don't want ", "doesn't ")
# Said before a complaint they turn it round: 不吵 is no complaint. Said before a wish they make it unwanted.
_CLAUSE = re.compile(r"[，。！？；、,!?;\n]+|\.\s")
_ASCII = re.compile(r"[a-z][a-z'-]{2,}")
_LONGEST, _SHORTEST = 6, 2  # characters of a Chinese word that is looked for in what products say
# Words of every conversation, which say nothing of products.
_IDLE_WORDS = (
    "想要 有没有 没有 这个 那个 什么 怎么 可以 我们 你们 他们 一个 一台 还有 就是 因为 所以 但是 不过 或者 现在 今天 明天 时候 知道 觉得 "
    "the and you have has for with this that want need would like some any are was were can could please one"
)
_IDLE = frozenset(_IDLE_WORDS.split())
_COMMON = 0.5  # a word that more of the products say tells none of them apart

Row = Mapping[str, object]
_NOBODYS: Mapping[str, int] = MappingProxyType({})


def asked_for(sentence: str) -> list[Asked]:
    """The wishes of a sentence, in the order in which they are said; a clause without a known need is kept with its own words."""
    found: list[Asked] = []
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(sentence))):
        low = clause.lower()
        for signs, words in _NEEDS:
            said = [sign for sign in signs if _stands(low, sign)]
            if said and not any(_denied(low, sign) for sign in said):
                found.append(Asked(clause, words))
        found += [Asked(clause, (word,), wanted=not _denied(low, word)) for word in _words(low)]
    return found


def fitting(asked: Sequence[Asked], products: Iterable[Row], *, k: int, near: Mapping[str, int] = _NOBODYS) -> list[Fitting]:
    """The products that answer best what was asked for; none where no product says any of it.

    A wish counts the more, the fewer products answer it (inverse document frequency); what is unwanted takes a product out.

    Args:
        asked: see `asked_for`.
        products: rows of table `product`.
        k: at most so many.
        near: how near a product is to the customer; of those that answer alike the nearer come first.
    """
    texts = {str(row["product_id"]): _text_of(row) for row in products}
    told = [(one, _tellers(one, texts)) for one in _whole(asked, texts)]
    out = {product for one, tellers in told if not one.wanted for product in tellers}
    answers: dict[str, list[tuple[float, str, str]]] = {}
    for one, tellers in told:
        weight = math.log(1 + len(texts) / max(len(tellers), 1))
        for product, word in tellers.items():
            if one.wanted and product not in out:
                answers.setdefault(product, []).append((weight, word, one.quote))
    score = {product: sum(weight for weight, _, _ in every) for product, every in answers.items()}
    # Quoted is, where there is one, the wish that the product answers with the very word.
    best = {product: max(every, key=lambda answer: (answer[1] in answer[2].lower(), answer[0])) for product, every in answers.items()}
    order = sorted(score, key=lambda product: (-score[product], -near.get(product, 0), product))[:k]
    return [Fitting(product, score[product], best[product][1], best[product][2]) for product in order]


def _tellers(one: Asked, texts: Mapping[str, str]) -> dict[str, str]:
    """The products that answer a wish, each with the word by which it does; none where too many do."""
    found = {product: word for product, text in texts.items() if (word := next((w for w in one.words if _stands(text, w)), ""))}
    return found if len(found) <= max(1.0, _COMMON * len(texts)) else {}


def _whole(asked: Sequence[Asked], texts: Mapping[str, str]) -> list[Asked]:
    """The wishes that products speak of, once each; 空气净化器 counts once, not as 空气, 净化 and 净化器 too."""
    everything = "\n".join(texts.values())
    heard = dict.fromkeys(one for one in asked if any(_stands(everything, word) for word in one.words))
    longer = [one.words[0] for one in heard if len(one.words) == 1]
    return [one for one in heard if len(one.words) > 1 or not any(one.words[0] != other and one.words[0] in other for other in longer)]


def why_said(found: Fitting) -> Say:
    """The sentence: what the customer said, and what the product says to it."""
    return Say("客户说「{quote}」；这款商品写明「{word}」。", 'The customer said "{quote}"; this product says "{word}".').fill(
        quote=found.quote, word=found.word
    )


def _words(clause: str) -> list[str]:
    """What a clause may name itself: English words, and every run of a few Chinese characters."""
    runs = re.findall(r"[\u4e00-\u9fff]+", clause)
    parts = [run[at : at + size] for run in runs for size in range(_SHORTEST, _LONGEST + 1) for at in range(len(run) - size + 1)]
    return [word for word in [*_ASCII.findall(clause), *parts] if word not in _IDLE]


def _stands(text: str, word: str) -> bool:
    """Whether a word stands in a text: an English one as a word or its beginning, a Chinese one anywhere."""
    return re.search(rf"\b{re.escape(word)}", text) is not None if word[0].isascii() else word in text


def _denied(clause: str, word: str) -> bool:
    """Whether a word is said only with a no before it."""
    starts = [found.start() for found in re.finditer(re.escape(word), clause)]
    return bool(starts) and all(
        any(clause[max(0, at - len(no) - 1) : at].rstrip("太很 ").endswith(no.strip()) for no in _NO) for at in starts
    )


def _text_of(row: Row) -> str:
    """All that a product says of itself."""
    parts = [row.get(name) for name in ("name", "category", "brand", "description", "attributes")]
    return " ".join(str(part) for part in parts if part).lower()
