"""The run: from facts to today's list, in one new generation that is published whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from threadpoolctl import threadpool_limits

from zhiyin.app.home import Home
from zhiyin.app.listed import keep_draws, make_list
from zhiyin.app.noticed import notice
from zhiyin.app.placements import count_tried
from zhiyin.app.popularity import count_popular
from zhiyin.app.predicted import predict
from zhiyin.app.projection import expire, has_events, project
from zhiyin.app.reading import guard_over
from zhiyin.app.recommended import recommend
from zhiyin.app.scored import score
from zhiyin.app.scores import headline
from zhiyin.app.segmented import group, remember
from zhiyin.app.taken import link_products
from zhiyin.app.unified import identify, know
from zhiyin.app.uplifted import contacts
from zhiyin.app.valued import lifetimes
from zhiyin.app.work import Progress, Work
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound
from zhiyin.core.log import line
from zhiyin.core.tables import FACTS
from zhiyin.core.words import Say

__all__ = ["BY_THE_SETTING", "Ran", "run"]

_KEPT = (
    "quality",
    "model",
    "scorecard",
    "membership",
    "forecast_said",
)  # of derived tables, what holds until an import or a new model changes it
BY_THE_SETTING = Say(
    "这份名单是 {day} 的，因为 zhiyin.toml 里的 as_of 这样写；删去那一行就是今天的名单。",
    "This list is for {day}, because as_of in zhiyin.toml says so; without that line it is for today.",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ran:
    """What a run made."""

    at: date
    snapshot: str
    customers: int
    listed: int
    sentences: list[Say]
    scores: list[dict[str, object]]

    def answer(self) -> dict[str, object]:
        """As plain values."""
        notes = [{"zh": say.zh, "en": say.en} for say in self.sentences]
        shown = {"at": self.at.isoformat(), "snapshot": self.snapshot, "customers": self.customers, "listed": self.listed}
        return {**shown, "notes": notes, "scores": self.scores}


def run(home: Home, at: date, *, progress: Progress, refit: bool, tune_s: float = 0.0, notes: Sequence[Say] = ()) -> Ran:
    """Build and publish the generation of the day `at`; `notes` stand before the sentences of the run.

    Raises:
        NotFound: when nothing was imported yet.
        Busy: when another import or run is under way.
    """
    if home.lake.current() is None and not has_events(home):
        raise NotFound(
            Say("这个工作区还没有数据。", "This workspace has no data yet."),
            fix=Say("先运行 `zhiyin import`。", "Run `zhiyin import` first."),
        )
    # One thread of BLAS: the matrices are narrow, and its threads wait for each other (measured: 4-47 s a fit against 0.3-11 s).
    with threadpool_limits(1, user_api="blas"), home.lake.build(carry=[*FACTS, *_KEPT]) as build:
        home.tidy()
        run_id = home.journal.start_run(as_of=at.isoformat(), snapshot=build.snapshot)
        work = Work(home, build, guard_over(home, build, clock=utc_now), at, refit, progress, tune_s, list(notes))
        with work.stage(Say("接入事件", "Take over events")):
            project(home, build)
        with work.stage(Say("识别客户", "Identify")):
            identify(work)
        with work.stage(Say("建立画像", "Profile")):
            facts = know(work)
        with work.stage(Say("预测", "Predict")):
            asked = predict(work, facts)
            group(work, facts)
            contacts(work, facts)
            lifetimes(work, facts)
            remember(work)
        with work.stage(Say("留意异常", "Notice")):
            notice(work)
        with work.stage(Say("推荐", "Recommend")):
            link_products(work, facts)
            count_popular(work, facts)
            count_tried(work)
            offered = recommend(work, facts)
        with work.stage(Say("排出名单", "List")):
            steps = make_list(work, facts)
        with work.stage(Say("打分", "Score")):
            scores = score(work, facts, asked=asked, steps=steps, offered=offered)
        snapshot = build.publish()
    home.journal.finish_run(run_id)
    expire(home)
    keep_draws(home, steps, at=at)
    _log.info(line(stage="run", as_of=at, snapshot=snapshot.name, customers=len(steps), listed=int(steps["listed"].sum())))
    return Ran(
        at, snapshot.name, len(steps), int(steps["listed"].sum()), work.notes, headline(_rows(scores), currency=home.settings.currency)
    )


def _rows(scores: pd.DataFrame) -> list[dict[str, object]]:
    found: list[dict[str, object]] = scores.to_dict("records")
    return found
