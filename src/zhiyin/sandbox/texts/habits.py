"""What happens to a sentence on its way through the fingers: slips, the words of the town, Traditional characters?"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DIALECTS", "SLIPS", "in_dialect", "slipped", "traditional"]

# (right, wrong): what people confuse by ear or by the wrong key of a pinyin keyboard. Slots are Latin words and stay as they are.
SLIPS: tuple[tuple[str, str], ...] = tuple(
    (pair.split(">")[0], pair.split(">")[1])
    for pair in (
        "再>在 在>再 的时候>得时候 做得>做的 做>作 得很>的很 什么时候>什么时侯 已经>己经 安装>按装 账号>帐号 登录>登陆 账户>帐户 发票>发飘 "
        "优惠>优慧 便宜>便易 便宜>便意 质量>质亮 退款>推款 快递>快第 怎么>怎莫 怎么>则么 那个>哪个 哪里>那里 哪个>那个 没有>没油 没有>莫有 "
        "知道>只道 客服>客府 师傅>师付 师傅>师父 抱歉>报歉 麻烦>麻凡 谢谢>谢射 谢谢>榭榭 包间>包箱 赎回>熟回 利率>利律 利息>利西 收益>受益 "
        "到账>到帐 价格>价个 活动>活洞 推荐>推建 满意>满义 态度>太度 投诉>头诉 解决>解绝 处理>处里 现在>现再 能不能>能不嫩 是不是>是不事 "
        "一下>一吓 有点>由点 贵了>桂了 期待>其待 应该>因该 续费>续废 取消>取肖 订单>定单 预订>预定 预约>予约 消息>消吸 评价>平价 购买>够买 "
        "物流>物留 发货>发或 发货>法货 太慢>太漫 还没>孩没 还有>孩有 多久>多就 付款>付欸 链接>连接 试用>使用 接口>借口 合同>和同 席位>席未 "
        "等了>登了 味道>未道 上菜>上才 分量>份量 服务员>服物员 打算>大算 家里>加里 而且>而切 真的>真得 觉得>觉的 说得>说的 吵得>吵的 忙得>忙的 "
        "不需要>不须要 联系>连系 骗子>偏子 电话>电活 不知道>不造 什么>神马 什么>甚么 这样>酱紫 怎么样>咋样 没问题>木问题 可以>可已 可以>阔以"
    ).split()
)

# Dialect -> (standard, as it is said there), in this order.
DIALECTS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        name: tuple((pair.split(">")[0], pair.split(">")[1]) for pair in words.split())
        for name, words in {
            "chuanyu": "为什么>为啥子 干什么>爪子 什么>啥子 怎么>咋个 没有>没得 不知道>晓不得 知道>晓得 哪里>哪点 聊天>摆龙门阵 很好>巴适 "
            "挺好>巴适 麻烦>恼火 老婆>婆娘 特别>硬是 便宜点>相因点 有没有>有没得 多少钱>好多钱 几天>好多天 这样>勒个样子 快点>搞快点 骗人>豁人 "
            "行不行>要得不 不行>要不得 生气>冒火 太差>太撇 太慢>慢得很 好了没>好了没得",
            "dongbei": "为什么>为啥 干什么>干哈 什么>啥 怎么回事>咋回事 怎么>咋 特别>老 很好>老好了 挺好>贼好 太贵>贼贵 太慢>贼慢 太吵>老吵了 "
            "知道>知道哈 麻烦>费劲 没事>没毛病 聊聊>唠唠 家里>家里头 非常>嘎嘎 不行>不中 骗人>忽悠人 别墨迹>别磨叽 生气>来气 这么>这老 那么>那老 "
            "膈应>各应 自己>个人 昨天>昨儿 今天>今儿 明天>明儿",
            "yue": "为什么>点解 什么时候>几时 什么>咩 怎么>点样 有没有>有冇 没有>冇 多少钱>几多钱 现在>而家 谢谢>唔该 不用>唔使 不要>唔要 "
            "不知道>唔知 是不是>系咪 知道>知 漂亮>靓 便宜>平 刚才>头先 这个>呢个 那个>嗰个 很好>好好 可以>得 家里>屋企 老板>老细 吃饭>食饭 "
            "一起>一齐 今天>今日 明天>听日 昨天>寻日",
            "wu": "什么>啥 怎么>哪能 为什么>为啥 没有>没 很好>蛮好 挺好>蛮好 不错>蛮灵 吗？>伐？ 知道>晓得 不知道>勿晓得 有没有>有伐 谢谢>谢谢侬 "
            "特别>交关 这个>个个 聊天>讲闲话 现在>现在伐 便宜>便宜点伐 厉害>结棍 自己>自家 太慢>忒慢 太贵>忒贵 太吵>忒吵 太差>忒差 麻烦>烦难",
        }.items()
    }
)

# Simplified and Traditional, character for character, as far as our own sentences need it.
_SIMPLIFIED = ""
_TRADITIONAL = ""
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def slipped(text: str, draw: int) -> str:
    """A sentence with one slip in it, where there is a word that invites one; the place and the word follow from `draw`."""
    inviting = [pair for pair in SLIPS if pair[0] in text]
    if not inviting:
        return text
    right, wrong = inviting[draw % len(inviting)]
    return text.replace(right, wrong, 1)


def in_dialect(text: str, dialect: str) -> str:
    """A sentence in the words of a town."""
    for standard, there in DIALECTS[dialect]:
        if standard in text:
            text = text.replace(standard, there)
    return text


def traditional(text: str) -> str:
    """A sentence in Traditional characters."""
    return text.translate(_TO_TRADITIONAL)
