"""Recommend from any interactions: a course, a trip, a home are items as well as a product."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from zhiyin.core.clock import as_date
from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.learn.base import RecommenderBase
from zhiyin.learn.frames import complete, needed
from zhiyin.recommend.choose import alone_among, choose, listed, proposals, winner
from zhiyin.recommend.given import same_ids, timed, weighed, when
from zhiyin.recommend.interactions import Exam, hide_after, hide_last, hide_some, read_interactions, satisfied
from zhiyin.recommend.moments import Circumstances, day_of, elsewhen, moments
from zhiyin.recommend.plan import Knows, Plan, Task, plan
from zhiyin.recommend.purchases import Floats, Ints, day_number, positions
from zhiyin.recommend.rankers import alone, ranker_of
from zhiyin.recommend.ranking import ndcg_at, places
from zhiyin.recommend.trails import Trails
from zhiyin.recommend.voices import Voice
from zhiyin.recommend.voices.content import Content, Described, attributes, described
from zhiyin.recommend.voices.moment import Moment
from zhiyin.recommend.voices.sequence import SelfAttentive
from zhiyin.recommend.voices.tastes import Tastes

# Places by which rankers are judged: the published tables of each task.
PLACES = {"top": 20, "next": 10}
# From fewer histories nothing is learned: attributes decide where there are some, else popularity.
_FEWEST_ASKED = 20
# Where a smaller share of last steps leads back to something seen, what is seen is left out of the next step too.
_REPEATS = 0.01
_HARDLY = 3  # customers who have taken a new item
_TRAILS = ("who", "start", "item", "weight", "items", "moment", "now")
# What takes long to learn is kept with the model; the other voices are counted anew from the histories.
_KEPT: dict[str, Any] = {"tastes": Tastes, "sequence": SelfAttentive}

__all__ = ["PLACES", "ItemRecommender", "fit_recommender", "prepared"]


@dataclass
class ItemRecommender(RecommenderBase):
    """Ranks items from who took what: several voices, blended as far as hidden parts of histories prove that it helps.

    Args:
        task: `top` (what was not taken yet, in any order) or `next` (what comes after the latest).
        needs: `at` (time or order) and `weight` where the interactions have them; without `at` the order of the rows counts.
        budget_s: seconds of one processor, roughly.
        item: name of the item column.
        goods: what is said about items, as `described` makes it.
        when: what is said about moments, as `circumstances` makes it.
        deaf: names of voices that are not heard, see `report`.
        threads: of the factorisation.
        seed: of everything random.
    """

    task: Task = "top"
    needs: tuple[str, ...] = ()
    budget_s: float = 60.0
    item: str = "item_id"
    goods: Mapping[str, Any] | None = None
    when: Mapping[str, Any] | None = None
    deaf: tuple[str, ...] = ()
    threads: int = 1
    seed: int = 7

    limits = Say(
        "只看谁选过什么；从没人选过、也没有属性的东西推荐不了。",
        "It sees who took what; an item that nobody took and that has no attributes cannot be recommended.",
    )

    def report(self) -> pd.DataFrame:
        """How each voice and each blend did on what was hidden from it.

        Returns:
            kind (the task), metric, variant, value, low, high (95 % bootstrap), n (customers), used, and split: what was hidden - from
            a day on, from everybody, where that leaves enough to judge by; else the last or latest of each history, or at random where
            nothing has an order. No rows with too little history.
        """
        self._must_have_learned()
        figures = pd.DataFrame(self.judged_, columns=["metric", "variant", "value", "low", "high", "n"])
        figures = figures.astype({"value": float, "low": float, "high": float, "n": int})
        told = figures.assign(kind=self.task, used=figures["variant"] == self.used_, split=self.split_)
        return told[["kind", *figures.columns, "used", "split"]]

    def on(self, day: date | str, *, place: str | int | None = None, like: Mapping[str, object] | None = None) -> ItemRecommender:
        """The same model, answering for another day than the latest of its data.

        Args:
            day: for which lists are made.
            place: where, for everybody; else each customer's latest place.
            like: what the day is like, by columns of the `context`, where that has no row for it.

        Raises:
            UsageError: when days are not known, or the place.
        """
        self._must_have_learned()
        circumstances, number = self._knows.circumstances, day_number(as_date(day))
        where = None
        if place is not None and circumstances is not None:
            where = int(positions(circumstances.places, [place])[0]) + 1
        if self._trails.moment is None or where == 0:
            raise UsageError(
                Say("这里没有日期，或没有这个地点。", "Days are not known here, or the place is not."),
                got=f"{day}, {place}",
                fix=Say(
                    "交互表要有 at（时间）列；地点写 context 表里的 place。",
                    "Learn from interactions with times; name a place of the context.",
                ),
            )
        heard = dict(self._voices())
        if like is not None and circumstances is not None:
            for one in range(len(circumstances.places) + 1):
                circumstances = circumstances.with_one(int(moments(np.array(number), one)), like)
            if isinstance(moment := heard.get("moment"), Moment):
                heard["moment"] = replace(moment, circumstances=circumstances._replace(seasonal=(False, False)))
        before = self._trails.now if self._trails.now is not None else np.zeros(0, np.int64)
        now = elsewhen(before, number) if where is None else moments(np.full(len(before), number), where)
        twin = copy(self)
        vars(twin).pop("_strangers", None)
        twin._heard, twin._trails = heard, self._trails.at(now)
        return twin

    def after(self, steps: Sequence[str | int], k: int, *, customer: str | int | None = None) -> pd.DataFrame:
        """The list after some more steps: of a customer, or of somebody of whom only these steps are known.

        Args:
            steps: items, oldest first; those that nobody knows are passed over.
            k: places.
            customer: whose history the steps follow; nobody's when unknown.

        Returns:
            item, score, rank.
        """
        self._must_have_learned()
        known = positions(self.items_, list(steps)) if len(steps) else np.zeros(0, np.int32)
        place = int(positions(self.customers_, [customer])[0]) if customer is not None else -1
        before = self._trails.take(np.array([place])) if place >= 0 else self._nobody()
        trail = before.then(known[known >= 0]) if len(steps) else before
        row, item, score = self._listed(trail, k)
        order = np.lexsort((item, -score))
        rank = np.arange(1, len(row) + 1)
        return pd.DataFrame({self.item: self.items_[item[order]], "score": score[order].astype(np.float64), "rank": rank})

    def new_items(self, customers: Sequence[str | int], k: int) -> pd.DataFrame:
        """Items that hardly anybody has taken yet, for the customers whose history they are like: places of their own for what is new.

        What is learned from what was taken hardly ever lists them.

        Returns:
            customer, item, score (likeness of what is said about them), rank; no rows for who is not known, nor without `items`.
        """
        self._must_have_learned()
        place = positions(self.customers_, list(customers))
        trails = self._trails.take(place[place >= 0])
        content = self._plan.voices(self._trails, learned=self._learned, knows=self._knows, only={"content"}).get("content")
        rare = np.flatnonzero(self._trails.seen().getnnz(axis=0) <= _HARDLY)
        if not isinstance(content, Content):
            return pd.DataFrame({self.key: self.customers_[:0], self.item: self.items_[:0], "score": np.zeros(0), "rank": np.zeros(0, int)})
        row, item, score = content.among(trails, rare, without=self._barred(trails), k=k)
        told = {self.key: self.customers_[trails.who[row]], self.item: self.items_[item], "score": score.astype(np.float64)}
        return pd.DataFrame(told).assign(rank=np.arange(len(row)) - np.searchsorted(row, row) + 1)

    def _nobody(self) -> Trails:
        """A history without a step."""
        nothing = np.zeros(0, np.int32)
        nobody = Trails(np.array([-1]), np.array([0, 0]), nothing, nothing.astype(np.float32), len(self.items_), changed=True)
        if self._trails.moment is None:
            return nobody
        return replace(nobody, moment=nothing.astype(np.int64), now=self._strangers)

    def _fit(self, examples: pd.DataFrame) -> None:
        table = examples.rename(columns={self.key: "customer_id", self.item: "item_id"})
        goods = Described(**self.goods) if self.goods is not None else None
        ordered = self.task == "next"
        found = read_interactions(table, more=goods.items if goods else None, ordered=ordered)
        self.customers_, self.items_, self.disliked_, self._trails = found.customers, found.items, found.disliked, found.trails
        self.varied_ = "weight" in self.needs and table["weight"].nunique() > 1
        effort = plan(self._trails, task=self.task, budget_s=self.budget_s, seed=self.seed, threads=self.threads)
        exam, self.split_ = self._exam(effort.judged)
        # What depends on the calendar is judged on the calendar, or not used.
        effort = replace(effort, deaf=(*self.deaf, *(("trend", "season", "moment") if exam.first is None else ())))
        self.repeats_ = ordered and _returns(exam) >= _REPEATS
        self.used_ = "popular" if goods is None else "content"  # with nothing to learn from
        self.voices_, self._ranker = alone_among(self.used_, dict.fromkeys((self.used_, "popular")))
        self.judged_: list[tuple[object, ...]] = []
        confidence = effort.confidence[0]
        if len(exam.asked) >= _FEWEST_ASKED:
            confidence = self._learn_ranker(effort, exam)
        self._learned: dict[str, Voice] = {"tastes": effort.tastes(self._trails, confidence=confidence)}
        if "sequence" in self.voices_:
            self._learned["sequence"] = effort.sequence(self._trails)
        self._plan = effort

    def _exam(self, most: int) -> tuple[Exam, str]:
        """What is hidden to choose by, at the end of time where times are known, and how that is called."""
        ordered, by_time = self.task == "next", "at" in self.needs
        exam = hide_after(self._trails, most=most, seed=self.seed, only_first=ordered)
        if exam is not None:
            split = f"from {np.datetime64(exam.first, 'D')}"
        elif ordered:
            exam, split = hide_last(self._trails, most=most, seed=self.seed), "last of each"
        else:
            exam = hide_some(self._trails, most=most, seed=self.seed, by_time=by_time)
            split = "latest of each" if by_time else "at random"
        return satisfied(exam) if self.varied_ else exam, split

    def _learn_ranker(self, effort: Plan, exam: Exam) -> tuple[float, float]:
        """Choose among the voices and their blends on what is hidden; returns the setting of the factorisation that did best."""
        barred = self._barred(exam.asked)
        k = PLACES[self.task]
        tried = [effort.tastes(exam.known, confidence=confidence) for confidence in effort.confidence]
        tastes = max(tried, key=lambda one: _ndcg(one, exam, barred, k=k)) if len(tried) > 1 else tried[0]
        voices = effort.voices(exam.known, learned={"tastes": tastes}, knows=self._knows)
        chosen = partial(choose, asked=exam.asked, truth=exam.truth, barred=barred, k=k, seed=self.seed)
        choice = chosen(voices)
        if effort.steps:  # the network must win to be used
            choice = winner(choice, chosen({"sequence": effort.sequence(exam.known)} | voices), more="sequence")
        self.used_, self.voices_, self._ranker = choice.used, choice.voices, choice.ranker
        self.judged_ = [(metric, name, *score.interval, score.n) for (metric, name), score in choice.scores.items()]
        return tastes.confidence

    def _recommend(self, customers: npt.NDArray[np.generic], k: int) -> pd.DataFrame:
        trails = self._trails.take(positions(self.customers_, customers))
        row, item, score = self._listed(trails, k)
        return pd.DataFrame({self.key: self.customers_[trails.who[row]], self.item: self.items_[item], "score": score.astype(np.float64)})

    def _state(self) -> dict[str, object]:
        names = ("customers_", "items_", "disliked_", "repeats_", "used_", "voices_", "judged_", "split_", "varied_")
        trails = {name: getattr(self._trails, name) for name in _TRAILS}
        more = {
            "trails": trails,
            "learned": {
                name: {field.name: getattr(voice, field.name) for field in fields(_KEPT[name])} for name, voice in self._learned.items()
            },
            "plan": asdict(self._plan),
            "ranker": self._ranker.to_state(),
        }
        return {name: getattr(self, name) for name in names} | more

    def _restore(self, state: Mapping[str, Any]) -> None:
        own = {name: value for name, value in state.items() if name.endswith("_")}
        vars(self).update(own)
        self._trails, self._plan = Trails(**state["trails"]), Plan(**state["plan"])
        self._learned = {name: _KEPT[name](**learned) for name, learned in state["learned"].items()}
        self._ranker = ranker_of(state["ranker"])

    @cached_property
    def _knows(self) -> Knows:
        return Knows(
            about=attributes(Described(**self.goods), self.items_) if self.goods is not None else None,
            circumstances=Circumstances(**self.when) if self.when is not None and self._trails.moment is not None else None,
            disliked=self.disliked_ if self.varied_ else None,
        )

    def _listed(self, trails: Trails, k: int) -> tuple[Ints, Ints, Floats]:
        """Rows, items and scores of the best `k` of each history."""
        found = proposals(self._voices(), trails, barred=self._barred(trails), proposed=max(k, 100))
        score = self._ranker.order(found.said)
        if len(nothing := np.flatnonzero((trails.length() == 0)[found.row])):
            score[nothing] = self._odds(trails, found.row[nothing], found.item[nothing])
        first = places(found.row, score) < k
        return found.row[first], found.item[first], score[first]

    def _odds(self, trails: Trails, rows: Ints, items: Ints) -> Floats:
        """For histories without a step, from which no ranker learned: how popular each item is, and how much more so at that moment."""
        heard = [voice for name, voice in self._voices().items() if name in ("popular", "season", "moment")]
        return np.asarray(sum(voice.score(trails).at(rows, items) for voice in heard))

    @cached_property
    def _strangers(self) -> Ints | None:
        """The moment for which a stranger is asked: the day of all, and the place where it is one for all."""
        now = self._trails.now
        return now if now is None else now[:1] if (now == now[0]).all() else day_of(now[:1])

    def _barred(self, trails: Trails) -> sp.csr_matrix:
        """What is not recommended: what was turned down, and what was taken unless people come back to things."""
        known = trails.who >= 0
        barred = sp.diags(known.astype(np.float32)) @ (self.disliked_[np.where(known, trails.who, 0)] < 0)
        return (barred if self.repeats_ else barred + trails.seen()).tocsr()

    def _voices(self) -> dict[str, Voice]:
        if "_heard" not in vars(self):
            found = self._plan.voices(self._trails, learned=self._learned, knows=self._knows, only=self.voices_)
            self._heard = {name: found[name] for name in self.voices_}  # the ranker knows them by their places
        return self._heard


def _ndcg(voice: Voice, exam: Exam, barred: sp.csr_matrix, *, k: int) -> float:
    """How well one voice alone tells what was hidden."""
    found = proposals({"it": voice}, exam.asked, barred=barred, proposed=k)
    lists = listed(found, alone("it", ("it",)), count=len(exam.asked), k=k)
    return float(np.nanmean(ndcg_at(lists, exam.truth)))


def _returns(exam: Exam) -> float:
    """Share of the histories whose hidden item stands in them already."""
    return float(exam.truth.multiply(exam.asked.seen()).nnz / max(exam.truth.nnz, 1))


def fit_recommender(
    interactions: pd.DataFrame,
    *,
    items: pd.DataFrame | None = None,
    context: pd.DataFrame | None = None,
    task: Task = "top",
    budget_s: float = 60.0,
    seed: int = 7,
) -> ItemRecommender:
    """What fits whom, from any table of who took what: models, their settings and their blend are found from the table itself.

    Args:
        interactions: `customer_id`, `item_id` and, where known, `at` (time or order; else the rows stand in order) and `weight`
            (below zero: turned down).
        items: `item_id` and anything that is known about items: categories, prices, texts; several rows say several things.
        context: `at` (a day) and anything that is known about days: weather, a holiday, a campaign; with a column `place` here and in the
            interactions, about days at places. The season is known from the times alone. What does not help is not used.
        task: `top`: what else does the customer like, in any order; what was taken already is left out. `next`: what comes next.
        budget_s: seconds of one processor, roughly; the plan follows from the size of the table, so the same table gives the same model.
        seed: of everything random.

    Returns:
        A model: `.recommend(customers, k)` gives customer_id, item_id, score, rank; `.report()` how each way did on hidden parts of
        histories; `.card()` and `.save()` as every model.

    Raises:
        MissingColumns: without customer_id or item_id.
        DataError: for empty ids, weights that are no numbers, times that are none, a context beside interactions without times.
        TooLittleData: when there are no interactions.
        UsageError: for an unknown task or a budget that is not above 0.
    """
    model, table = prepared(interactions, items=items, context=context, task=task, budget_s=budget_s, seed=seed)
    return model.fit(table)


def prepared(
    interactions: pd.DataFrame,
    *,
    items: pd.DataFrame | None = None,
    context: pd.DataFrame | None = None,
    task: Task = "top",
    budget_s: float = 60.0,
    seed: int = 7,
) -> tuple[ItemRecommender, pd.DataFrame]:
    """The model of `fit_recommender` before it learns, and the table that it learns from: for whoever wants to silence voices.

    Args and errors are those of `fit_recommender`.
    """
    if task not in PLACES or not budget_s > 0:
        raise UsageError(
            Say("task 只能是 top 或 next，budget_s 要大于 0。", "`task` is top or next, and `budget_s` is above 0."),
            got=f"task={task!r}, budget_s={budget_s!r}",
            fix=Say(
                '用 task="top"（还会喜欢什么）或 task="next"（下一个是什么）。',
                'Use task="top" (what else) or task="next" (what comes next).',
            ),
        )
    needed(interactions, ("customer_id", "item_id"), who="fit_recommender")
    goods = None
    if items is not None:
        needed(items, ("item_id",), who="fit_recommender")
        complete(items, ("item_id",), who="fit_recommender")
        same_ids(interactions["item_id"], items["item_id"])
        goods = described(items)._asdict()
    interactions, found = when(timed(weighed(interactions)), context)
    needs = tuple(name for name in ("at", "moment", "weight") if name in interactions)
    model = ItemRecommender(
        task=task,
        needs=needs,
        budget_s=budget_s,
        goods=goods,
        when=None if found is None else found._asdict(),
        threads=os.cpu_count() or 1,
        seed=seed,
    )
    return model, interactions
