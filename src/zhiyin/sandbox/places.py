"""Where do the customers live, and what is their number? Cities, invented streets in them, and phone numbers that could be dialled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from zhiyin.sandbox.picks import Picks

__all__ = ["CITIES", "PHONES", "City", "address", "city_named", "masked_phone", "phone", "phone_written"]

# city | province | weight among the customers | climate (a name of weather.py) | districts
_CITIES = """
上海 | 上海市 | 120 | lower_yangtze | 浦东新区 徐汇区 静安区 闵行区 杨浦区 宝山区 松江区
北京 | 北京市 | 110 | north | 朝阳区 海淀区 丰台区 通州区 昌平区 大兴区 西城区
深圳 | 广东省 | 90 | south | 南山区 福田区 龙岗区 宝安区 罗湖区 龙华区
广州 | 广东省 | 90 | south | 天河区 越秀区 海珠区 番禺区 白云区 黄埔区
杭州 | 浙江省 | 80 | lower_yangtze | 西湖区 拱墅区 滨江区 余杭区 萧山区 上城区
成都 | 四川省 | 80 | basin | 武侯区 锦江区 青羊区 成华区 双流区 郫都区
重庆 | 重庆市 | 70 | gorge | 渝中区 江北区 南岸区 渝北区 沙坪坝区 九龙坡区
武汉 | 湖北省 | 60 | middle_yangtze | 武昌区 洪山区 江汉区 汉阳区 江夏区
苏州 | 江苏省 | 55 | lower_yangtze | 姑苏区 吴中区 虎丘区 相城区 吴江区
南京 | 江苏省 | 55 | lower_yangtze | 鼓楼区 玄武区 江宁区 建邺区 栖霞区
西安 | 陕西省 | 50 | loess | 雁塔区 碑林区 未央区 长安区 莲湖区
天津 | 天津市 | 45 | north | 和平区 南开区 河西区 西青区 津南区
郑州 | 河南省 | 45 | north | 金水区 中原区 二七区 管城回族区 惠济区
长沙 | 湖南省 | 45 | middle_yangtze | 岳麓区 雨花区 芙蓉区 开福区 天心区
青岛 | 山东省 | 35 | coast | 市南区 市北区 崂山区 城阳区 黄岛区
济南 | 山东省 | 30 | north | 历下区 市中区 槐荫区 历城区 天桥区
宁波 | 浙江省 | 35 | lower_yangtze | 海曙区 鄞州区 江北区 镇海区 北仑区
合肥 | 安徽省 | 35 | lower_yangtze | 蜀山区 包河区 庐阳区 瑶海区
福州 | 福建省 | 30 | southeast | 鼓楼区 台江区 仓山区 晋安区 马尾区
厦门 | 福建省 | 30 | southeast | 思明区 湖里区 集美区 海沧区 同安区
沈阳 | 辽宁省 | 35 | northeast | 和平区 沈河区 皇姑区 铁西区 浑南区
哈尔滨 | 黑龙江省 | 30 | far_north | 南岗区 道里区 香坊区 松北区 平房区
长春 | 吉林省 | 25 | far_north | 朝阳区 南关区 宽城区 绿园区
昆明 | 云南省 | 30 | plateau | 五华区 盘龙区 官渡区 西山区 呈贡区
南昌 | 江西省 | 25 | middle_yangtze | 东湖区 西湖区 红谷滩区 青山湖区
兰州 | 甘肃省 | 20 | loess | 城关区 七里河区 安宁区 西固区
"""
# Streets and estates are put together from these and invented; one or the other may exist somewhere by chance.
_FIRST, _SECOND = "晴望枫澄栖霁朗沁楠穗岚漪蔚旭芷皓", "岸禾溪川岭堤泉塘浦洲坪峪陌汀"
_ROADS = ("路", "路", "路", "街", "大道", "巷", "东路", "西路", "南路", "北路")
_ESTATES = ("花园", "家园", "雅苑", "公馆", "新村", "名邸", "小区", "华庭", "府")

# The numbers of 2026 in use with eleven digits: 45 beginnings, each with a hundred million numbers.
_RANGES = (
    (130, 139),
    (145, 145),
    (147, 147),
    (150, 153),
    (155, 159),
    (166, 166),
    (172, 173),
    (175, 178),
    (180, 191),
    (193, 193),
    (195, 196),
    (198, 199),
)
_BEGINNINGS = tuple(str(number) for first, last in _RANGES for number in range(first, last + 1))
_EACH = 10**8
PHONES = len(_BEGINNINGS) * _EACH  # so many integers have a number of their own
_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class City:
    """A city: its province, how many of the customers live there, its climate in weather.py, its districts."""

    name: str
    province: str
    weight: int
    climate: str
    districts: tuple[str, ...]


def _read(lines: str) -> tuple[City, ...]:
    rows = ([part.strip() for part in line.split("|")] for line in lines.strip().splitlines())
    return tuple(
        City(name, province, int(weight), climate, tuple(districts.split())) for name, province, weight, climate, districts in rows
    )


CITIES = _read(_CITIES)


@cache
def _by_name() -> MappingProxyType[str, City]:
    return MappingProxyType({city.name: city for city in CITIES})


def city_named(name: str) -> City:
    """The city of this name, one of CITIES."""
    return _by_name()[name]


def address(draw: int, city: str) -> str:
    """Where somebody lives, as written on a parcel.

    Example:
        >>> address(1, "杭州").startswith("浙江省杭州市")
        True
    """
    picks, place = Picks(draw, "address"), city_named(city)
    area = f"{place.name}市" if place.province == f"{place.name}市" else f"{place.province}{place.name}市"
    road = picks.of(_FIRST) + picks.of(_SECOND) + picks.of(_ROADS)
    estate = picks.of(_FIRST) + picks.of(_SECOND) + picks.of(_ESTATES)
    floor, door = picks.below(28) + 1, picks.below(4) + 1
    house = f"{picks.below(24) + 1}幢" + ("" if picks.below(3) else f"{picks.below(4) + 1}单元")
    return f"{area}{picks.of(place.districts)}{road}{picks.below(880) + 1}号{estate}{house}{floor}{door:02d}室"


def phone(n: int) -> str:
    """The mobile number of person `n`: another one for every integer below PHONES, eleven digits, spread over all beginnings.

    Multiplying by a number without a common factor goes round all of them once; in between the digits change places, so that
    neighbours look unlike at both ends.
    """
    turned = (int(n) % PHONES * 2_654_435_761 + 1_013_904_223) % PHONES
    high, low = divmod(turned, 10**4)
    turned = ((low * (PHONES // 10**4) + high) * 2_246_822_519 + 374_761_393) % PHONES
    beginning, rest = divmod(turned, _EACH)
    return f"{_BEGINNINGS[beginning]}{rest:08d}"


def masked_phone(number: str) -> str:
    """The number with four digits hidden, as a marketplace gives it: 138****5678."""
    return f"{number[:3]}****{number[-4:]}"


def phone_written(number: str, draw: int) -> str:
    """The same number as another hand or system writes it; it can be read back without loss."""
    first, middle, last = number[:3], number[3:7], number[7:]
    ways = (
        f"{first} {middle} {last}",
        f"{first}-{middle}-{last}",
        f"+86-{number}",
        f"+86 {first} {middle} {last}",
        f"86{number}",
        f"0086{number}",
        number.translate(_FULL),
        f" {number}",
    )
    return Picks(draw, "phone written").of(ways)
