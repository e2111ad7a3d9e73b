"""The commands that make and change something, as people type them; what only reads is in test_commands.py."""

from __future__ import annotations

import re
import tomllib

import pytest

from journeys.shop import DAY
from zhiyin.cli.main import app

COMMANDS = [command.name for command in app.registered_commands]
GROUPS = [group.name for group in app.registered_groups]
INNER = [f"{group.name} {command.name}" for group in app.registered_groups for command in group.typer_instance.registered_commands]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ORDERS = "订单编号,会员号,手机号,商品编码,品类,实付金额,付款时间\nD1,1001,13812345678,P1,粮油,12.50,2026-11-01 10:00\n"


def test_every_command_is_here():
    assert COMMANDS == [
        "init", "demo", "import", "run", "today", "customer", "recommend", "explain", "outcome", "report", "tables", "check", "doctor",
        "sandbox", "try", "score", "why", "merge", "unmerge", "quarantine", "restore", "corrections", "correct",
        "stock", "shifts", "placements", "forecast", "serve", "refused", "replay", "export-events",
    ]  # fmt: skip
    assert GROUPS == ["models", "review", "segments", "risk", "alerts", "audit", "key"]


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPS, *INNER])
def test_help_says_what_a_command_does_in_both_languages(zhiyin_says, command):
    said = zhiyin_says(*command.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert "Usage: " in said.out
    assert CHINESE.search(said.out)
    if command not in GROUPS:
        assert all(option in said.out for option in ("--workspace", "--lang", "--as", "--json", "--verbose"))


def test_without_a_command_the_help_is_shown(zhiyin_says):
    said = zhiyin_says()
    assert said.code == 2
    assert "init" in said.out + said.err


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["frobnicate"], "没有这个命令。看到的是：frobnicate。", "There is no such command. Got frobnicate."),
        (["today", "--frob"], "没有这个选项。看到的是：--frob。", "There is no such option. Got --frob."),
        (["customer"], "还缺一个参数。", "An argument is missing."),
        (["today", "-n", "many"], "参数的值不对。", "The value of an option or argument is not possible."),
        (["today", "a", "b"], "参数太多了。", "There are too many arguments."),
        (["run", "--as-of"], "选项后面还缺一个值。", "The option needs a value."),
        (["customer", "K5000", "--reveal"], "显示完整联系方式需要说明原因。", "Revealing needs a reason."),
        (["import", "--suggest"], "没有说是哪个文件。", "No file was named."),
        (["run", "--as-of", "31.12.2026"], "日期看不懂。看到的是：31.12.2026。", "This is not a day. Got 31.12.2026."),
        (["outcome", "K5000", "maybe"], "没有这种结果。看到的是：maybe。", "There is no such outcome. Got maybe."),
        (["today", "--as", "zhou"], "没有这个用户。看到的是：zhou。", "There is no such user. Got zhou."),
    ],
)
def test_a_command_that_was_not_meant_like_this(shop, zhiyin_says, words, zh, en):
    for language, sentence in (("zh", zh), ("en", en)):
        said = zhiyin_says(words[0], "-w", shop, "--lang", language, *words[1:])
        assert (said.code, said.out) == (2, "")
        assert sentence in said.err


@pytest.mark.parametrize("asked", ["fr", "ZH", ""])
def test_another_language_is_refused(shop, zhiyin_says, asked):
    said = zhiyin_says("today", "--lang", asked, "-w", shop)
    assert (said.code, said.out) == (2, "")
    assert "There is no such language." in said.err


@pytest.mark.parametrize(
    ("lang", "sentence"), [("zh_CN.UTF-8", "没有这位客户"), ("de_DE.UTF-8", "There is no such customer"), ("", "There is no")]
)
def test_without_a_word_the_language_is_that_of_the_machine(shop, zhiyin_says, monkeypatch, lang, sentence):
    monkeypatch.setenv("LANG", lang)
    assert sentence in zhiyin_says("customer", "K9999", "-w", shop).err


def test_an_error_of_a_mistyped_command_is_json_too(shop, zhiyin_says):
    said = zhiyin_says("today", "--frob", "--json", "-w", shop)
    assert (said.code, said.out) == (2, "")
    assert said.error()["error"] == "UsageError"


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_nothing_to_a_mapping(tmp_path, zhiyin_says, language, as_json):
    """init, --suggest, import, import again: each says what came of it."""
    asked = ["-w", tmp_path / "new", "--lang", language, *(["--json"] if as_json else [])]
    (tmp_path / "orders.csv").write_bytes(ORDERS.encode("gb18030"))
    made = zhiyin_says("init", *asked)
    proposed = zhiyin_says("import", tmp_path / "orders.csv", "--suggest", *asked)
    assert (made.code, proposed.code) == (0, 0)
    if as_json:
        assert made.json()["key"] == "zhiyin.key"
        mapping = proposed.json()["toml"]
    else:
        assert ("请备份旁边的 zhiyin.key" if language == "zh" else "Back up zhiyin.key") in made.out
        mapping = proposed.out[proposed.out.index("[[source]]") :]
    assert "13812345678" not in proposed.out
    assert tomllib.loads(mapping)["source"][0]["columns"]["order_id"] == "订单编号"
    with (tmp_path / "new" / "zhiyin.toml").open("a", encoding="utf-8") as settings:
        settings.write(mapping)
    first, second = zhiyin_says("import", *asked), zhiyin_says("import", *asked)
    assert (first.code, second.code) == (0, 0)
    if as_json:
        assert [(one["read"], one["tables"]["order_line"], one["known"]) for one in first.json()] == [(1, 1, False)]
        assert [one["known"] for one in second.json()] == [True]
    else:
        assert ("内容没有变化，无需再导入。" if language == "zh" else "nothing has changed since the last import.") in second.out


def test_an_import_without_sources_says_how_to_name_one(tmp_path, zhiyin_says):
    zhiyin_says("init", "-w", tmp_path)
    said = zhiyin_says("import", "-w", tmp_path)
    assert (said.code, said.out) == (3, "")
    assert "zhiyin.toml names no source yet." in said.err
    assert "--suggest" in said.err


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_outcome_is_noted(another_shop, zhiyin_says, language, as_json):
    words = ["outcome", "K5001", "不需要" if language == "zh" else "no need", "--amount", "12.5", "--at", DAY, "--as", "li"]
    said = zhiyin_says(*words, "-w", another_shop, "--lang", language, *(["--json"] if as_json else []))
    assert said.code == 0, said.err
    if as_json:
        noted = said.json()
        assert (noted["kind"], noted["amount"], noted["at"], noted["by"]) == ("no_need", 1250, DAY.isoformat(), "li")
    else:
        assert said.out.strip() == ("已记录，下次运行会用上。" if language == "zh" else "Noted; the next run will use it.")
    page = zhiyin_says("explain", "K5001", "-w", another_shop, "--lang", language)
    assert ("不需要" if language == "zh" else "no need") in page.out


@pytest.mark.parametrize("amount", ["nan", "inf", "-inf", "1e300"])
def test_an_amount_that_is_no_money_is_refused(another_shop, zhiyin_says, amount):
    said = zhiyin_says("outcome", "K5001", "bought", f"--amount={amount}", "-w", another_shop)
    assert (said.code, said.out) == (2, ""), said
    assert "Traceback" not in said.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_is_written_where_it_was_asked_for(shop, zhiyin_says, tmp_path, language):
    written = tmp_path / "pages" / "page.html"
    said = zhiyin_says("report", "--out", written, "-w", shop, "--lang", language)
    assert said.code == 0
    assert said.out.replace("\n", "").endswith(str(written))
    page = written.read_text("utf-8")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert bool(re.search("知音：今天联系谁", page)) == (language == "zh")
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page)  # nothing is fetched
    assert zhiyin_says("report", "-o", written, "-w", shop, "--json").json() == {"report": str(written)}


def test_the_doctor_finds_a_sound_workspace_and_an_unsound_one(another_shop, zhiyin_says):
    sound = zhiyin_says("doctor", "-w", another_shop, "--json")
    assert sound.code == 0
    assert {row["ok"] for row in sound.json()} == {True}
    (another_shop / "ledger.db").chmod(0o644)
    for language, mark in (("zh", "✗ 数据文件权限"), ("en", "✗ Mode of the data files")):
        said = zhiyin_says("doctor", "-w", another_shop, "--lang", language)
        assert said.code == 4
        assert mark in said.out
        assert "chmod 600 ledger.db" in said.out.replace("\n", " ")


def test_a_changed_audit_log_is_found(another_shop, zhiyin_says):
    from zhiyin.app.home import open_home

    home = open_home(another_shop)
    with home.ledger.begin() as connection:
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE audit SET actor = 'nobody' WHERE seq = 7")
    home.close()
    for language, sentence in (("zh", "审计记录在第 7 条被改动。"), ("en", "The audit log was changed at entry 7.")):
        said = zhiyin_says("audit", "verify", "-w", another_shop, "--lang", language)
        assert (said.code, said.out.strip()) == (4, sentence)
    said = zhiyin_says("audit", "verify", "-w", another_shop, "--json")
    assert said.code == 4
    assert (said.json()["ok"], said.json()["broken_at"]) == (False, 7)


def test_the_log_goes_to_stderr(another_shop, zhiyin_says):
    (another_shop / "库存.csv").write_text("商品编码,件数,盘点日期\nP001,3,2026-09-02\n", "utf-8")
    said = zhiyin_says("import", "stock", "-v", "--json", "-w", another_shop)
    assert said.code == 0
    assert [one["source"] for one in said.json()] == ["stock"]
    assert "stage=collect table=stock outcome=ok rows_in=1 rows_out=1 refused=0" in said.err


def test_a_list_of_one_rep_and_of_a_few(shop, zhiyin_says):
    assert {row["owner_id"] for row in zhiyin_says("today", "--rep", "li", "--json", "-w", shop).json()} == {"li"}
    assert len(zhiyin_says("today", "-n", 3, "--json", "-w", shop).json()) == 3
    assert len(zhiyin_says("today", "-n", 0, "--json", "-w", shop).json()) > 20


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "没有这位销售的名单。看到的是：nobody。解决办法：有名单的是：li, wang, zhao。"),
        ("en", "There is no list of this rep. Got nobody. Fix: Those who have a list: li, wang, zhao."),
    ],
)
def test_a_rep_whom_nobody_knows_is_no_day_without_work(shop, zhiyin_says, language, sentence):
    said = zhiyin_says("today", "--rep", "nobody", "-w", shop, "--lang", language)
    assert (said.code, said.out, said.err.strip()) == (2, "", sentence)
    mine = zhiyin_says("today", "--rep", "li", "--as", "wang", "-w", shop, "--lang", "en")
    assert (mine.code, mine.err.strip().rpartition(": ")[2]) == (2, "wang.")  # a rep learns of no other list


def test_a_product_may_be_called_anything(another_shop, zhiyin_says):
    """Brackets in the data are no markup of the screen."""
    goods = another_shop / "商品.csv"
    goods.write_text(goods.read_text("utf-8").replace("号,", "[/号] [bold]x,"), "utf-8")
    assert zhiyin_says("import", "goods", "-w", another_shop).code == 0
    page = zhiyin_says("customer", "K5000", "-w", another_shop)
    assert page.code == 0, page.err
    assert "[/号] [bold]x" in page.out
