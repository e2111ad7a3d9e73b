import re
from collections import Counter

import pytest

from sandbox.lived import BEGINS, exported
from zhiyin.sandbox.company import SOURCES, Company
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.world import World


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others():
    one = exported(customers=60, days=10)
    exported.cache_clear()
    assert exported(customers=60, days=10) == one
    other = exported(customers=60, days=10, seed=8)
    fixed = {"ERP_商品.xlsx", "节假日.csv"}
    assert {name for name in one if other.get(name) == one[name]} >= fixed
    drawn = [name for name in one if name.startswith(("CRM", "天猫", "小程序", "埋点", "天气", "企业微信", "truth/person", "truth/record"))]
    assert len(drawn) > 9
    assert not [name for name in drawn if other.get(name) == one[name]]


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_rows_are_counted(scenario):
    company = Company(World(scenario, customers=100, begins=BEGINS))
    rows, lines = Counter(), Counter()
    for part in [part for _ in range(12) for part in company.day()] + [*company.closed()]:
        rows[part.file] += part.rows
        if part.file.endswith((".csv", ".txt")):
            lines[part.file] += part.body.decode("gb18030" if b"\xef\xbb\xbf" not in part.header else "utf-8", "replace").count("\n")
    assert all(lines[name] == rows[name] for name in lines)
    assert sum(rows[name] for name in rows if not name.startswith("truth/")) == sum(company.rows.values())


def test_no_file_is_empty():
    for scenario in SCENARIOS:
        files = exported(scenario, customers=3, days=3)
        assert all(
            content.count(b"\n") > 1 or b"\xef\xbb\xbf" not in content for name, content in files.items() if not name.startswith("truth/")
        )
        assert all(files.values())
        assert all((name.split("*")[0] in str(list(files))) for name in re.findall(r'file = "(.+)"', files[SOURCES].decode()))


def test_only_finance_moves_money():
    assert {scenario: any(name.startswith("账户流水") for name in exported(scenario, customers=60, days=10)) for scenario in SCENARIOS} == {
        scenario: scenario == "finance" for scenario in SCENARIOS
    }


def test_one_customer_and_one_day_make_a_company():
    files = exported(customers=1, days=1)
    assert {"CRM_客户.csv", SOURCES, "ERP_商品.xlsx", "天气.csv"} <= set(files)
    tables = ("person", "record", "bought", "need_shift", "spike", "fraud", "kpi", "bad_row", "message")
    assert {name for name in files if name.startswith("truth/")} == {f"truth/{name}.csv" for name in tables}
