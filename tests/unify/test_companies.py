from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.companies import company, is_company, plain_company

# what is written -> core | trade | form | place | branch
WRITTEN = """
北京字節跳動科技有限公司上海分公司 | 字节跳动 | 科技 | 有限公司 | 北京 | 上海分公司
阿里巴巴（中国）网络技术有限公司 | 阿里巴巴 | 网络技术 | 有限公司 | 中国 | -
腾讯科技（深圳）有限公司 | 腾讯 | 科技 | 有限公司 | 深圳 | -
深圳市腾讯计算机系统有限公司 | 腾讯计算机系统 | - | 有限公司 | 深圳市 | -
华为技术有限公司 | 华为 | 技术 | 有限公司 | - | -
中国工商银行股份有限公司杭州分行 | 工商银行 | - | 股份有限公司 | 中国 | 杭州分行
上海（某某）贸易公司 | 某某 | 贸易 | 公司 | 上海 | -
小米科技有限责任公司 | 小米 | 科技 | 有限责任公司 | - | -
苏宁易购集团股份有限公司 | 苏宁易购 | - | 集团股份有限公司 | - | -
珠海格力电器股份有限公司 | 格力 | 电器 | 股份有限公司 | 珠海 | -
联想(北京)有限公司 | 联想 | - | 有限公司 | 北京 | -
杭州市西湖区张三商行 | 张三 | - | 商行 | 杭州市西湖区 | -
广州市天河区小鱼餐饮店 | 小鱼餐饮店 | - | - | 广州市天河区 | -
东方电气股份有限公司 | 东方电气 | - | 股份有限公司 | - | -
杭州 知音 科技 有限公司 | 知音 | 科技 | 有限公司 | 杭州 | -
Acme Trading Co., Ltd. | acme | trading | co ltd | - | -
ACME INC | acme | - | inc | - | -
The Acme Company | acme | - | company | - | -
Microsoft (China) Co.,Ltd | microsoft | - | co ltd | china | -
International Business Machines Corporation | internationalbusinessmachines | - | corporation | - | -
"""
CASES = [row.split(" | ") for row in WRITTEN.strip().splitlines()]


@pytest.mark.parametrize(("written", "parts"), [(row[0], row[1:]) for row in CASES])
def test_a_company_is_taken_apart(written: str, parts: list[str]) -> None:
    found = company(written)
    assert found is not None
    assert [part or "-" for part in found[1:]] == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州知音科技有限公司", "知音信息科技（杭州）有限责任公司"),
        ("珠海格力电器股份有限公司", "格力电器"),
        ("華為技術有限公司", "华为"),
        ("Acme Co., Ltd.", "ACME LIMITED"),
        ("联想集团", "联想（北京）有限公司"),
    ],
)
def test_two_spellings_have_one_core(one: str, other: str) -> None:
    first, second = company(one), company(other)
    assert first is not None
    assert second is not None
    assert first.core == second.core


@pytest.mark.parametrize(
    ("one", "other"), [("杭州知音科技有限公司", "杭州知己科技有限公司"), ("东方电气股份有限公司", "上海电气股份有限公司")]
)
def test_two_companies_have_two_cores(one: str, other: str) -> None:
    first, second = company(one), company(other)
    assert first is not None
    assert second is not None
    assert first.core != second.core


def test_a_firm_is_told_from_a_person() -> None:
    assert [is_company(name) for name in ("杭州知音科技有限公司", "小鱼餐饮店", "Acme Inc.", "王丽", "John Smith", "")] == [True] * 3 + [
        False
    ] * 3


@pytest.mark.parametrize("written", ["", "123", "--", "  "])
def test_what_names_no_firm_is_none(written: str) -> None:
    assert plain_company(written) is None


@pytest.mark.parametrize("written", [case[0] for case in CASES])
def test_a_normal_form_is_its_own(written: str) -> None:
    once = plain_company(written)
    assert once is not None
    assert plain_company(once) == once


@given(st.text(alphabet="上海知音科技有限公司集团()（）分 Acme.,LtdCoInc", max_size=16))
def test_whatever_is_written_its_normal_form_is_its_own(text: str) -> None:
    once = plain_company(text)
    assert once is None or plain_company(once) == once
