"""The Python door: `zhiyin.open(path)` gives a Workspace; the command line shows what its methods answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from zhiyin.app.home import Home, open_home
from zhiyin.app.rows import Rows
from zhiyin.core.clock import Clock, utc_now, zone
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.adopt import Loaded
    from zhiyin.app.reading import Generation
    from zhiyin.app.run import Ran
    from zhiyin.app.work import Progress
    from zhiyin.collect.mapping import Suggestion
    from zhiyin.guard.access import Guard

__all__ = ["Workspace", "open_workspace"]


def _quiet(stage: Say, done: float | None) -> None:
    """No progress shown."""


class Workspace:
    """One company's workspace, as one actor sees it.

    Example:
        workspace = zhiyin.open("shop"); workspace.run(); workspace.today()
    """

    def __init__(self, home: Home, *, actor: str, clock: Clock = utc_now) -> None:
        self._home = home
        self._actor = home.actor(actor)
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def import_(self, source: str | Path = "", *, progress: Progress = _quiet) -> Loaded:
        """Load one source of zhiyin.toml, or all of them, or a folder of exports; loading twice changes nothing.

        The sources of a folder are first written into zhiyin.toml: those of its sources.toml, else those whose files leave no doubt.
        """
        from zhiyin.app.adopt import Loaded, adopt
        from zhiyin.app.intake import import_sources, source_named

        self._may_change()
        name, adopted = str(source), None
        known = [one.name for one in self._home.settings.source]
        if name and name not in known and Path(name).is_dir():
            adopted = adopt(self._home, Path(name))
            self._home = self._home.reread()
        wanted = list(adopted.names) if adopted else [name] if name else known
        sources = [source_named(self._home, one) for one in wanted]
        return Loaded(import_sources(self._home, sources, progress=progress), adopted=adopted)

    def suggest(self, file: str | Path) -> Suggestion:
        """A mapping for a file that zhiyin has not seen, as text for zhiyin.toml."""
        from zhiyin.collect.mapping import suggest

        there, home = Path(file).resolve(), self._home.folder.resolve()
        named = there.relative_to(home) if there.is_relative_to(home) else there
        return suggest(Path(file), file=named.as_posix())

    def run(self, as_of: str | date | None = None, *, progress: Progress = _quiet, refit: bool = False, tune_s: float = 0.0) -> Ran:
        """Build today's list from what is known before `as_of` (default: the setting `as_of`, else today), and publish it.

        With `refit` all models are fitted anew; with `tune_s` too, after as many seconds of search for a better shape of trees for each question.
        """
        from zhiyin.app.run import BY_THE_SETTING, run
        from zhiyin.core.clock import as_date

        self._may_change()
        day = as_date(as_of) if as_of is not None else self._day()
        notes = [BY_THE_SETTING.fill(day=day)] if as_of is None and self._home.settings.as_of else []
        return run(self._home, day, progress=progress, refit=refit or tune_s > 0, tune_s=tune_s, notes=notes)

    def today(self, rep: str = "", *, limit: int = 0) -> Rows:
        """Whom to contact today, about what, why and with what words; the list of one rep, or all that the actor may see."""
        from zhiyin.app.today import today

        with self._guard() as guard:
            return today(guard, self._actor, rep=rep, limit=limit)

    def customer(self, customer: str, *, reveal: bool = False, reason: str = "") -> Mapping[str, object]:
        """What is known of one customer: profile, segments, predictions, recommendations, next step, and what happened up to this moment."""
        from zhiyin.app.customer import customer_view
        from zhiyin.app.standing import live_view

        at = self._home.settings.as_of or self._day() + timedelta(days=1)
        with self._reader() as read:
            view = customer_view(self._home, read, self._actor, customer=customer, reveal=reveal, reason=reason)
            return {**view, "live": live_view(self._home, read.guard, self._actor, customer=str(view["customer_id"]), at=at)}

    def explain(self, customer: str, *, changes: bool = False) -> Mapping[str, object]:
        """The journey of each fact: source row, identity, profile, prediction with reasons, next step, outcome, who saw it.

        Args:
            customer: zhiyin's id or one of the company's own.
            changes: also ask the models what would change their answers.
        """
        from zhiyin.app.explain import explain

        with self._reader() as read:
            return explain(self._home, read, self._actor, customer=customer, changes=changes)

    def recommend(self, customer: str, k: int = 10) -> Rows:
        """Products for one customer that may be offered at this moment, with a reason each."""
        from zhiyin.app.customer import recommendations

        with self._reader() as read:
            return Rows(recommendations(self._home, read, self._actor, customer=customer)[:k])

    def outcome(self, customer: str, kind: str, *, amount: float = 0.0, at: str | date | None = None) -> Mapping[str, object]:
        """Record what came of a contact.

        Args:
            customer: zhiyin's id or one of the company's own.
            kind: what came of it, in any words that are known.
            amount: money in whole units.
            at: when; default: the day of the list. Where the setting `as_of` pins it, an outcome of the wall clock's day would
                lie after every list, and no run would ever use it.
        """
        from zhiyin.app.outcomes import Came, record_outcome

        came = Came(kind, amount, at or self._day())
        with self._guard() as guard:
            return record_outcome(self._home, guard, self._actor, customer=customer, came=came)

    def report(self, file: str | Path | None = None, *, language: Language = "zh") -> Path:
        """One self-contained HTML page: funnel, segments, calibration, lift, scorecard, list with reasons."""
        from zhiyin.app.report import write_report

        self._may_change()
        with self._guard() as guard:
            return write_report(self._home, guard, self._actor, file=Path(file) if file else None, language=language)

    def models(self) -> Rows:
        """The models in use with their scores beside their baselines, and those that were refused."""
        from zhiyin.app.cards import listed_cards

        with self._guard() as guard:
            return listed_cards(self._home, guard, self._actor)

    def check(self) -> Rows:
        """Are the data good enough for the goal? Quality a source, and what the goal still needs."""
        from zhiyin.app.readiness import check

        with self._guard() as guard:
            return check(self._home, guard, self._actor)

    def doctor(self, *, back_to: str = "") -> Rows:
        """Is the machine and the workspace sound? Libraries, key, disk, files.

        Args:
            back_to: a kept snapshot that is made the current one again, where the current one is damaged.
        """
        from zhiyin.app.readiness import doctor

        if back_to:
            self._may_change()
        return doctor(self._home, back_to=back_to)

    def audit(self) -> Mapping[str, object]:
        """Is the audit log whole: no entry edited, removed or moved?"""
        from zhiyin.app.readiness import audit

        with self._guard() as guard:
            return audit(guard, self._actor)

    def last_day(self) -> date:
        """The day of the list that was published last.

        Raises:
            NotFound: when there is none yet.
        """
        from zhiyin.app.today import last_day

        with self._guard() as guard:
            return last_day(guard, self._actor)

    def close(self) -> None:
        """Close the files of the workspace."""
        self._home.close()

    def _day(self) -> date:
        """The day that the settings say, else today where the workspace counts its days."""
        return self._home.settings.as_of or self._clock().astimezone(zone(self._home.settings.timezone)).date()

    def _may_change(self) -> None:
        from zhiyin.app.today import refuse_unless_owner

        refuse_unless_owner(self._actor)

    @contextmanager
    def _reader(self) -> Iterator[Generation]:
        """The published generation, and what runs its relations."""
        from zhiyin.app.reading import Generation, published

        with published(self._home, self._clock) as (view, guard):
            yield Generation(guard, view.frame, self._day(), self._clock())

    @contextmanager
    def _guard(self) -> Iterator[Guard]:
        """The guard over the published generation."""
        from zhiyin.app.reading import published_guard

        with published_guard(self._home, self._clock) as guard:
            yield guard


def open_workspace(path: str | Path, *, actor: str = "owner", **settings: object) -> Workspace:
    """Open the workspace in a folder as `actor`: `owner`, or a user of zhiyin.toml."""
    return Workspace(open_home(Path(path), **settings), actor=actor)
