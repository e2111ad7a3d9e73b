"""Figures against the truth as people read them: names, numbers and one plain sentence each, in both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from zhiyin.core.units import money_text
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.improve.truth import Judged

__all__ = ["kpi_words", "told"]

_SUBJECTS = {
    "identity": Say("身份", "identity"),
    "leavers": Say("流失", "leavers"),
    "buyers": Say("下单", "buyers"),
    "value": Say("一年消费", "spend of a year"),
    "segments": Say("分群", "segments"),
    "recommendation": Say("推荐", "recommendation"),
    "uplift": Say("联系的作用", "effect of contact"),
    "spikes": Say("需求激增", "demand spikes"),
    "fraud": Say("欺诈", "fraud"),
    "shifts": Say("需求转变", "needs that shifted"),
    "kpi": Say("经营数字", "business figures"),
}
_AGAINST = {
    "no_linking": Say("不合并", "no linking"),
    "days_since_order": Say("多久没买", "days since the last order"),
    "orders_84d": Say("近84天订单数", "orders of the last 84 days"),
    "share_before": Say("前28天的比例", "share of the 28 days before"),
    "same_as_before": Say("与过去一年相同", "same as the year before"),
    "chance_groups": Say("随机分群", "groups by chance"),
    "popular": Say("热销", "best sellers"),
    "by_probability": Say("按成功机会排", "by probability"),
    "random": Say("随机", "random"),
    "amount": Say("金额最大的在前", "largest first"),
    "double": Say("两倍于前四周", "twice the four weeks before"),
    "last_view": Say("最近看的不是最常看的", "last viewed is not most viewed"),
}
# The name of a measure, and what its figure says; {value}, {baseline}, {n} and the further numbers of `Judged.more` are filled in.
_AUC = Say("排序准确度 AUC", "AUC")
_TOP = Say("前10%命中率", "precision at top 10 %")
_TOP_100 = Say("前100名命中率", "precision at 100")
PLANTED = {
    "masked": Say("打码买家", "masked buyers"),
    "family_phone": Say("留了家人的手机", "phone of a family member"),
    "changed_phone": Say("换过手机", "changed phone"),
    "homophone": Say("同音字", "names that sound the same"),
    "traditional": Say("繁体字", "traditional characters"),
    "nickname": Say("称呼代替姓名", "form of address in place of a name"),
    "spaced": Say("姓名带空格", "a space in the name"),
    "full_width": Say("全角字符", "full-width characters"),
    "same": Say("重复录入", "entered twice"),
    "firm_name": Say("企业简称", "a firm written otherwise"),
    "plain": Say("没有干扰", "nothing in the way"),
}
_PLANTED = Say(
    "这类配对真有 {pairs} 对，合并了 {said} 对：准确率 {precision}，找全率 {recall}。",
    "{pairs} such pairs are one person, {said} were joined: precision {precision}, recall {recall}.",
)
_FRAUD = Say(
    "埋了 {planted} 笔，请人看的 {suspected} 笔里有 {right} 笔；排序得 {value}，按金额排得 {baseline}。",
    "Planted: {planted}; of {suspected} that a person is asked to look at, {right} are; the order scores {value}, by amount {baseline}.",
)
_MEASURES: dict[tuple[str, str], tuple[Say, Say]] = {
    ("identity", "pair_precision"): (
        Say("成对准确率", "pair precision"),
        Say("合并的 {said} 对档案里，{value} 真的是同一个人。", "Of the {said} pairs of records that were joined, {value} are one person."),
    ),
    ("identity", "pair_recall"): (
        Say("成对找全率", "pair recall"),
        Say("属于同一个人的 {pairs} 对档案里，{value} 被合并。", "Of the {pairs} pairs of records of one person, {value} were joined."),
    ),
    ("identity", "pair_f1"): (
        Say("成对 F1", "pair F1"),
        Say("认人的综合得分 {value}，完全不合并是 {baseline}。", "Linking records scores {value} altogether; no linking scores {baseline}."),
    ),
    **{("identity", f"pair_f1_{kind}"): (Say(f"成对 F1：{words.zh}", f"pair F1: {words.en}"), _PLANTED) for kind, words in PLANTED.items()},
    ("identity", "whole_f1"): (
        Say("完整的人 F1", "whole person F1"),
        Say(
            "{persons} 人里有 {whole} 人恰好是一位客户，得分 {value}，不合并是 {baseline}。",
            "{whole} of {persons} persons are exactly one customer: {value}; without linking {baseline}.",
        ),
    ),
    ("leavers", "auc"): (
        _AUC,
        Say(
            "任取一位离开的和一位留下的，排对先后的机会是 {value}，只看多久没买是 {baseline}。",
            "One who leaves is placed above one who stays with a chance of {value}; by days since the last order {baseline}.",
        ),
    ),
    ("leavers", "precision_at_10_percent"): (
        _TOP,
        Say(
            "最可能流失的 {top} 位里 {value} 真的离开，只看多久没买是 {baseline}，全体是 {share}。",
            "Of the {top} said likeliest to leave, {value} leave; by days since the last order {baseline}, of everybody {share}.",
        ),
    ),
    ("leavers", "precision_at_100"): (
        _TOP_100,
        Say(
            "最可能流失的 100 位里 {value} 真的离开，只看多久没买是 {baseline}。",
            "Of the 100 said likeliest to leave, {value} leave; by days since the last order {baseline}.",
        ),
    ),
    ("buyers", "auc"): (
        _AUC,
        Say(
            "任取一位会买的和一位不买的，排对先后的机会是 {value}，只看近84天订单数是 {baseline}。",
            "One who buys is placed above one who does not with a chance of {value}; by orders of the last 84 days {baseline}.",
        ),
    ),
    ("buyers", "precision_at_10_percent"): (
        _TOP,
        Say(
            "最可能下单的 {top} 位里 {value} 真的下单，只看近84天订单数是 {baseline}，全体是 {share}。",
            "Of the {top} said likeliest to buy, {value} buy; by orders of the last 84 days {baseline}, of everybody {share}.",
        ),
    ),
    ("buyers", "precision_at_100"): (
        _TOP_100,
        Say(
            "最可能下单的 100 位里 {value} 真的下单，只看近84天订单数是 {baseline}。",
            "Of the 100 said likeliest to buy, {value} buy; by orders of the last 84 days {baseline}.",
        ),
    ),
    ("buyers", "calibration_error"): (
        Say("概率偏差 ECE", "calibration error"),
        Say(
            "说出的概率与实际平均差 {value}；对人人都说前28天的比例，差 {baseline}。越小越好。",
            "Probabilities are off by {value} on average; the share of the 28 days before, said of everybody, by {baseline}. Less is better.",
        ),
    ),
    ("value", "total_error"): (
        Say("合计偏差", "error of the total"),
        Say(
            "{n} 人一年消费的合计估偏 {value}，照搬过去一年是 {baseline}。越接近 0 越好。",
            "The spend of a year of {n} persons is off by {value} in total; the year before is off by {baseline}. Nearer to 0 is better.",
        ),
    ),
    ("value", "rank_correlation"): (
        Say("排序相关（Spearman）", "rank correlation (Spearman)"),
        Say(
            "谁花得多的排序与真相的相关是 {value}，照搬过去一年是 {baseline}。",
            "The order of who spends most agrees with the truth by {value}; the year before by {baseline}.",
        ),
    ),
    ("value", "mean_error"): (
        Say("每人平均误差", "mean error per person"),
        Say("每人平均差 {value}，照搬过去一年差 {baseline}。越小越好。", "One person is off by {value} on average; the year before by {baseline}. Less is better."),
    ),
    ("recommendation", "hit"): (
        Say("{kind}命中@{k}", "{kind}: hit@{k}"),
        Say(
            "{n} 位买了{kind}的客户里，{value} 至少有一件在前 {k} 个推荐里；推荐热销是 {baseline}。",
            "Of {n} customers who bought something ({kind}), {value} find one of it among the best {k}; of best sellers {baseline}.",
        ),
    ),
    ("recommendation", "recall"): (
        Say("{kind}找全@{k}", "{kind}: recall@{k}"),
        Say(
            "他们买的{kind}里，前 {k} 个推荐平均覆盖 {value}；推荐热销是 {baseline}。",
            "Of what they buy ({kind}), the best {k} hold {value} on average; best sellers {baseline}.",
        ),
    ),
    ("uplift", "effect_area"): (
        Say("作用排序（Qini）", "order of effect (Qini)"),
        Say(
            "按联系能改变多少购买来看，名单的排序得 {value}（0 是随机，1 是最好），按成功机会排得 {baseline}。",
            "By how many purchases contacts change, the order of the list scores {value} (0 random, 1 best); by probability {baseline}.",
        ),
    ),
    ("uplift", "gain_area"): (
        Say("增益排序（Qini）", "order of gain (Qini)"),
        Say(
            "按联系带来的钱来看，名单的排序得 {value}（0 是随机，1 是最好），按成功机会排得 {baseline}。",
            "By the money that contacts bring, the order of the list scores {value} (0 random, 1 best); by probability {baseline}.",
        ),
    ),
    ("uplift", "gain_at_list"): (
        Say("名单大小处的增益", "gain at the size of the list"),
        Say(
            "联系增益最高的 {k} 位，拿到最好做法的 {value}；按成功机会选是 {baseline}，随机是 {random}。",
            "Contacting the {k} of the largest gain reaches {value} of the best possible; chosen by probability {baseline}, at random {random}.",
        ),
    ),
    ("uplift", "gain_of_list"): (
        Say("今天名单的增益", "gain of today's list"),
        Say(
            "今天入列的 {n} 位（扣除同意、人手和对照），拿到最好做法的 {value}。",
            "The {n} of today's list (after consent, capacity and holdout) reach {value} of the best possible.",
        ),
    ),
    ("uplift", "put_off_listed"): (
        Say("入列却会反感", "listed and put off"),
        Say(
            "入列的 {n} 位里有 {value} 位一联系反而不买；随机选会有 {baseline} 位。越少越好。",
            "Of {n} listed, {value} buy less when contacted; a random choice has {baseline}. Fewer is better.",
        ),
    ),
    **{
        ("fraud", f"{kind}_{measure}"): (Say(f"{words.zh}：{name.zh}", f"{words.en}: {name.en}"), _FRAUD)
        for kind, words in {"order": Say("订单", "orders"), "transfer": Say("转账", "transfers")}.items()
        for measure, name in {"precision": Say("前 n 名准确率", "precision at n"), "average": Say("平均准确率", "average precision")}.items()
    },
    ("spikes", "found"): (
        Say("找到数", "found"),
        Say(
            "埋了 {planted} 次激增（其中 {felt} 次至少有 5 人下单），当时就预警了 {value} 次，平均晚 {days} 天；翻倍报警法 {baseline} 次。",
            "Of {planted} planted rushes ({felt} with at least 5 orders) {value} raised an alert while they lasted, {days} days late on "
            "average; alerts at double the usual: {baseline}.",
        ),
    ),
    ("spikes", "false"): (
        Say("每月误报", "false a month"),
        Say("每月误报 {value} 次；翻倍报警法 {baseline} 次。", "False alerts a month: {value}; at double the usual: {baseline}."),
    ),
    ("shifts", "recall"): (
        Say("14天内找全率", "recall within 14 days"),
        Say("{planted} 次需求转变里，{value} 在 14 天内被发现；看到别的就算的做法 {baseline}，但要报 {simple} 次。",
            "Of {planted} needs that shifted, {value} were noticed within 14 days; by any other view {baseline}, with {simple} alerts."),
    ),
    ("shifts", "precision"): (
        Say("准确率", "precision"),
        Say("报出的 {found} 次里，{value} 是埋下的；看到别的就算的做法 {baseline}。其余不是埋下的。",
            "Of {found} noticed, {value} were planted; by any other view {baseline}. The others were not planted."),
    ),
    ("kpi", "orders_equal"): (
        Say("订单数相等", "orders equal"),
        Say("{n} 个月度订单数里 {value} 个相等，最大相差 {largest}。", "{value} of {n} monthly counts of orders are equal; the largest difference is {largest}."),
    ),
    ("kpi", "customers_equal"): (
        Say("客户数相等", "customers equal"),
        Say("{n} 个月度客户数里 {value} 个相等，最大相差 {largest}。", "{value} of {n} monthly counts of customers are equal; the largest difference is {largest}."),
    ),
    ("kpi", "revenue_cny_equal"): (
        Say("收入相等", "revenue equal"),
        Say("{n} 个月度收入里 {value} 个相等，最大相差 {largest} 元。", "{value} of {n} monthly revenues are equal; the largest difference is {largest} yuan."),
    ),
}  # fmt: skip
_SCHEMES = {"rfm": Say("价值等级", "value tier"), "behaviour": Say("行为分群", "behaviour group")}
_TRAITS = {"habit": Say("购买习惯", "habit"), "persona": Say("性格", "persona")}
_AGREEMENT = {
    "adjusted_rand": Say("调整兰德指数", "adjusted Rand"),
    "mutual_information": Say("归一化互信息", "mutual information"),
}
_KINDS = {"repeat": Say("再买的商品", "bought before"), "new": Say("新商品", "new to them")}
_AGREES = Say(
    "按{measure}，{scheme}与真实的{trait}的一致程度是 {value}（0 是随机，1 是完全一致）。",
    "By {measure} the {scheme} agrees with the true {trait} by {value} (0 chance, 1 the same).",
)
_KPIS = {
    "orders": Say("订单数", "orders"),
    "customers": Say("客户数", "customers"),
    "revenue_cny": Say("收入（元）", "revenue (yuan)"),
}
_NOBODY = Say("没法判断：没有可比的客户。", "Cannot be judged: there is nobody to compare.")
_NOT_TOLD = Say("没法判断：真相没有写出一年的消费。", "Cannot be judged: the truth does not tell the spend of a year.")
_ONE_KIND = Say("没法判断：{n} 行里没有可以区分的结果。", "Cannot be judged: among {n} rows nothing differs.")


def told(judged: Judged, *, is_told: bool = True) -> dict[str, object]:
    """One row of the answer: the figures, how they are written, and a sentence in both languages; NaN becomes None.

    Args:
        judged: the figure.
        is_told: whether the truth speaks of the subject at all.
    """
    name, sentence = _words(judged)
    low, high = judged.figure.low, judged.figure.high
    baseline = math.nan if math.isnan(judged.figure.value) else judged.baseline  # beside no figure it says nothing
    subject, against = _SUBJECTS[judged.subject], _AGAINST.get(judged.against, Say("", ""))
    return {
        "subject": judged.subject, "measure": judged.measure, "value": _known(judged.figure.value), "low": _known(low), "high": _known(high),
        "unit": judged.unit, "baseline": _known(baseline), "baseline_name": judged.against, "n": judged.n,
        "text": _text(judged.figure.value, judged.unit), "baseline_text": _text(baseline, judged.unit),
        "interval_text": "" if math.isnan(low) else f"{_text(low, judged.unit)} .. {_text(high, judged.unit)}",
        **_both("subject", subject), **_both("measure", name), **_both("baseline", against),
        **_both("sentence", _unknown(judged, is_told) or sentence),
    }  # fmt: skip


def kpi_words(name: object) -> Say:
    """What a business figure is called."""
    return _KPIS[str(name)]


def _both(name: str, words: Say) -> dict[str, str]:
    return {f"{name}_zh": words.zh, f"{name}_en": words.en}


def _words(judged: Judged) -> tuple[Say, Say]:
    """Name and sentence of a measure, filled."""
    numbers = {name: _number(name, value) for name, value in judged.more.items()}
    numbers |= {"value": _text(judged.figure.value, judged.unit), "baseline": _text(judged.baseline, judged.unit), "n": f"{judged.n:,}"}
    if judged.subject == "segments":
        scheme, trait, measure = judged.measure.split("_", 2)
        parts = {"scheme": _SCHEMES[scheme], "trait": _TRAITS[trait], "measure": _AGREEMENT[measure]}
        return _filled(Say("{scheme}与{trait}：{measure}", "{scheme} and {trait}: {measure}"), parts, numbers), _filled(
            _AGREES, parts, numbers
        )
    kind, _, rest = judged.measure.partition("_")
    if judged.subject == "recommendation":
        name, sentence = _MEASURES[judged.subject, rest.partition("_")[0]]
        return _filled(name, {"kind": _KINDS[kind]}, numbers), _filled(sentence, {"kind": _KINDS[kind]}, numbers)
    name, sentence = _MEASURES[judged.subject, judged.measure]
    return name, sentence.fill(**numbers)


def _filled(words: Say, parts: Mapping[str, Say], numbers: Mapping[str, object]) -> Say:
    """Both sentences with the words of their own language in the slots."""
    languages: tuple[Language, Language] = ("zh", "en")
    zh, en = (words.in_(tongue).format(**{name: part.in_(tongue) for name, part in parts.items()}, **numbers) for tongue in languages)
    return Say(zh, en)


def _unknown(judged: Judged, is_told: bool) -> Say | None:
    """Why there is no figure; None where there is one."""
    if not math.isnan(judged.figure.value):
        return None
    if not is_told:
        return _NOT_TOLD
    return _ONE_KIND.fill(n=judged.n) if judged.n else _NOBODY


def _text(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    match unit:
        case "share":
            return f"{value:.1%}"
        case "percent":
            return f"{value:+.1f}%"
        case "cny":
            return money_text(100 * value, "CNY")
        case "count":
            return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
        case _:
            return f"{value:.3f}"


def _number(name: str, value: object) -> str:
    if isinstance(value, float):
        return (
            "-"
            if math.isnan(value)
            else f"{value:.1%}"
            if name in ("share", "random", "precision", "recall")
            else f"{value:,.2f}".removesuffix(".00")
        )
    return f"{value:,}"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
