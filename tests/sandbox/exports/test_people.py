import re

import pytest

from sandbox.lived import exported, rows_of, truth
from zhiyin.sandbox.scenarios.registry import SCENARIOS


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_some_stand_in_the_crm_twice_and_the_truth_says_who(scenario):
    files = exported(scenario, customers=2000)
    rows = rows_of(files["CRM_客户.csv"])
    numbers = [row["客户编号"] for row in rows]
    assert len(set(numbers)) == len(numbers)
    of = {row["native_id"]: row["person_id"] for row in truth(files, "record") if row["system"] == "crm"}
    second = [row for row in rows if re.fullmatch(r"KH9\d{8}", row["客户编号"])]
    first = {of[row["客户编号"]]: row for row in rows if re.fullmatch(r"KH\d{7}", row["客户编号"])}
    assert 0.03 < len(second) / len(first) < 0.07
    other = [row for row in second if row["客户名称"] != first[of[row["客户编号"]]]["客户名称"]]
    assert len(other) > 0.6 * len(second)
    assert any(re.sub(r"\D", "", row["手机"]) != re.sub(r"\D", "", first[of[row["客户编号"]]]["手机"]) for row in second)


def test_members_have_numbers_of_wechat_birthdays_that_exist_and_no_gender_of_firms():
    rows = rows_of(exported(customers=2000)["小程序商城_会员.csv"])
    openids = [row["微信openid"] for row in rows]
    assert all(re.fullmatch(r"o[\w-]{27}", openid) for openid in openids)
    assert len(set(openids)) == len(openids)
    told = [row["生日"] for row in rows if row["生日"]]
    assert 0.4 < len(told) / len(rows) < 0.6
    assert all("1944-01-01" <= day <= "2006-12-31" for day in told)
    assert {row["性别"] for row in rows} == {"男", "女", ""}
    assert all(re.fullmatch(r"1[3-9]\d{9}", row["手机号"]) for row in rows)


def test_the_industry_is_that_of_the_name():
    rows = [row for row in rows_of(exported("saas", customers=2000)["CRM_客户.csv"]) if row["类型"] == "企业"]
    assert {row["行业"] for row in rows if "物流" in row["客户名称"]} == {"物流"}
    assert {row["行业"] for row in rows if "餐饮" in row["客户名称"]} == {"餐饮"}
    assert sum(row["行业"] == "" for row in rows) < 0.05 * len(rows)


def test_contacts_belong_to_firms_of_the_crm():
    files = exported("saas")
    firms = {row["客户编号"]: row["客户名称"] for row in rows_of(files["CRM_客户.csv"]) if row["类型"] == "企业"}
    contacts = rows_of(files["CRM_联系人.csv"])
    assert len(contacts) > len(set(row["客户编号"] for row in contacts))
    assert all(firms[row["客户编号"]] == row["客户名称"] for row in contacts)
    assert len({row["联系人编号"] for row in contacts}) == len(contacts)


def test_newcomers_were_entered_on_the_day_they_came():
    days = [row["建档日期"] for row in rows_of(exported(customers=2000)["CRM_客户.csv"])]
    assert any(day > "2026-03-02" for day in days)
    assert max(days) <= "2026-04-30"
    assert min(days) >= "2023-06-01"
