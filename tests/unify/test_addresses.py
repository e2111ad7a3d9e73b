from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.addresses import address, city_of_code, place, plain_address
from zhiyin.unify.divisions import DIVISIONS

# what is written -> province, city, district, rest
WRITTEN = """
廣東省　深圳市南山區科技園路１號 | 广东省 深圳市 南山区 科技园路1号
沪浦东新区张江路88弄 | 上海市 上海市 浦东新区 张江路88弄
粤深圳 | 广东省 深圳市 - -
粤 | 广东省 - - -
浙江义乌稠州北路1号 | 浙江省 金华市 义乌市 稠州北路1号
江苏昆山花桥镇1号 | 江苏省 苏州市 昆山市 花桥镇1号
昆山市花桥镇 | 江苏省 苏州市 昆山市 花桥镇
人民路1号 | - - - 人民路1号
北京朝阳区建国路88号 | 北京市 北京市 朝阳区 建国路88号
北京市市辖区朝阳区建国路88号 | 北京市 北京市 朝阳区 建国路88号
上海市上海市徐汇区虹漕路 | 上海市 上海市 徐汇区 虹漕路
朝阳区建国路88号 | - - 朝阳区 建国路88号
长春朝阳区人民大街1号 | 吉林省 长春市 朝阳区 人民大街1号
朝阳市双塔区 | 辽宁省 朝阳市 双塔区 -
湖北省仙桃市沔街 | 湖北省 仙桃市 - 沔街
海南文昌清澜 | 海南省 文昌市 - 清澜
海南 | 海南省 - - -
新疆维吾尔自治区乌鲁木齐市天山区解放路 | 新疆维吾尔自治区 乌鲁木齐市 天山区 解放路
新疆乌鲁木齐天山区 | 新疆维吾尔自治区 乌鲁木齐市 天山区 -
内蒙古呼和浩特新城区 | 内蒙古自治区 呼和浩特市 新城区 -
广西南宁青秀区 | 广西壮族自治区 南宁市 青秀区 -
吉林吉林市昌邑区 | 吉林省 吉林市 昌邑区 -
吉林省长春市 | 吉林省 长春市 - -
浙江省 杭州市 浙江省杭州市西湖区文三路478号 | 浙江省 杭州市 西湖区 文三路478号
收货地址：浙江省杭州市下城区延安路 | 浙江省 杭州市 下城区 延安路
王丽，13812345678，浙江省杭州市余杭区五常街道1号 | 浙江省 杭州市 余杭区 五常街道1号
中国广东省广州市天河区体育西路103号 510620 | 广东省 广州市 天河区 体育西路103号
上海市静安区上海路5号 | 上海市 上海市 静安区 上海路5号
南京路步行街1号 | - - - 南京路步行街1号
南京市南京路1号 | 江苏省 南京市 - 南京路1号
长沙市长沙县星沙 | 湖南省 长沙市 长沙县 星沙
湖南省长沙市长沙市岳麓区 | 湖南省 长沙市 岳麓区 -
宁波江北 | 浙江省 宁波市 江北区 -
重庆渝中 | 重庆市 重庆市 渝中区 -
云南大理 | 云南省 大理白族自治州 - -
大理州大理市 | 云南省 大理白族自治州 大理市 -
湖北恩施 | 湖北省 恩施土家族苗族自治州 - -
贵州黔东南州凯里市 | 贵州省 黔东南苗族侗族自治州 凯里市 -
广东省东莞市长安镇 | 广东省 东莞市 - 长安镇
苏州工业园区星湖街328号 | 江苏省 苏州市 工业园区 星湖街328号
北京海淀中关村大街1号 | 北京市 北京市 海淀区 中关村大街1号
哈尔滨道里区中央大街 | 黑龙江省 哈尔滨市 道里区 中央大街
唐山路北区建设路 | 河北省 唐山市 路北区 建设路
石家庄桥西区 | 河北省 石家庄市 桥西区 -
臺北市信義區 | 台湾省 台北市 - 信义区
香港特别行政区湾仔区 | 香港特别行政区 香港 湾仔区 -
广东省杭州市 | 广东省 - - 杭州市
江宁县东山镇 | 江苏省 南京市 江宁区 东山镇
浙江省杭州市富阳市 | 浙江省 杭州市 富阳区 -
安徽省巢湖市 | 安徽省 合肥市 巢湖市 -
广东省-广州市-天河区-五山路 | 广东省 广州市 天河区 五山路
广东省/广州市/天河区/五山路 | 广东省 广州市 天河区 五山路
福建省福州市鼓楼区*** | 福建省 福州市 鼓楼区 ***
"""
CASES = [row.split(" | ") for row in WRITTEN.strip().splitlines()]


@pytest.mark.parametrize(("written", "parts"), CASES)
def test_an_address_is_taken_apart(written: str, parts: str) -> None:
    assert address(written) == tuple("" if part == "-" else part for part in parts.split(" "))


@pytest.mark.parametrize("written", ["", "   ", "12 Main St, Springfield", "1 234"])
def test_what_is_not_chinese_has_no_parts(written: str) -> None:
    assert address(written) is None


def test_the_normal_form_is_the_same_for_every_spelling() -> None:
    ways = (
        "廣東省深圳市南山區 科苑路１５號",
        "广东深圳南山区科苑路15号",
        "粤 深圳 南山 科苑路15号",
        "中国 广东省,深圳市,南山区,科苑路15号",
    )
    assert {plain_address(way) for way in ways} == {"广东省深圳市南山区科苑路15号"}


@pytest.mark.parametrize("written", [written for written, _ in CASES])
def test_a_normal_form_is_its_own(written: str) -> None:
    once = plain_address(written)
    assert once is not None
    assert plain_address(once) == once


@given(st.text(alphabet="广东深圳市省区南山路京沪朝阳县州 ,-(1号北大道里吉林重庆自治", max_size=20))
def test_whatever_is_written_its_normal_form_is_its_own(text: str) -> None:
    once = plain_address(text)
    assert once is None or plain_address(once) == once


def test_every_division_is_found_under_its_own_full_name() -> None:
    province, unlike = "", []
    for row in filter(None, DIVISIONS.split("\n")):
        code, _, rest = row.partition(" ")
        if len(code) == 2:
            province = rest.partition(" = ")[0]
            continue
        city, _, districts = rest.partition(":")
        for district in districts.partition("/")[0].split():
            whole = f"{province}{district}" if city == "-" else f"{province}{city}{district}"
            wanted = (province, district, "") if city == "-" else (province, city, district)
            found = address(whole)
            if found is None or found[:3] != wanted:
                unlike.append((whole, found))
    assert unlike == []


def test_a_word_for_a_place_is_one_place_or_none() -> None:
    assert place("廣州") == place("广东 广州市") == ("广东省", "广州市")
    assert place("上海") == place("沪") == ("上海市", "上海市")
    assert [place(word) for word in ("朝阳区", "鼓楼", "外地", "", "NYC")] == [None] * 5


def test_the_code_of_an_id_number_names_the_city() -> None:
    assert city_of_code("310115") == ("上海市", "上海市")
    assert city_of_code("440305") == ("广东省", "深圳市")
    assert city_of_code("449900") == ("广东省", "")
    assert city_of_code("99") is None
