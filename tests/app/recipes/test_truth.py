"""The shop against truths that are written by hand: what it says itself scores perfect, the opposite scores worst."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from app.recipes.truths import members, shop_truth, write_truth
from journeys.shop import DAY
from zhiyin.app.home import open_home
from zhiyin.app.intake import record_ids
from zhiyin.app.reading import published_guard
from zhiyin.app.recipes.truth import score
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import DataError, NotFound, PrivacyError
from zhiyin.guard.access import OWNER, RUN, Access, Actor
from zhiyin.learn.metrics import auc


@pytest.fixture
def home(shop):
    home = open_home(shop)
    yield home
    home.close()


def _said(home) -> dict[str, object]:
    """What the shop says, by member: its customer, predictions and next step; one member a customer."""
    access = Access(RUN, "measurement")
    with published_guard(home, utc_now) as guard:
        customer = {row["record_id"]: row["customer_id"] for row in guard.rows("identity", access, where={})}
        predictions = guard.rows("prediction", access, where={"at_on": DAY})
        steps = {row["customer_id"]: row for row in guard.rows("next_step", access, where={})}
        offers = guard.rows("recommendation", access, where={})
        tiers = {row["customer_id"]: row["segment_id"] for row in guard.rows("segment", access, where={"scheme": "rfm"})}
    of_member = {}
    for system, native, member in members():
        of_member.setdefault(member, customer[record_ids(home.vault.keys.ids, system)([native])[0]])
    answers = defaultdict(dict)
    for row in predictions:
        if not row["subject_id"]:
            answers[row["question"]][row["customer_id"]] = row["value"]
    return {"of": of_member, "answers": answers, "steps": steps, "offers": offers, "tiers": tiers}


def _half(values: dict[str, float]) -> float:
    return sorted(values.values())[len(values) // 2]


def _persons(said, *, sign: int) -> dict[int, dict[str, object]]:
    """Members who do exactly what the shop says of them (sign 1), or the opposite (sign -1)."""
    answers, persons = said["answers"], {}
    for member, customer in said["of"].items():
        own = persons[member] = {"habit": said["tiers"].get(customer, "none"), "persona": "plain"}
        for question, column, yes in (("churn", "left_on", "2026-10-25"), ("purchase", "orders_28d", 1)):
            if customer in answers[question] and sign * (answers[question][customer] - _half(answers[question])) > 0:
                own[column] = yes
        if customer in answers["value"]:
            own["spend_365d_cny"] = answers["value"][customer] / 100 if sign == 1 else 1e6 - answers["value"][customer] / 100
        step = said["steps"].get(customer, {"gain": 0})
        own |= {"effect": sign * step["gain"] / 1e6, "gain_cny": sign * step["gain"]}
    return persons


def _by_name(scored) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["subject"], row["measure"]): row for row in scored.rows}


def _till(folder) -> list[list[object]]:
    """Orders, members and money a month, counted in the file of the till."""
    with (folder / "订单.csv").open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    months = defaultdict(list)
    for row in rows:
        day = row["付款时间"].split()[0].replace("年", "/").replace("月", "/").replace("日", "")
        months[f"{datetime.strptime(day, '%Y/%m/%d'):%Y-%m}"].append(row)  # noqa: DTZ007 - a local day
    return [
        [month, "shop", *(len({row[name] for row in own}) for name in ("订单编号", "会员号")),
         f"{sum(float(row['实付金额'].removeprefix('¥').replace(',', '')) for row in own):.2f}"]
        for month, own in sorted(months.items())
    ]  # fmt: skip


def test_a_world_that_does_what_was_said_scores_perfect(home, tmp_path):
    said = _said(home)
    bought = [
        [m, o["product_id"], "x", DAY, "1.00"]
        for m, c in said["of"].items()
        for o in said["offers"]
        if o["customer_id"] == c and o["rank"] == 1
    ]
    truth = shop_truth(
        tmp_path / "truth",
        _persons(said, sign=1),
        kpi=_till(home.folder),
        bought=bought,
        spike=[[str(DAY - timedelta(days=20)), str(DAY - timedelta(days=17)), "shop", "粮油", 2]],
    )
    scored = score(home, OWNER, truth=truth)
    found = _by_name(scored)
    perfect = [
        ("leavers", "auc"), ("leavers", "precision_at_10_percent"), ("buyers", "auc"), ("buyers", "precision_at_10_percent"),
        ("value", "rank_correlation"), ("segments", "rfm_habit_adjusted_rand"), ("segments", "rfm_habit_mutual_information"),
        ("uplift", "effect_area"), ("uplift", "gain_area"), ("uplift", "gain_at_list"),
        ("recommendation", "new_hit_at_10"), ("recommendation", "repeat_recall_at_10"),
    ]  # fmt: skip
    assert {name: found[name]["value"] for name in perfect} == pytest.approx(dict.fromkeys(perfect, 1.0))
    assert found["value", "total_error"]["value"] == pytest.approx(0, abs=1e-6)
    assert found["value", "mean_error"]["value"] == pytest.approx(0, abs=1e-6)
    assert found["uplift", "put_off_listed"]["value"] == 0
    assert found["leavers", "auc"]["baseline"] < 1
    assert scored.differences == []
    for name in ("orders_equal", "customers_equal", "revenue_cny_equal"):
        assert found["kpi", name]["value"] == found["kpi", name]["n"] == 10
    assert found["spikes", "found"] | {"value": 0.0, "n": 1} == found["spikes", "found"]  # nobody came: it is only said to be one
    assert found["spikes", "found"]["sentence_en"].startswith("Of 1 planted rushes (")
    assert found["shifts", "recall"]["value"] is None  # none is planted
    assert not [name for name in found if name[0] == "fraud"]
    assert found["segments", "rfm_persona_adjusted_rand"]["value"] is None  # one persona only tells nothing
    assert scored.at == DAY
    assert not any("list is of" in note.en for note in scored.notes)
    assert json.loads(json.dumps(scored.answer(), allow_nan=False))["scenario"] == "appliances"


def test_the_simple_ways_know_what_was_known_on_the_day(home, tmp_path):
    said, access = _said(home), Access(RUN, "measurement")
    with published_guard(home, utc_now) as guard:
        features = {row["customer_id"]: row for row in guard.rows("profile_at", access, where={"at_on": DAY})}
        lines = guard.rows("order_line", access, where={})
    persons = _persons(said, sign=1)
    found = _by_name(score(home, OWNER, truth=shop_truth(tmp_path / "truth", persons)))
    rows = {
        question: [(persons[m], features[c]) for m, c in said["of"].items() if c in said["answers"][question]]
        for question in said["answers"]
    }
    away = auc(["left_on" in own for own, _ in rows["churn"]], [known["days_since_order"] for _, known in rows["churn"]])
    assert found["leavers", "auc"]["baseline"] == pytest.approx(away)
    label = [own.get("orders_28d", 0) for own, _ in rows["purchase"]]
    assert found["buyers", "auc"]["baseline"] == pytest.approx(auc(label, [known["orders_84d"] for _, known in rows["purchase"]]))
    share = sum(known["orders_28d"] > 0 for _, known in rows["purchase"]) / len(label)
    assert found["buyers", "calibration_error"]["baseline"] == pytest.approx(abs(share - sum(label) / len(label)))
    spent = sum(line["amount"] for line in lines if DAY - timedelta(days=365) <= line["ordered_on"] < DAY) / 100
    true = sum(own["spend_365d_cny"] for own, _ in rows["value"])
    assert found["value", "total_error"]["baseline"] == pytest.approx(100 * (spent / true - 1))
    assert found["uplift", "gain_area"]["n"] == sum(1 for step in said["steps"].values() if step["action"])


def test_a_world_that_does_the_opposite_scores_worst(home, tmp_path):
    truth = shop_truth(tmp_path / "truth", _persons(_said(home), sign=-1))
    found = _by_name(score(home, OWNER, truth=truth))
    assert (
        found["leavers", "auc"]["value"] == found["buyers", "auc"]["value"] == pytest.approx(0, abs=0.02)
    )  # the half itself is in neither
    for name in (("value", "rank_correlation"), ("uplift", "effect_area"), ("uplift", "gain_area")):
        assert found[name]["value"] == pytest.approx(-1)
    assert found["uplift", "put_off_listed"]["value"] == found["uplift", "put_off_listed"]["n"] > 0
    assert found["recommendation", "new_hit_at_10"]["value"] is None
    assert found["recommendation", "new_hit_at_10"]["sentence_zh"] == "没法判断：没有可比的客户。"


def test_identity_is_what_the_phone_numbers_say(home, tmp_path):
    found = _by_name(score(home, OWNER, truth=shop_truth(tmp_path / "truth", {})))
    assert found["identity", "pair_f1"]["value"] == 1.0
    assert found["identity", "pair_f1"]["baseline"] == 0.0
    assert found["identity", "pair_f1"]["n"] == len(members()) == 228
    assert found["value", "total_error"]["sentence_en"] == "Cannot be judged: the truth does not tell the spend of a year."


def test_customers_that_mix_persons_and_books_that_differ_are_told(home, tmp_path):
    books = _till(home.folder)
    books[0][4] = f"{float(books[0][4]) + 12:.2f}"
    apart = [[system, native, person + (1_000 if system == "crm" else 0)] for system, native, person in members()]
    persons = [[person, "person", "plain", "", "", "light", 0, "", "", 0, "", "", 0, 0] for person in sorted({row[2] for row in apart})]
    truth = write_truth(tmp_path / "truth", {"person.csv": persons, "record.csv": apart, "kpi.csv": books})
    scored = score(home, OWNER, truth=truth)
    mixed = sum(1 for m in range(120) if m % 5 != 4)  # members with a card too
    assert any(note.en.startswith(f"{mixed} of 132 customers mix the records") for note in scored.notes)
    assert _by_name(scored)["identity", "pair_precision"]["value"] == 0.0
    assert [(row["month"], row["kpi"], row["difference"]) for row in scored.differences] == [("2026-01", "revenue_cny", -12.0)]
    assert _by_name(scored)["kpi", "revenue_cny_equal"]["sentence_en"] == (
        "9 of 10 monthly revenues are equal; the largest difference is 12 yuan."
    )


def test_a_truth_of_another_day_is_warned_of(home, tmp_path):
    truth = write_truth(tmp_path / "truth", {"person.csv": [[0, "person", "plain", "", "", "light", 0, "", "", 0, "", "", 0, 0]], "record.csv": [("shop", "M1000", 0), ("shop", "M9999", 0)]}, ends_on="2026-11-01", future_days=30)  # fmt: skip
    said = [note.en for note in score(home, OWNER, truth=truth).notes]
    assert any("The list is of 2026-09-28, and the truth begins on 2026-11-02" in note for note in said)
    assert any("28 days ahead and the truth 30" in note for note in said)
    assert any(note.startswith("1 records of the truth are not in the workspace") for note in said)


def test_the_truth_of_another_company_is_refused(home, tmp_path):
    truth = write_truth(tmp_path / "truth", {"record.csv": [("shop", "X1", 0), ("elsewhere", "M1000", 0)]})
    with pytest.raises(DataError, match=r"This truth belongs to another company.*Got appliances, 7: 0 / 2\.") as refused:
        score(home, OWNER, truth=truth)
    assert "另一家公司" in refused.value.in_("zh")


def test_only_the_owner_scores(home, tmp_path):
    with pytest.raises(PrivacyError, match="Only the owner"):
        score(home, Actor("ana", "analyst", ""), truth=tmp_path)


def test_the_command_prints_the_table_in_both_languages_and_as_json(shop, tmp_path, zhiyin_says):
    truth = shop_truth(tmp_path / "truth", {})
    english = zhiyin_says("score", "-w", shop, "--truth", truth, "--lang", "en")
    assert english.code == 0, english.err
    for words in ("Against the truth", "pair F1", "Of 0 planted rushes", "Figures that differ from the books", "`--json` lists them all"):
        assert words in english.out
    chinese = zhiyin_says("score", "-w", shop, "--truth", truth, "--lang", "zh")
    assert all(words in chinese.out for words in ("与真相相比", "成对 F1", "埋了 0 次激增"))
    answer = zhiyin_says("score", "-w", shop, "--truth", truth, "--json").json()
    assert set(answer) == {"at", "snapshot", "scenario", "seed", "notes", "rows", "differences"}
    assert all(row["sentence_zh"] and row["sentence_en"] and "{" not in row["sentence_zh"] + row["sentence_en"] for row in answer["rows"])


def test_the_command_refuses_what_is_no_truth(shop, tmp_path, zhiyin_says):
    for language, words in (("zh", "找不到 manifest.json"), ("en", "no manifest.json")):
        said = zhiyin_says("score", "-w", shop, "--truth", tmp_path, "--lang", language)
        assert said.code == 4
        assert words in said.err
    assert zhiyin_says("score", "-w", shop, "--lang", "en").code == 2


def test_before_a_list_was_made_there_is_nothing_to_score(tmp_path, zhiyin_says):
    zhiyin_says("init", "-w", tmp_path / "new")
    truth = write_truth(tmp_path / "truth", {})
    assert "zhiyin import" in zhiyin_says("score", "-w", tmp_path / "new", "--truth", truth, "--lang", "en").err


def test_scores_leave_their_trace_in_the_audit(home, tmp_path):
    score(home, OWNER, truth=shop_truth(tmp_path / "truth", {}))
    with published_guard(home, utc_now) as guard:
        entries = guard.trail(Access(OWNER, "display"), limit=40)
    seen = {(entry["table_name"], entry["purpose"]) for entry in entries if entry["role"] == "run"}
    assert {("identity", "measurement"), ("next_step", "measurement"), ("order_line", "measurement")} <= seen
    with pytest.raises(NotFound):
        score(home, OWNER, truth=tmp_path / "nowhere")
