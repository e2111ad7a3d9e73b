"""A firm, the people who speak for it, and what they did altogether."""

from __future__ import annotations

import pytest

import zhiyin
from zhiyin.app.home import create_home

FIRMS = "客户编号,客户名称,类型,手机,城市\nF1,阿里巴巴（中国）有限公司,企业,13612345678,杭州\nF2,杭州云岭科技有限公司,企业,,杭州\nP1,王丽,个人,13712345678,杭州\n"
SHOP = "会员编号,姓名,城市\nM1,阿里巴巴中国,杭州市\n"
CONTACTS = "联系人编号,客户编号,客户名称,姓名,职务,手机\nL1,F1,阿里巴巴（中国）有限公司,赵敏,采购经理,13612345678\nL2,F1,阿里巴巴（中国）有限公司,王丽,财务,13712345678\n"
ORDERS = "订单号,客户号,商品编号,数量,金额,下单时间\nO1,F1,G1,1,100,2026-10-01\nO2,P1,G1,1,50,2026-10-09\n"
SOURCES = """
[[source]]
name = "crm"
kind = "customers"
file = "f.csv"
system = "crm"
[source.columns]
customer = "客户编号"
name = "客户名称"
phone = "手机"
"attribute.kind" = "类型"
"attribute.city" = "城市"
[[source]]
name = "mall"
kind = "customers"
file = "m.csv"
[source.columns]
customer = "会员编号"
name = "姓名"
"attribute.city" = "城市"
[[source]]
name = "people"
kind = "contacts"
file = "l.csv"
system = "crm.contacts"
[[source]]
name = "orders"
kind = "orders"
file = "o.csv"
system = "crm"
"""


@pytest.fixture(scope="module")
def firms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firms") / "w"
    create_home(folder)
    for name, text in {"f.csv": FIRMS, "m.csv": SHOP, "l.csv": CONTACTS, "o.csv": ORDERS}.items():
        (folder / name).write_text(text, "utf-8")
    maps = dict(customer="联系人编号", firm="客户编号", firm_name="客户名称", name="姓名", title="职务", phone="手机")
    told = SOURCES.replace(
        'system = "crm.contacts"\n', 'system = "crm.contacts"\n[source.columns]\n' + "".join(f'{k} = "{v}"\n' for k, v in maps.items())
    )
    maps = dict(customer="客户号", order_id="订单号", product_id="商品编号", quantity="数量", amount="金额", ordered_at="下单时间")
    told += "[source.columns]\n" + "".join(f'{k} = "{v}"\n' for k, v in maps.items())
    (folder / "zhiyin.toml").write_text((folder / "zhiyin.toml").read_text("utf-8") + told, "utf-8")
    with zhiyin.open(folder) as workspace:
        workspace.import_()
        workspace.run("2026-10-20")
    return folder


def test_a_firm_shows_its_people_with_titles_and_what_all_did(firms):
    with zhiyin.open(firms) as workspace:
        view = workspace.customer("F1")
    assert {contact["title"]: contact["name"][0] for contact in view["contacts"]} == {"采购经理": "赵", "财务": "王"}
    assert (view["account"]["orders"], view["account"]["spend"], view["account"]["contacts"]) == (2, 15000, 2)
    assert str(view["account"]["last_order_on"]) == "2026-10-09"


def test_the_firm_is_not_its_contact_although_they_share_a_phone(firms):
    with zhiyin.open(firms) as workspace:
        firm, contact = workspace.customer("F1"), workspace.customer("L1")
    assert firm["customer_id"] != contact["customer_id"]
    assert [(one["name"], one["title"]) for one in contact["firms"]] == [("阿里巴巴（中国）有限公司", "采购经理")]


def test_a_contact_is_the_person_whom_other_systems_know(firms):
    with zhiyin.open(firms) as workspace:
        assert workspace.customer("L2")["customer_id"] == workspace.customer("P1")["customer_id"]


def test_two_ways_of_writing_a_firm_meet(firms):
    with zhiyin.open(firms) as workspace:
        assert workspace.customer("M1")["customer_id"] == workspace.customer("F1")["customer_id"]
        assert workspace.customer("F2")["customer_id"] != workspace.customer("F1")["customer_id"]
