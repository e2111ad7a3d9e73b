"""zhiyin on the command line: from init, import and run to today, customer, recommend and outcome, and what looks after them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from zhiyin.app.rows import Rows
from zhiyin.cli import cleaning, events, forecasts, identity, models, pages, placements, render, risks, segments, watching
from zhiyin.cli.door import Door, answered, command
from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say

__all__ = ["app", "main"]

app = typer.Typer(
    name="zhiyin",
    help="知音: whom to contact today, about what, why, and with what words. 今天联系谁、谈什么、为什么、怎么说。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_Customer = Annotated[str, typer.Argument(help="Customer id, or the id in your own system. 客户号，或您系统里的编号。")]


@command(app, "init")
def init(door: Door) -> None:
    """Make a workspace: zhiyin.toml and a master key that only you can read. 新建工作区。"""
    from zhiyin.app.home import create_home

    file = create_home(door.folder)
    made = {"settings": str(file), "key": "zhiyin.key"}
    done = Say(
        f"已建好 {file}。请备份旁边的 zhiyin.key：丢了它，数据就打不开了。",
        f"Made {file}. Back up zhiyin.key beside it: without it the data cannot be opened.",
    )
    then = Say(
        "接着：`zhiyin import 文件夹`，或者一个文件一个文件来：`zhiyin import 文件 --suggest`。",
        "Next: `zhiyin import FOLDER`, or file by file: `zhiyin import FILE --suggest`.",
    )
    door.show(made, lambda: [door.say(sentence) for sentence in (done, then)])  # type: ignore[func-returns-value]


@command(app, "demo")
def demo(
    door: Door,
    next_day: Annotated[
        bool,
        typer.Option("--next-day", help="Go on by one day: know its orders too and renew the list. 再过一天：多知道一天的订单，更新名单。"),
    ] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="An invented Chinese company instead, with the truth beside it. 改用虚构的中国公司。")
    ] = False,
) -> None:
    """A year of a real grocer (2 469 households, 1.47 million lines), from files to today's list. 真实数据演示。"""
    from zhiyin.app.demo import demo as play
    from zhiyin.app.demo import invented_demo

    if sandbox and next_day:
        raise UsageError(
            Say("虚构公司的演示没有下一天。", "The demonstration with an invented company has no next day."),
            got="--sandbox --next-day",
            fix=Say("用 `zhiyin try` 看一天天的变化。", "See `zhiyin try` for how it goes on day by day."),
        )
    folder = door.folder if door.folder != Path() else Path("zhiyin-sandbox" if sandbox else "zhiyin-demo")
    with door.progress() as progress:
        if sandbox:
            played = invented_demo(folder, progress=progress, language=door.language)
        else:
            played = play(folder, next_day=next_day, progress=progress, language=door.language)
    door.show(played.answer(), lambda: render.demo(door, played))


@command(app, "import")
def import_(
    door: Door,
    what: Annotated[
        str,
        typer.Argument(
            help="A source of zhiyin.toml (none: all), a folder of exports, or with --suggest a file. 来源名或文件夹；加 --suggest 时为文件。"
        ),
    ] = "",
    suggest: Annotated[bool, typer.Option("--suggest", help="Propose a mapping for a file. 为文件建议一份映射。")] = False,
) -> None:
    """Load the sources of zhiyin.toml, or a whole folder; loading twice changes nothing. 导入数据；重复导入不会改变任何东西。"""
    if suggest:
        if not what:
            raise UsageError(
                Say("没有说是哪个文件。", "No file was named."),
                fix=Say("`zhiyin import 文件 --suggest`。", "`zhiyin import FILE --suggest`."),
            )
        with door.workspace() as workspace:
            proposal = workspace.suggest(what)
        door.show(proposal.answer(), lambda: render.suggestion(door, proposal))
        return
    with door.workspace() as workspace, door.progress() as progress:
        loaded = workspace.import_(what, progress=progress)
    door.show(loaded.answer(), lambda: render.loaded(door, loaded))


@command(app, "run")
def run(
    door: Door,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="Use only what came before this day (default: as_of of zhiyin.toml, else today). 只用这天之前的数据。"
        ),
    ] = None,
    refit: Annotated[bool, typer.Option("--refit", help="Fit the models anew, however young they are. 重新训练。")] = False,
    tune: Annotated[
        float, typer.Option("--tune", min=0, help="Seconds a question may search for better trees; fits anew. 每个问题调参的秒数。")
    ] = 0.0,
) -> None:
    """From facts to today's list: identity, profiles, predictions, recommendations, next steps. 生成今天的名单。"""
    with door.workspace() as workspace, door.progress() as progress:
        ran = workspace.run(as_of, progress=progress, refit=refit, tune_s=tune)
    door.show(ran.answer(), lambda: render.ran(door, ran))


@command(app, "today")
def today(
    door: Door,
    rep: Annotated[str, typer.Option("--rep", help="Only the list of this rep. 只看某位销售的名单。")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many (0: all). 最多几位。")] = 20,
) -> None:
    """Whom to contact today, about what, why, and with what words. 今天联系谁、谈什么、为什么、怎么说。"""
    with door.workspace() as workspace:
        found = workspace.today(rep, limit=limit + 1 if limit else 0)
    rows = Rows(found[: limit or None], notes=found.notes)
    door.show(rows, lambda: render.today(door, rows, more=len(found) > len(rows)))


@command(app, "customer")
def customer(
    door: Door,
    customer: _Customer,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show name, phone and e-mail in full (audited). 显示完整联系方式。")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is revealed. 查看原因。")] = "",
) -> None:
    """What is known of one customer. 一位客户的全貌。"""
    with door.workspace() as workspace:
        view = workspace.customer(customer, reveal=reveal, reason=reason)
    door.show(view, lambda: pages.customer(door, view))


@command(app, "recommend")
def recommend(
    door: Door,
    customer: _Customer,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many. 最多几件。")] = 20,
    said: Annotated[str, typer.Option("--said", help="What the customer just said. 客户刚说的话。")] = "",
) -> None:
    """What to offer a customer at this moment, and why. 现在可以向这位客户推荐什么、为什么。"""
    with door.workspace() as workspace:
        rows = workspace.recommend(customer, limit, said=said)
    door.show(rows, lambda: pages.offers(door, rows))


@command(app, "explain")
def explain(
    door: Door,
    customer: _Customer,
    changes: Annotated[bool, typer.Option("--changes", help="Also say what would change the chances. 还说怎样能改变可能。")] = False,
) -> None:
    """From source row to next step: where each figure comes from, and who has seen it. 每个数字从哪里来、谁看过。"""
    with door.workspace() as workspace:
        journey = workspace.explain(customer, changes=changes)
    door.show(journey, lambda: pages.explain(door, journey))


@command(app, "outcome")
def outcome(
    door: Door,
    customer: _Customer,
    kind: Annotated[str, typer.Argument(help="bought, answered, no_need, unreachable, refused_contact. 结果。")],
    amount: Annotated[float, typer.Option("--amount", help="Money that came of it. 金额。")] = 0.0,
    at: Annotated[str | None, typer.Option("--at", help="Day (default: as_of of zhiyin.toml, else today). 日期。")] = None,
) -> None:
    """Record what came of a contact. 记录联系的结果。"""
    with door.workspace() as workspace:
        noted = workspace.outcome(customer, kind, amount=amount, at=at)
    door.show(noted, lambda: door.say(Say("已记录，下次运行会用上。", "Noted; the next run will use it.")))


@command(app, "report")
def report(
    door: Door,
    file: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it. 写到哪里。")] = None,
) -> None:
    """One HTML page with charts that opens without a network. 一页离线 HTML 报告。"""
    with door.workspace() as workspace:
        written = workspace.report(file, language=door.language)
    door.show({"report": str(written)}, lambda: door.say(Say(f"报告：{written}", f"Report: {written}")))


@command(app, "tables")
def tables(
    door: Door,
    name: Annotated[str, typer.Argument(help="One table. 表名。")] = "",
    fields: Annotated[bool, typer.Option("--fields", help="The fields that a mapping can name. 映射可用的字段。")] = False,
) -> None:
    """The tables and their columns: key, unit, sensitivity, purposes. 表与列的说明。"""
    rows = render.field_rows(name, door.language) if fields else render.table_rows(name, door.language)
    door.show(rows, lambda: render.plain(door, rows))


@command(app, "check")
def check(door: Door) -> None:
    """Are the data good enough for the goal? 数据是否够用。"""
    with door.workspace() as workspace:
        rows = workspace.check()
    door.show(rows, lambda: render.findings(door, rows))


@command(app, "doctor")
def doctor(
    door: Door,
    back_to: Annotated[
        str, typer.Option("--back-to", help="First make this kept snapshot the current one again. 先回到这个保留的快照。")
    ] = "",
) -> None:
    """Are the machine and the workspace sound? 机器与工作区是否正常。"""
    with door.workspace() as workspace:
        rows = workspace.doctor(back_to=back_to)
    door.show(rows, lambda: render.findings(door, rows))
    if not all(row["ok"] for row in rows):
        raise typer.Exit(4)


@command(app, "sandbox")
def sandbox(
    door: Door,
    out: Annotated[Path, typer.Argument(help="A new folder. 新文件夹。")],
    customers: Annotated[int, typer.Option("--customers", help="How many customers. 客户数。")] = 1000,
    days: Annotated[int, typer.Option("--days", help="Days of history. 历史天数。")] = 180,
    seed: Annotated[int, typer.Option("--seed", help="The same seed writes the same bytes. 相同种子写出相同内容。")] = 7,
    scenario: Annotated[str, typer.Option("--scenario", help="appliances, saas, restaurant, finance. 行业。")] = "appliances",
) -> None:
    """An invented Chinese company as its systems would export it, with the truth beside it. 虚构一家公司：导出文件与真相。"""
    from zhiyin.app.recipes.sandbox import Plan, invent

    with door.progress() as progress:
        invented = invent(out, Plan(customers, days, seed, scenario), progress=progress)
    door.show(invented.answer(), lambda: render.invented(door, invented))


@command(app, "try")
def try_(
    door: Door,
    strategy: Annotated[
        list[str] | None, typer.Option("--strategy", help="list, random, oldest, none; again for several (default: all). 做法，可多次。")
    ] = None,
    days: Annotated[int, typer.Option("--days", help="Days to try. 试几天。")] = 60,
    seeds: Annotated[int, typer.Option("--seeds", help="Worlds, each with luck of its own. 世界个数。")] = 10,
    customers: Annotated[int, typer.Option("--customers", help="Customers of each world. 每个世界的客户数。")] = 300,
    capacity: Annotated[int, typer.Option("--capacity", help="Contacts a day in each world. 每天联系几位。")] = 8,
    scenario: Annotated[str, typer.Option("--scenario", help="appliances, saas, restaurant, finance. 行业。")] = "appliances",
    picture: Annotated[Path, typer.Option("--picture", help="Where to write the picture. 图写到哪里。")] = Path("zhiyin-try.html"),
) -> None:
    """Try whom to contact in invented worlds, beside nobody and the best possible. 在虚构世界里试：联系谁更值。"""
    from zhiyin.app.recipes.strategy import STRATEGIES, Trial, try_strategies
    from zhiyin.app.recipes.strategy_words import write_picture

    trial = Trial(tuple(strategy or STRATEGIES), days=days, seeds=seeds, customers=customers, capacity=capacity, scenario=scenario)
    with door.progress() as progress:
        tried = try_strategies(trial, progress=progress)
    written = write_picture(tried, picture, language=door.language)
    door.show({**tried.answer(), "picture": str(written)}, lambda: render.tried(door, tried, picture=written))


@command(app, "score")
def score(
    door: Door,
    truth: Annotated[Path, typer.Option("--truth", help="The folder truth that `zhiyin sandbox` wrote. 沙盒写出的 truth 文件夹。")],
) -> None:
    """How good is the workspace of an invented company, against the truth? 与沙盒的真相相比，做得怎么样。"""
    from zhiyin.app.recipes.truth import score as compare

    with door.home() as home:
        scored = compare(home, home.actor(door.actor or "owner"), truth=truth)
    door.show(scored.answer(), lambda: render.against_truth(door, scored))


models.register(app)
identity.register(app)
cleaning.register(app)
segments.register(app)
risks.register(app)
watching.register(app)
placements.register(app)
forecasts.register(app)

audit = typer.Typer(help="The record of who saw what. 谁看过什么的记录。", no_args_is_help=True)
app.add_typer(audit, name="audit")


@command(audit, "verify")
def audit_verify(door: Door) -> None:
    """Is the audit log whole: nothing edited, removed or moved? 审计记录是否完整。"""
    with door.workspace() as workspace:
        verdict = workspace.audit()
    door.show(verdict, lambda: render.audit(door, verdict))
    if not verdict["ok"]:
        raise typer.Exit(4)


events.register(app)


def main() -> None:
    """The entry point of the `zhiyin` command."""
    sys.exit(answered(app))
