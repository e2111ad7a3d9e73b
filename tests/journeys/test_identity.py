"""A careless person merges two customers, the world goes on, and it is undone as if it had never been."""

from __future__ import annotations

import csv
import json

import pytest

import zhiyin
from journeys.shop import DAY
from zhiyin.guard.access import RUN, Access

ONE, OTHER = "M1000", "M1001"


def _profiles(folder) -> dict[str, dict[str, object]]:
    """The rows of `profile` as the lake holds them."""
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        return {str(row["customer_id"]): row for row in guard.rows("profile", Access(RUN, "analysis"), where={})}


def _views(says, folder) -> list[str]:
    return [says("customer", customer, "-w", folder, "--json").out for customer in (ONE, OTHER)]


def _events(folder, count: int) -> None:
    """`count` more events of the two."""
    source = '\n[[source]]\nname = "more"\nkind = "events"\nfile = "更多.csv"\nsystem = "shop"\n[source.columns]\n'
    source += 'customer = "会员号"\nevent = "事件"\nproduct_id = "商品编码"\nhappened_at = "时间"\n'
    (folder / "zhiyin.toml").write_text((folder / "zhiyin.toml").read_text("utf-8") + source, "utf-8")
    with (folder / "更多.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["会员号", "事件", "商品编码", "时间"])
        for n in range(count):
            rows.writerow(
                [(ONE, OTHER)[n % 2], "Product Viewed", f"P{n % 30:03}", f"{DAY.replace(day=1 + n % 27)} {n % 24:02}:{n // 24 % 60:02}:11"]
            )


def test_a_wrong_merge_is_seen_at_once_and_undone_exactly(zhiyin_says, another_shop):
    before, profiles = _views(zhiyin_says, another_shop), _profiles(another_shop)
    assert json.loads(before[0])["customer_id"] != json.loads(before[1])["customer_id"]
    assert zhiyin_says("merge", ONE, OTHER, "-w", another_shop, "--reason", "careless").code == 0
    both = [json.loads(view) for view in _views(zhiyin_says, another_shop)]
    assert both[0]["customer_id"] == both[1]["customer_id"]
    assert both[0]["profile"]["orders"] == sum(json.loads(view)["profile"]["orders"] for view in before)
    assert zhiyin_says("unmerge", ONE, OTHER, "-w", another_shop).code == 0
    assert _views(zhiyin_says, another_shop) == before
    assert zhiyin_says("run", "-w", another_shop, "--as-of", DAY).code == 0
    assert _profiles(another_shop) == profiles


def test_it_is_undone_also_after_a_run_and_a_thousand_events(zhiyin_says, another_shop, whole_shop, tmp_path):
    import shutil

    never = shutil.copytree(whole_shop, tmp_path / "never")
    assert zhiyin_says("merge", ONE, OTHER, "-w", another_shop, "--reason", "careless").code == 0
    pending = json.loads(zhiyin_says("customer", ONE, "-w", another_shop, "--json").out)
    assert zhiyin_says("run", "-w", another_shop, "--as-of", DAY).code == 0
    merged = json.loads(zhiyin_says("customer", OTHER, "-w", another_shop, "--json").out)
    assert (merged["customer_id"], merged["profile"]) == (pending["customer_id"], pending["profile"])  # what was shown at once was right
    for folder in (another_shop, never):
        _events(folder, 1000)
        assert zhiyin_says("import", "-w", folder).code == 0
        assert zhiyin_says("run", "-w", folder, "--as-of", DAY).code == 0
    assert zhiyin_says("unmerge", ONE, OTHER, "-w", another_shop, "--reason", "two people").code == 0
    shown = [json.loads(view) for view in _views(zhiyin_says, another_shop)]
    for view, as_never in zip(shown, map(json.loads, _views(zhiyin_says, never)), strict=True):
        assert (view["customer_id"], view["profile"], view["identifiers"]) == tuple(
            as_never[k] for k in ("customer_id", "profile", "identifiers")
        )
        assert "pending" in view
    assert zhiyin_says("run", "-w", another_shop, "--as-of", DAY).code == 0
    assert _profiles(another_shop) == _profiles(never)
    assert _views(zhiyin_says, another_shop) == _views(zhiyin_says, never)


def test_what_a_person_parted_never_comes_back(zhiyin_says, another_shop):
    """K5000 and M1000 share a phone: comparing joins them, a person parts them, comparing says so again in vain."""
    with zhiyin.open(another_shop) as workspace:
        records = [str(row["record_id"]) for row in workspace.explain("K5000")["records"]]
    assert len(records) == 2
    assert zhiyin_says("unmerge", *records, "-w", another_shop, "--reason", "father and son").code == 0
    for _ in range(2):
        apart = {json.loads(zhiyin_says("customer", record, "-w", another_shop, "--json").out)["customer_id"] for record in records}
        assert apart == set(records)
        assert zhiyin_says("run", "-w", another_shop, "--as-of", DAY).code == 0
    told = zhiyin_says("why", *records, "-w", another_shop).out
    assert "They are not one customer." in told
    assert "the same phone" in told
    assert "parted by a person, owner" in told
    assert "father and son" in told


def test_why_says_the_evidence_with_its_weights_and_masks_everybody(zhiyin_says, shop):
    told = zhiyin_says("why", "K5000", "M1000", "-w", shop, "--json").json()
    assert told["together"]
    assert told["kind"] == "link"
    assert {finding["finding"] for finding in told["findings"]} >= {"size", "phone.equal", "name.equal"}
    assert round(sum(finding["bits"] for finding in told["findings"]), 1) == told["bits"]
    assert told["left"]["name"].endswith("**")
    chinese = zhiyin_says("why", "K5000", "M1000", "-w", shop, "--lang", "zh").out
    assert "是同一位客户" in chinese
    assert "手机号相同" in chinese
    strangers = zhiyin_says("why", "K5000", "M1003", "-w", shop).out
    assert "They are not one customer." in strangers
    assert "too little evidence: not linked" in strangers


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("merge", "K5000", "M1001"), "Merging customers needs a reason."),
        (("merge", "K5000", "M1000", "--reason", "x"), "These two already are one customer."),
        (("merge", "K5000", "K9999", "--reason", "x"), "There is no such customer"),
        (("unmerge", "K5000", "K5000"), "The two ids are one record, which cannot be parted."),
        (("why", "K5000", "K5000"), "The two ids are one record."),
        (("review", "accept", "99999"), "The review list has no such entry."),
        (("merge", "K5000", "M1001", "--reason", "x", "--as", "wang"), "owner"),
        (("review", "list", "--as", "wang"), "owner"),
        (("why", "K5000", "M1000", "--as", "wang"), "owner"),
    ],
)
def test_what_cannot_be_done_is_said(zhiyin_says, shop, words, said):
    answer = zhiyin_says(*words, "-w", shop)
    assert answer.code != 0
    assert said in " ".join(answer.err.split())
