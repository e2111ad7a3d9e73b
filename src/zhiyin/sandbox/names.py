"""What is somebody called, and how else is it written? Names of people, invented, and what clerks and systems make of them."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from zhiyin.sandbox.picks import Picks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "address_of",
    "email_of",
    "full_width",
    "homophone",
    "masked",
    "masked_nick",
    "nickname",
    "person_name",
    "pinyin_nick",
    "romanised",
    "spaced",
    "surname_of",
    "traditional",
]

# Surname, its sound, and how many of ten thousand people bear it: rounded from what is generally known of the common ones.
_SURNAMES = """
王wang715 李li700 张zhang675 刘liu520 陈chen455 杨yang315 黄huang225 赵zhao205 吴wu200 周zhou195 徐xu145 孙sun140 马ma130 朱zhu126
胡hu125 郭guo115 何he110 林lin108 高gao105 罗luo100 郑zheng95 梁liang92 谢xie78 宋song75 唐tang74 许xu73 邓deng70 韩han70 冯feng70
曹cao66 彭peng65 曾zeng63 肖xiao60 田tian58 董dong57 潘pan56 袁yuan55 蔡cai55 蒋jiang53 余yu52 于yu50 杜du48 叶ye47 程cheng46 魏wei45
苏su45 吕lv44 丁ding43 任ren42 卢lu41 姚yao40 沈shen40 钟zhong39 姜jiang39 崔cui38 谭tan38 陆lu38 范fan37 汪wang36 廖liao35 石shi34
金jin34 韦wei33 贾jia33 夏xia32 付fu31 方fang31 邹zou30 熊xiong30 白bai30 孟meng29 秦qin29 邱qiu28 侯hou27 江jiang27 尹yin26 薛xue26
闫yan26 段duan25 雷lei25 龙long25 黎li24 史shi24 陶tao23 贺he23 毛mao23 郝hao22 顾gu22 龚gong22 邵shao21 万wan21 武wu20 钱qian20 戴dai20
严yan19 莫mo19 孔kong19 向xiang18 常chang18 汤tang17 康kang16 易yi16 乔qiao15 赖lai15 文wen15 施shi14 洪hong14 季ji13 庄zhuang13
温wen12 牛niu12 樊fan12 葛ge12 邢xing11 安an11 齐qi11 伍wu11 庞pang10 颜yan10 倪ni10 聂nie9 章zhang9 鲁lu9 岳yue9 翟zhai8 申shen8 欧ou8
耿geng8 关guan8 兰lan8 焦jiao7 俞yu7 左zuo7 柳liu7 祝zhu6 包bao6 宁ning6 尚shang6 符fu6 舒shu6 柯ke6 阮ruan5 纪ji5 梅mei5 童tong5 凌ling5
毕bi5 单shan4 裴pei4 霍huo4 涂tu4 成cheng4 苗miao4 谷gu4 盛sheng4 曲qu3 翁weng3 冉ran3 骆luo3 蓝lan3 路lu3 游you3 辛xin3 管guan3 柴chai3
蒙meng3 鲍bao3 华hua3 喻yu3 祁qi3 房fang3 傅fu12 阎yan4 萧xiao4 虞yu2 丘qiu2 芦lu1 宫gong2 穆mu2 项xiang3 代dai3 师shi1 晏yan1 闻wen1 赫he1
甘gan2 卫wei1 席xi1 缪miao1 解xie1 宗zong1 邬wu1 褚chu1 尤you2 戚qi1 屈qu2 米mi1 欧阳ouyang12 上官shangguan3 司马sima2 诸葛zhuge2
皇甫huangfu1 司徒situ1 夏侯xiahou1 慕容murong1 令狐linghu1 东方dongfang1 尉迟yuchi1 公孙gongsun1
"""
# Characters that sound the same, tone included: those of the given names and those that a clerk would write in their stead.
_SOUNDS = """
ai4 爱艾 | bao3 宝保 | bin1 斌彬宾滨 | bing1 兵冰 | bo1 波 | bo2 博勃 | cai2 才财 | cai3 彩采 | chang1 昌 | chang2 长常 | chao1 超 | chao2 潮
chen2 晨宸辰臣陈 | cheng2 成诚承城程呈 | chun1 春椿 | chun2 纯淳 | cui4 翠粹 | dan1 丹 | de2 德 | dong1 冬东 | dong4 栋 | e2 娥 | fa1 发 | fan1 帆
fan2 凡 | fang1 芳方 | fei1 菲飞非霏 | fei3 斐 | fen1 芬纷 | feng1 峰锋枫丰风烽 | feng4 凤奉 | fu2 福符芙 | fu4 富付 | gang1 刚钢纲 | gen1 根跟 | guang3 广
gui4 桂贵 | guo2 国帼 | hai3 海 | han2 涵函寒韩晗含 | hang2 航杭 | hao2 豪 | hao4 浩皓昊灏 | heng2 恒衡 | hong2 红宏洪鸿虹 | hua1 花 | hua2 华骅 | hua4 桦
hui1 辉晖挥徽 | hui4 惠慧蕙 | jia1 佳嘉家加 | jian4 建健剑 | jie2 洁杰捷婕节 | jin1 金今津 | jing1 晶菁 | jing3 景井憬 | jing4 静婧靖竞 | ju2 菊 | juan1 娟鹃
jun1 军君均钧 | jun4 俊峻骏竣 | kai3 凯楷恺 | ke1 珂科柯 | ke3 可 | ke4 克恪 | kun1 坤昆锟 | lan2 兰岚蓝澜 | lei2 雷 | lei3 蕾磊 | li4 丽立莉利俐力 | lian2 莲联连涟
liang2 良梁 | liang4 亮 | lin2 琳林霖临 | ling2 玲凌铃灵伶零菱 | long2 龙隆 | lu4 璐露路 | mei2 梅眉 | mei3 美 | mei4 媚 | meng2 萌蒙盟 | meng4 梦孟
min2 民旻 | min3 敏闽 | ming2 明铭鸣名茗 | mu4 沐木牧慕穆 | na4 娜纳 | ning2 宁凝 | peng2 鹏朋彭 | ping2 萍平苹坪屏 | qi2 琪淇祺琦其奇棋 | qi3 启起 | qian4 倩
qiang2 强蔷 | qiao3 巧 | qin2 琴勤芹秦 | qing1 清青卿轻 | qing2 晴情 | qing4 庆 | qiu1 秋丘 | ran2 然 | rong2 荣蓉容溶 | rui3 蕊 | rui4 瑞睿锐 | ruo4 若
sha1 莎沙纱 | shan1 珊姗山 | shao4 少绍邵 | sheng1 生升声 | sheng4 胜圣 | shi1 诗师施 | shi4 世仕士 | shu1 淑书舒姝殊叔 | shu4 树 | shuai4 帅 | si1 思斯丝司
su4 素肃 | tao1 涛滔韬 | tian1 天添 | tian2 田 | ting2 婷亭廷庭 | tong2 彤桐童同 | wan3 婉晚宛 | wei1 薇威微巍 | wei2 维唯惟 | wei3 伟炜玮苇纬 | wei4 卫蔚
wen2 文雯纹闻玟 | xi1 希曦西溪熙夕锡 | xia2 霞侠 | xia4 夏 | xiang1 香湘 | xiang2 祥翔详 | xiao3 晓小筱 | xin1 欣馨新鑫心昕辛 | xiu4 秀绣 | xu4 旭绪 | xuan1 萱轩宣瑄
xuan4 炫绚 | xue2 学 | xue3 雪 | ya3 雅 | ya4 亚 | yan2 妍言研岩颜炎延 | yan3 衍 | yan4 艳燕彦雁砚 | yang2 阳洋扬杨 | yao2 瑶遥尧姚 | yi1 依一伊 | yi2 怡宜仪
yi4 艺逸义奕亿毅谊轶忆易 | yin2 银吟 | ying1 英瑛樱 | ying2 莹盈滢迎 | ying3 颖影 | yong3 永勇咏泳 | yu2 瑜渝愉榆余 | yu3 雨语宇羽禹 | yu4 玉煜钰育昱誉裕郁 | yuan1 渊
yuan2 源元圆园 | yuan3 远 | yuan4 媛苑 | yue4 月悦越跃岳 | yun2 云芸耘 | yun4 韵运蕴 | ze2 泽择 | zhe2 哲喆 | zhen1 珍贞真臻桢 | zhen4 振震镇 | zheng4 正政郑
zhi1 之芝枝知 | zhi3 芷止 | zhi4 志智致治至挚 | zhong1 忠中钟衷 | zhu1 珠朱 | zi3 梓紫子籽
"""
# Surnames that sound the same, tone included.
_SAME_SURNAMES = "张章 江姜 余于俞虞 付傅 严颜闫阎 邱丘 程成 肖萧 贺赫 武伍 龚宫 文闻 施师 向项 戴代 卢芦 尤游 齐祁 兰蓝 陆路 谢解 卫魏"
# Simplified and traditional character, pair by pair.
_TRADITIONAL = """
万萬东東丝絲严嚴丰豐临臨丽麗义義乔喬书書云雲亚亞亿億仪儀伟偉侠俠兰蘭关關军軍冯馮凤鳳凯凱刘劉刚剛剑劍华華单單卢盧卫衛发發叶葉吕呂启啓吴吳园園国國圆圓圣聖声聲姗姍孙孫学學宁寧宝寶宫宮宾賓尧堯岚嵐帅帥师師帼幗广廣庄莊庆慶庞龐
张張彦彥忆憶恺愷悦悅扬揚择擇挚摯挥揮晓曉晖暉术術杨楊杰傑枫楓栋棟树樹桢楨桦樺梦夢樱櫻欧歐毕畢汤湯泽澤洁潔涛濤涟漣渊淵温溫滢瀅滨濱澜瀾灏灝灵靈炜煒爱愛玮瑋瑶瑤砚硯竞競红紅纪紀纬緯纯純纱紗纲綱纳納纷紛纹紋绍紹绚絢绣繡绪緒维維
缪繆罗羅聂聶联聯肃肅胜勝艳艷艺藝节節芦蘆苇葦苏蘇苹蘋荣榮莲蓮莹瑩萧蕭蒋蔣蓝藍蔷薔蕴蘊誉譽许許诗詩诚誠详詳语語诸諸谊誼谢謝谭譚贞貞财財贵貴贺賀贾賈赖賴赵趙跃躍轩軒轶軼轻輕辉輝运運远遠连連迟遲遥遙邓鄧邬鄔邹鄒郑鄭钟鍾钢鋼钧鈞
钰鈺钱錢铃鈴铭銘银銀锋鋒锐銳锟錕锡錫镇鎮长長闫閆闻聞闽閩阎閻阳陽陆陸陈陳静靜韦韋韩韓韬韜韵韻项項顾顧颖穎颜顏风風飞飛马馬骅驊骆駱骏駿鲁魯鲍鮑鸣鳴鸿鴻鹃鵑鹏鵬黄黃齐齊龙龍龚龔
"""


class _Generation(NamedTuple):
    """The fashion of names among those born until a year: first and second characters of women and men, percent with one only."""

    until: int
    women: tuple[str, str]
    men: tuple[str, str]
    single: int


_GENERATIONS = (
    _Generation(
        1961,
        ("秀玉桂淑凤素翠月爱惠美春金兰巧银彩莲文", "英兰珍芳香莲梅华贞菊娥琴云芬花霞荣秀凤"),
        ("建德志国文福长金永庆富树清成学家忠玉世正", "国华明军生祥林海荣根宝贵义春良民发才平昌"),
        15,
    ),
    _Generation(
        1979,
        ("丽晓小建红秀春海艳玉亚雪慧文淑云燕爱冬立", "丽敏静艳红霞娟燕萍玲芳华英梅琴芬琳平丹洁雪莉娜蓉慧莹"),
        ("志建国海永俊文新庆立红卫利晓小宏春东广少", "伟强军勇平涛斌波辉刚健明东华峰杰林鹏兵飞民生良"),
        32,
    ),
    _Generation(
        1994,
        ("晓丽雅佳小梦思雪文海静婷亚慧美娜晶倩莹艳", "婷静丽娜雪莹颖倩洁琳晶慧敏雯瑶璐妍薇蕾媛丹莎菲萌娟芳玲"),
        ("志俊晓文海明鹏宇佳浩子伟建国永少振世家立", "伟磊鹏杰超涛浩鑫凯亮飞龙帅峰博健阳斌旭宁威锋凡洋翔坤"),
        28,
    ),
    _Generation(
        9999,
        ("欣梦雨嘉佳雅诗语梓思可紫若依芷晨艺子静一婉沐书", "怡婷涵萱琪瑶悦妍馨彤希宁曦琳雯萌菲颖淇瑜祺琦蕊韵"),
        ("子浩宇泽俊博嘉铭皓梓逸瑞雨哲思天明文家一书景沐", "轩涵泽昊晨睿奕霖航宸豪辰源煜杰阳铭然博远恒凯瑞轩"),
        12,
    ),
)
# What is drawn before and after in the nicknames of a marketplace.
_NICK_WORDS = (
    "小鱼",
    "橘子",
    "云朵",
    "柠檬",
    "阿布",
    "土豆",
    "月牙",
    "南瓜",
    "芝麻",
    "豆包",
    "麦子",
    "石榴",
    "松果",
    "青柠",
    "奶盖",
    "团子",
)
_NICK_ENDS = ("爱喝茶", "吃饼干", "不熬夜", "去看海", "mm", "_happy", "的小店", "在路上", "晒太阳", "妈妈")
_DOMAINS = ("qq.example", "163.example", "mail.example")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def person_name(draw: int, *, woman: bool, born: int) -> str:
    """A name as it is in the identity card.

    Example:
        >>> person_name(1, woman=True, born=1988)[0] in "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹"
        True
    """
    picks, fashion = Picks(draw, "name"), next(part for part in _GENERATIONS if born <= part.until)
    surnames, weights = _surname_weights()
    surname = surnames[picks.weighted(weights)]
    firsts, seconds = fashion.women if woman else fashion.men
    last = picks.of(seconds)
    if picks.below(100) < fashion.single:
        return surname + last
    first = picks.of(firsts)
    return surname + (last if first == last and not woman else first + last)


def surname_of(name: str) -> str:
    """The first one or two characters: 王, 欧阳."""
    return name[:2] if len(name) > 2 and name[:2] in _surnames() else name[:1]


def homophone(name: str, draw: int) -> str:
    """The name with one character taken for another of exactly the same sound; unchanged where none of its characters has such a one."""
    surname = surname_of(name)
    same = [_same_surnames().get(surname, ""), *(_sounds()[mark][1] if mark in _sounds() else "" for mark in name[len(surname) :])]
    parts = [surname, *name[len(surname) :]]
    places = [place for place, others in enumerate(same) if set(others) - {parts[place]}]
    if not places:
        return name
    picks = Picks(draw, "homophone")
    # A clerk asks how a surname is written, and guesses the rest: the surname is mistaken a third as often.
    place = picks.of([place for place in places for _ in range(1 if place == 0 else 3)])
    parts[place] = picks.of([mark for mark in same[place] if mark != parts[place]])
    return "".join(parts)


def traditional(name: str) -> str:
    """The name in traditional characters: 張偉 for 张伟."""
    return name.translate(_to_traditional())


def nickname(name: str, draw: int, *, woman: bool) -> str:
    """What colleagues or friends say: 小王, 老王, 王姐, 丽丽, 阿丽."""
    surname, last = surname_of(name), name[-1]
    ways = [f"小{surname}", f"老{surname}", f"{surname}姐" if woman else f"{surname}哥", f"阿{last}", f"{last}{'姐' if woman else '哥'}"]
    if woman:
        ways += [last * 2, f"小{last}"]
    return Picks(draw, "nickname").of(ways)


def address_of(name: str, *, woman: bool) -> str:
    """How a salesperson speaks to somebody: 王姐, 王先生."""
    return surname_of(name) + ("姐" if woman else "先生")


def masked(name: str, draw: int) -> str:
    """The name as a marketplace shows it: 王**, *丽, 王*."""
    surname = surname_of(name)
    return Picks(draw, "masked").of((f"{surname}**", f"{surname}{'*' * (len(name) - len(surname))}", f"{'*' * (len(name) - 1)}{name[-1]}"))


def full_width(text: str) -> str:
    """The text with wide letters, digits and signs, as an old input method types them."""
    return "".join("\u3000" if mark == " " else chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


def spaced(name: str) -> str:
    """The name with a space after the surname: 王 丽."""
    surname = surname_of(name)
    return f"{surname} {name[len(surname) :]}"


def romanised(name: str) -> str:
    """The name in pinyin without tones, as in an address of mail: wangli; lü is lv."""
    surname = surname_of(name)
    sounds = [_sounds()[mark][0] if mark in _sounds() else _surnames().get(mark, ("", 0))[0] for mark in name[len(surname) :]]
    return _surnames()[surname][0] + "".join(sounds)


def email_of(name: str, number: int, *, born: int) -> str:
    """An address of mail that nobody has, under a name reserved for examples.

    Args:
        name: name of the person.
        number: number of the person; two numbers below 1.6 million never share an address.
        born: year of birth.

    Example:
        >>> email_of("王丽", 5, born=1987).endswith(".example")
        True
    """
    picks = Picks(number, "email")
    domain = _DOMAINS[picks.weighted((5, 3, 2))]
    if domain == "qq.example":
        return f"{int(number) * 7_654_321 % 900_000_001 + 100_000_000}@{domain}"
    code, rest = "", int(number) * 1_000_003 % 36**4
    for _ in range(4):
        rest, digit = divmod(rest, 36)
        code = _DIGITS[digit] + code
    return f"{romanised(name)}{picks.of(('', '.', '_'))}{born % 100:02d}{code}@{domain}"


def pinyin_nick(draw: int) -> str:
    """What a buyer of a marketplace is called there: liuyang_1987, tb48213377, 小鱼去看海."""
    picks = Picks(draw, "nick")
    name = romanised(person_name(draw, woman=bool(picks.below(2)), born=1980 + picks.below(25)))
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"{name}_{1975 + picks.below(32)}",
        lambda: f"{name}{picks.below(1000)}",
        lambda: f"tb{picks.below(10**9)}",
        lambda: f"{picks.of(_NICK_WORDS)}{picks.of(_NICK_ENDS)}",
        lambda: f"{picks.of(_NICK_WORDS)}{picks.below(100):02d}",
    )
    return picks.of(ways)()


def masked_nick(nick: str) -> str:
    """The nick as an order shows it: first and last sign only, t**8."""
    return f"{nick[0]}**{nick[-1]}"


@cache
def _surnames() -> Mapping[str, tuple[str, int]]:
    """Surname -> (sound, weight)."""
    found = re.findall(r"([\u4e00-\u9fff]+)([a-z]+)(\d+)", _SURNAMES)
    return MappingProxyType({surname: (sound, int(weight)) for surname, sound, weight in found})


@cache
def _surname_weights() -> tuple[tuple[str, ...], tuple[int, ...]]:
    return tuple(_surnames()), tuple(weight for _, weight in _surnames().values())


@cache
def _sounds() -> Mapping[str, tuple[str, str]]:
    """Character of a given name -> (sound without tone, all characters of the same sound and tone)."""
    groups = re.findall(r"([a-z]+)[1-4] ([\u4e00-\u9fff]+)", _SOUNDS)
    return MappingProxyType({mark: (sound, marks) for sound, marks in groups for mark in marks})


@cache
def _same_surnames() -> Mapping[str, str]:
    return MappingProxyType({mark: group for group in _SAME_SURNAMES.split() for mark in group})


@cache
def _to_traditional() -> Mapping[int, str]:
    pairs = _TRADITIONAL.replace("\n", "")
    return MappingProxyType({ord(pairs[place]): pairs[place + 1] for place in range(0, len(pairs), 2)})
