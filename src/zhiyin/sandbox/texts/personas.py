"""How does each kind of customer speak? What they begin and end with, how they type, and how often their fingers slip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PERSONAS", "PLACES", "VOICES", "Voice", "why"]

PERSONAS = ("price", "function", "hesitant", "angry", "busy", "elderly", "warm", "plain")


@dataclass(frozen=True)
class Voice:
    """How one kind of customer speaks.

    Args:
        openers: manner -> patterns of what stands before the sentence, in brackets where one of several is said.
        endings: manner -> patterns of what stands after it.
        commas: what is typed for a comma within the sentence, one of these.
        asks: what is typed for the question mark at its end.
        slips: one sentence in so many holds a slip of the fingers or of spelling; 0: none does.
        dialect: one sentence in so many is said in the words of the town; 0: none is.
        longest: characters of the shortest form of a sentence that this person still has patience for; 0: any length.
    """

    openers: Mapping[str, str]
    endings: Mapping[str, str]
    commas: tuple[str, ...] = ("，", "，", " ")
    asks: tuple[str, ...] = ("？", "？", "", "?")
    slips: int = 12
    dialect: int = 6
    longest: int = 0


VOICES: Mapping[str, Voice] = MappingProxyType(
    {
        "price": Voice(
            {
                "ask": "||||问下，|想问一下，|老板，|请问|你好，|在吗，|诶，|你好，请问|先问清楚，",
                "say": "||||说实话，|讲真，|老板，|哎，|那个，|说真的，",
                "sour": "||||说真的，|我说，|气人，|花了钱的，|真是的，",
                "glad": "||||讲真，|说实话，|必须说，",
            },
            {
                "ask": "||||||，谢谢|哈|，谢啦|，等你回复|，麻烦了",
                "say": "||||||哈|，谢谢|，等你回复|，你看着办",
                "sour": "|||||，亏大了|，心疼钱|，算什么事|，说不过去吧",
                "glad": "|||||，划算|，值了|，下次有活动叫我",
            },
        ),
        "function": Voice(
            {
                "ask": "||||请问|咨询一下，|想确认一下，|有个问题，|问个细节，|请教下，|您好，",
                "say": "||||我的情况是，|说明一下，|坦白说，|客观讲，|补充一点，",
                "sour": "||||反馈一个问题：|反馈一下，|说个问题，|客观讲，|跟你反映下，",
                "glad": "||||客观评价，|用了一阵，|实测下来，",
            },
            {
                "ask": "||||||，谢谢|，请具体说明|，麻烦讲详细点|，我确认一下",
                "say": "||||||，谢谢|，请确认|，麻烦了",
                "sour": "|||||，请给个解释|，请尽快核实|，希望改进|，我有记录",
                "glad": "|||||，推荐|，继续保持|，符合预期",
            },
            commas=("，", "，", "，", " "),
            asks=("？", "？", "？", "?"),
            slips=24,
        ),
        "hesitant": Voice(
            {
                "ask": "|||那个，|嗯…|想问下，|不好意思，|请问一下，|额，|我再问下，|还有个问题，|再打扰一下，",
                "say": "|||嗯…|唉，|怎么说呢，|我觉得吧，|那个，|额，|其实吧，",
                "sour": "|||唉，|不是我挑剔，|我也不想这么说，|那个，|就是吧，",
                "glad": "|||嗯，|没想到，|之前还担心，",
            },
            {
                "ask": "|||||，不好意思啊|，我有点拿不准|，不太确定|…|，怕弄错|，谢谢|，问得有点多",
                "say": "|||||…|，唉|，不好意思啊|吧|，你别嫌烦",
                "sour": "|||||…|，有点失望|，怎么办啊|，心里没底|，唉",
                "glad": "|||||，放心了|，没后悔|，谢谢",
            },
            commas=("，", "，", "…", " "),
            slips=12,
        ),
        "angry": Voice(
            {
                "ask": "|||喂，|我问你，|麻烦快点，|赶紧的，|再问一遍，|哎，",
                "say": "|||我跟你说，|直说吧，|别废话，|听好了，|我说，",
                "sour": "|||搞什么，|我真服了，|无语，|什么情况，|离谱，|你们搞什么鬼，|我忍很久了，|开什么玩笑，",
                "glad": "|||这次还行，|总算，|难得，",
            },
            {
                "ask": "|||||，快点|，别磨蹭|，速回|，别让我等|，赶紧",
                "say": "|||||！|！！|，快点|，别墨迹|，听明白没",
                "sour": "||||！|！！|！！！|，给个说法！|，太过分了！|，投诉！|，真行啊你们|😡",
                "glad": "|||||，保持|，早这样不就好了",
            },
            commas=("，", " ", "！", "，"),
            asks=("？", "？？", "？？？", "?", "！"),
            slips=8,
            dialect=5,
        ),
        "busy": Voice(
            {"ask": "||||||急，|问下|hi，", "say": "||||||急，|简单说，", "sour": "||||||急，|简单说，", "glad": "|"},
            {
                "ask": "|||||||，急|，在线等|，速回|，谢",
                "say": "|||||||，在忙|，谢|，先这样",
                "sour": "||||||，尽快处理|，急用",
                "glad": "|||，谢",
            },
            commas=(" ", " ", "，"),
            asks=("", "", "？", "?"),
            slips=9,
            dialect=0,
            longest=14,
        ),
        "elderly": Voice(
            {
                "ask": "||请问一下，|麻烦问一下，|同志你好，|你好啊，|姑娘，我想问问，|小伙子，|我想打听一下，|不好意思打扰你，|您好，请问",
                "say": "||是这样的，|我跟你讲，|我想跟你说一下，|同志，|不瞒你说，|我们老年人嘛，|你好啊，",
                "sour": "||同志，|我跟你反映个情况，|是这样的，|我们老年人也不容易，|哎呀，|本来不想麻烦你们，|我说句实在话，",
                "glad": "||哎呀，|我跟你讲，|同志，|要表扬一下，",
            },
            {
                "ask": "|||，麻烦你了|，谢谢你啊|，辛苦你了|，不着急的|，我不大懂这些|，谢谢🙏|，给你添麻烦了",
                "say": "|||，麻烦你了|，谢谢啊|，辛苦了|，我们不大懂这些|，给你添麻烦了|🌹",
                "sour": "|||，请你们重视一下|，麻烦帮我解决一下|，谢谢|，唉，没办法|，希望你们改进|，年纪大了经不起折腾",
                "glad": "|||，谢谢你们👍|，祝你们生意兴隆|，好好|🌹|，谢谢啊|👍",
            },
            commas=("，", "，", "，", " ", "  "),
            asks=("？", "？", "。", "", "?"),
            slips=7,
            dialect=3,
        ),
        "warm": Voice(
            {
                "ask": "||哈喽，|亲，|亲爱的，|嗨，|{rep}，|小姐姐，|又来打扰啦，|在嘛，|宝，",
                "say": "||跟你说哦，|亲爱的，|嘿嘿，|{rep}，|话说，|哎呀，|亲，",
                "sour": "||哎，|亲，|唉，|不好意思说一句，|{rep}啊，|跟你吐槽一下，",
                "glad": "||哇，|哈哈，|亲，|必须夸夸，|{rep}，|来报喜，",
            },
            {
                "ask": "||||呀|呢，谢谢亲|，辛苦啦|😊|～|，爱你|，么么|，谢啦",
                "say": "||||～|😄|呀|啦|，辛苦啦|，么么",
                "sour": "|||||，帮帮忙呀|😭|，唉|，有点着急|，拜托啦",
                "glad": "|||～|❤️|😄|，爱了|，哈哈|，替你们宣传|👍",
            },
            commas=("，", "，", "～", " "),
            slips=14,
            dialect=4,
        ),
        "plain": Voice(
            {
                "ask": "|||||请问|你好，|问一下，|想问下，|在吗，|您好，|打扰下，",
                "say": "|||||你好，|那个，|是这样，|嗯，",
                "sour": "|||||你好，|反映个问题，|跟你们说下，|想投诉一下，",
                "glad": "|||||说下感受，|总的来说，",
            },
            {
                "ask": "|||||||，谢谢|，麻烦了|哈|呢",
                "say": "|||||||，谢谢|哈|，麻烦了",
                "sour": "||||||，麻烦处理一下|，希望尽快解决|，请处理|，唉",
                "glad": "||||||，谢谢|，会再来|，推荐",
            },
        ),
    }
)

# What bothers people who ask for a feature: (part of the feature's name, what they say), the first that fits.
_WHY: tuple[tuple[str, str], ...] = (
    ("静音|噪|安静|低音", "太吵了|声音太大|晚上吵得睡不着|嗡嗡响个不停|声音跟拖拉机似的"),
    ("节能|省电|变频|能效|一级", "太费电了|电费吓人|一个月电费好几百|电表转得飞快"),
    ("省水", "太费水了|水费涨了不少"),
    ("大容量|容量|大屏|大吸力|分量|量大|大份", "太小了不够用|每次都不够|总嫌小"),
    ("清洗|自清洁|好洗|免洗", "洗起来太麻烦|死角洗不到|清洗太费劲"),
    ("除菌|杀菌|抗菌|净化", "总担心有细菌|家里有孩子怕不干净|有股味道"),
    ("轻|便携|小巧|超薄|嵌入|省空间", "太占地方了|太重了搬不动|家里放不下"),
    ("智能|语音|远程|联网", "操作太麻烦|还得手动弄|人不在家管不了"),
    ("简单|易用|一键|好上手|老人", "太复杂了学不会|按钮太多|家里老人不会用"),
    ("批量|导入|导出", "一条一条录太慢|天天复制粘贴|手工弄太累"),
    ("报表|看板|统计|分析", "每个月手工做表太累|领导天天要数据|数据东一块西一块"),
    ("权限|加密|审计|数据安全", "谁都能看到不安全|上次资料差点泄露|管不住谁看了什么"),
    ("移动|手机|小程序", "出差在外面看不了|只能在电脑上弄"),
    ("接口|API|对接|集成|打通", "两套系统数据对不上|来回倒数据太累"),
    ("自动|审批|流程|提醒", "全靠人工盯着|老是有人忘|流程走得太慢"),
    ("稳定|流畅|不卡|耐用|可靠", "老是出问题|三天两头坏|一到关键时候就卡"),
    ("辣|清淡|少油|低盐|养生", "上次太辣了|家里老人孩子吃不了辣|最近上火|口味太重了"),
    ("包间|安静|环境", "大厅太吵|说话都听不清"),
    ("儿童|亲子|孩子", "带孩子不方便|孩子坐不住"),
    ("低脂|低糖|无糖|轻食|素", "最近在减肥|血糖有点高|太腻了"),
    ("快|即时|秒", "太慢了|每次都要等半天"),
    ("保本|稳健|低风险|安全", "亏怕了|不想担风险|心脏受不了波动"),
    ("灵活|随时|赎回|活期", "钱锁住用不了|急用的时候取不出来"),
    ("收益|利率|利息", "现在利息太低了|放着跑不赢物价"),
    ("费率|手续费|免费|低息", "手续费太高|每次都被扣钱"),
)


@cache
def why(feature: str) -> tuple[str, ...]:
    """What people complain of who wish for this feature; empty where we have no idea.

    Example:
        >>> why("静音")[0]
        '太吵了'
    """
    for parts, complaints in _WHY:
        if any(part in feature for part in parts.split("|")):
            return tuple(complaints.split("|"))
    return ()


# Town -> the dialect that may be heard there.
PLACES: Mapping[str, str] = MappingProxyType(
    {city: "chuanyu" for city in ("成都", "重庆", "绵阳", "德阳", "宜宾", "泸州", "南充", "乐山")}
    | {city: "dongbei" for city in ("沈阳", "大连", "长春", "哈尔滨", "吉林", "鞍山", "大庆", "齐齐哈尔")}
    | {city: "yue" for city in ("广州", "深圳", "佛山", "东莞", "珠海", "中山", "惠州", "江门", "香港", "澳门")}
    | {city: "wu" for city in ("上海", "苏州", "无锡", "杭州", "宁波", "嘉兴", "绍兴", "常州")}
)
