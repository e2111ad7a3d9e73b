"""What models promise that answer with lists, series or labels: recommenders, forecasters, readers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, UsageError
from zhiyin.core.words import Say
from zhiyin.learn.trial import ROOMY, Trial, alike, must, must_refuse

__all__ = ["FORECAST", "READ", "RECOMMEND"]

CLOSE = 1e-5  # recommenders may count in float32
STRANGERS = ["stranger 1", "stranger 2"]


def _k_is_respected(trial: Trial) -> None:
    """At most `k` items a customer, and exactly `k` for strangers where there are that many popular ones."""
    for k in (1, 3):
        sizes = _recommended(trial, k).groupby(trial.model.key).size()
        must(int(sizes.max()) <= k, Say("不超过 k 个", "at most k items a customer"), got=int(sizes.max()))
    must(len(trial.model.recommend(STRANGERS[:1], 3)) == 3, Say("陌生客户得到 k 个", "a stranger gets k items"))


def _no_item_twice(trial: Trial) -> None:
    """No item stands twice on one list."""
    twice = _recommended(trial, ROOMY).duplicated([trial.model.key, trial.model.item])
    must(not twice.any(), Say("同一份清单没有重复", "no item stands twice on a list"), got=int(twice.sum()))


def _ranks_count_up(trial: Trial) -> None:
    """Ranks are 1, 2, 3 ... in the order of the rows, and scores never rise with them."""
    for customer, rows in _recommended(trial, 5).groupby(trial.model.key, sort=False):
        must(rows["rank"].tolist() == list(range(1, len(rows) + 1)), Say("名次从 1 连续数", "ranks are 1, 2, 3 ..."), got=customer)
        must(bool((np.diff(rows["score"]) <= 0).all()), Say("名次越后得分越低", "scores never rise with the rank"), got=customer)


def _customers_keep_order(trial: Trial) -> None:
    """Lists come in the order the customers were asked for, each customer together."""
    asked = [STRANGERS[0], *_customers(trial)[::-1]]
    found = trial.model.recommend(asked, 3)[trial.model.key]
    listed = list(dict.fromkeys(found))
    must(listed == [one for one in asked if one in set(listed)], Say("按给出的客户顺序", "lists come in the order of the customers"))
    must(int((found != found.shift()).sum()) == len(listed), Say("同一客户连在一起", "a list is not torn apart"))


def _strangers_get_fallback(trial: Trial) -> None:
    """Customers never seen get a list too, all the same one."""
    found = trial.model.recommend(STRANGERS, 3)
    lists = [rows[trial.model.item].tolist() for _, rows in found.groupby(trial.model.key)]
    must(len(lists) == len(STRANGERS) and lists[0] == lists[1], Say("陌生客户得到兜底推荐", "strangers get the fallback"))


def _one_customer_equals_batch(trial: Trial) -> None:
    """A customer gets the same list alone and among others."""
    asked = [*_customers(trial)[:4], STRANGERS[0]]
    single = pd.concat([trial.answer(trial.model, [one]) for one in asked]).sort_values(
        [trial.model.key, trial.model.item], ignore_index=True
    )
    must(
        alike(single, trial.answer(trial.model, asked), within=CLOSE),
        Say("单个客户与批量一致", "one customer alone gets the list of a batch"),
    )


def _no_customers_no_lists(trial: Trial) -> None:
    """Nobody asked about, nothing recommended: an empty answer with the columns of the verb."""
    found = trial.model.recommend([], 3)
    must(
        len(found) == 0 and tuple(found.columns) == trial.answer_columns,
        Say("没有客户就没有清单", "no customers, no lists"),
        got=list(found.columns),
    )


def _frame_or_list_is_the_same(trial: Trial) -> None:
    """Customers may come as a list or as a frame with the key; one who is named twice gets one list."""
    asked = _customers(trial)[:4]
    as_list = trial.model.recommend([*asked, asked[0]], 3)
    must(
        alike(as_list, trial.model.recommend(pd.DataFrame({trial.model.key: asked}), 3)),
        Say("列表与表一致", "a list and a frame of customers are the same"),
    )


def _only_known_items(trial: Trial) -> None:
    """Only items are recommended that stood in the examples."""
    strange = set(_recommended(trial, ROOMY)[trial.model.item]) - set(trial.examples[trial.model.item])
    must(not strange, Say("只推荐见过的商品", "only items of the examples are recommended"), got=len(strange))


def _k_below_one_is_refused(trial: Trial) -> None:
    """Asking for no item at all is a mistake."""
    with must_refuse(UsageError, "k below 1"):
        trial.model.recommend(_customers(trial), 0)


def _horizon_is_whole(trial: Trial) -> None:
    """Each series goes on for exactly `horizon` steps of `every` days after its last day."""
    found, model = trial.said(trial.model), trial.model
    for name, rows in trial.examples.groupby("series"):
        last = pd.Timestamp(rows["on"].max())
        days = [last + pd.Timedelta(days=model.every * step) for step in range(1, model.horizon + 1)]
        must(
            found.loc[found["series"] == name, "on"].tolist() == days,
            Say("每个序列预测满整个期限", "each series goes on for the whole horizon"),
            got=name,
        )


def _every_series_goes_on(trial: Trial) -> None:
    """All series of the examples are continued, and no other."""
    found = set(trial.said(trial.model)["series"])
    must(found == set(trial.examples["series"]), Say("每个序列都有预测", "all series go on, and no other"), got=len(found))


def _forecast_interval_holds_value(trial: Trial) -> None:
    """Low <= value <= high."""
    answer = trial.said(trial.model)
    ordered = (answer["low"] <= answer["value"]) & (answer["value"] <= answer["high"])
    must(bool(ordered.all()), Say("low <= value <= high", "low <= value <= high"), got=int((~ordered).sum()))


def _flat_series_is_learned(trial: Trial) -> None:
    """A series that never changes, or is always zero, is continued with finite numbers."""
    for value in (0.0, 7.0):
        found = trial.said(trial.make().fit(trial.examples.assign(value=value)))[["value", "low", "high"]]
        must(
            bool(np.isfinite(found.to_numpy(dtype=np.float64)).all()),
            Say("不变的序列也能学", "a flat series can be learned from"),
            got=value,
        )


def _short_series_is_learned(trial: Trial) -> None:
    """A series of one single day is continued too."""
    first = trial.examples.sort_values("on").groupby("series", as_index=False).head(1)
    model = trial.make().fit(first)
    must(
        len(trial.said(model)) == model.horizon * first["series"].nunique(),
        Say("只有一天的序列也能学", "a series of one day can be learned from"),
    )


def _holes_are_refused(trial: Trial) -> None:
    """A series that leaves out a day, or has one twice, is refused: a hole is not a zero."""
    examples = trial.examples.reset_index(drop=True)
    for damaged in (examples.drop(index=2), pd.concat([examples, examples.iloc[[2]]])):
        with must_refuse(DataError, "a hole or a day twice", naming=str(examples.loc[2, "series"])):
            trial.make().fit(damaged)


def _days_may_be_written_anyhow(trial: Trial) -> None:
    """Days may be timestamps, dates or ISO texts."""
    days = trial.examples["on"]
    answers = [trial.said(trial.make().fit(trial.examples.assign(on=on))) for on in (days, days.dt.date, days.dt.strftime("%Y-%m-%d"))]
    must(alike(answers[0], answers[1]) and alike(answers[0], answers[2]), Say("日期怎么写都行", "days may be timestamps, dates or texts"))


def _one_label_a_text(trial: Trial) -> None:
    """One answer a text, in the order of the texts."""
    texts = trial.question(trial.model)
    found = trial.model.read(texts)
    turned = trial.model.read(texts[::-1]).iloc[::-1].reset_index(drop=True)
    must(len(found) == len(texts) and alike(found, turned, within=1e-9), Say("一条文字一个回答，顺序不变", "one answer a text, in order"))


def _one_text_equals_batch(trial: Trial) -> None:
    """A text is read the same alone and among others."""
    texts = trial.question(trial.model)[:5]
    single = pd.concat([trial.model.read([text]) for text in texts], ignore_index=True)
    must(alike(single, trial.model.read(texts), within=1e-9), Say("单条与批量一致", "one text alone is read as in a batch"))


def _no_texts_no_labels(trial: Trial) -> None:
    """Nothing to read gives an empty answer with the columns of the verb."""
    found = trial.model.read([])
    must(
        len(found) == 0 and tuple(found.columns) == trial.answer_columns,
        Say("没有文字就没有回答", "no texts, no answers"),
        got=list(found.columns),
    )


def _labels_are_learned_ones(trial: Trial) -> None:
    """Only labels of the examples are given."""
    strange = set(trial.said(trial.model)["label"]) - set(trial.examples[trial.model.label])
    must(not strange, Say("只给出学过的标签", "only labels of the examples are given"), got=len(strange))


def _confidence_is_a_share(trial: Trial) -> None:
    """Confidence lies between 0 and 1."""
    confidence = trial.said(trial.model)["confidence"]
    must(bool(confidence.between(0, 1).all()), Say("把握在 0 与 1 之间", "confidence lies between 0 and 1"), got=confidence.max())


def _odd_texts_are_read(trial: Trial) -> None:
    """Empty texts, blanks, emoji, very long texts and half characters are read, not refused."""
    texts = ["", " \n\t", "😀" * 3, "价格" * 5000, "\ud83d", "\x00"]
    must(len(trial.model.read(texts)) == len(texts), Say("古怪的文字也能读", "odd texts are read"))


def _other_than_texts_is_refused(trial: Trial) -> None:
    """What is no text is refused."""
    with must_refuse(DataError, "what is no text"):
        trial.model.read(["多少钱", None])


def _one_kind_is_learned(trial: Trial) -> None:
    """Examples that all have the same label give a model, not an error."""
    model = trial.make().fit(trial.examples.assign(**{trial.model.label: "price"}))
    must(set(model.read(["多少钱", ""])["label"]) == {"price"}, Say("标签只有一种也能学", "one label only can be learned from"))


RECOMMEND = (
    _k_is_respected,
    _no_item_twice,
    _ranks_count_up,
    _customers_keep_order,
    _strangers_get_fallback,
    _one_customer_equals_batch,
    _no_customers_no_lists,
    _frame_or_list_is_the_same,
    _only_known_items,
    _k_below_one_is_refused,
)
FORECAST = (
    _horizon_is_whole,
    _every_series_goes_on,
    _forecast_interval_holds_value,
    _flat_series_is_learned,
    _short_series_is_learned,
    _holes_are_refused,
    _days_may_be_written_anyhow,
)
READ = (
    _one_label_a_text,
    _one_text_equals_batch,
    _no_texts_no_labels,
    _labels_are_learned_ones,
    _confidence_is_a_share,
    _odd_texts_are_read,
    _other_than_texts_is_refused,
    _one_kind_is_learned,
)


def _customers(trial: Trial) -> list[str]:
    return list(trial.examples[trial.model.key].unique()[:8])


def _recommended(trial: Trial, k: int) -> pd.DataFrame:
    found: pd.DataFrame = trial.model.recommend([*_customers(trial), *STRANGERS], k)
    return found
