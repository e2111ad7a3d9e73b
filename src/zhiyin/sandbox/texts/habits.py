"""What happens to a sentence on its way through the fingers: slips, the words of the town, Traditional characters?"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DIALECTS", "SLIPS", "in_dialect", "slipped", "traditional"]

# Right > wrong: what people confuse by ear or by the wrong key of a pinyin keyboard. Slots are Latin words and stay as they are.
_CONFUSED = (
    "再>在 在>再 的时候>得时候 做得>做的 做>作 得很>的很 什么时候>什么时侯 已经>己经 安装>按装 账号>帐号 登录>登陆 账户>帐户 发票>发飘 "
    "优惠>优慧 便宜>便易 质量>质亮 退款>推款 快递>快第 怎么>怎莫 怎么>则么 那个>哪个 哪里>那里 哪个>那个 没有>没油 没有>莫有 "
    "知道>只道 客服>客府 师傅>师付 师傅>师父 抱歉>报歉 麻烦>麻凡 谢谢>谢射 谢谢>榭榭 包间>包箱 赎回>熟回 利率>利律 利息>利西 收益>受益 "
    "到账>到帐 价格>价个 活动>活洞 推荐>推建 满意>满义 态度>太度 投诉>头诉 解决>解绝 处理>处里 现在>现再 能不能>能不嫩 是不是>是不事 "
    "一下>一吓 有点>由点 贵了>桂了 期待>其待 应该>因该 续费>续废 取消>取肖 订单>定单 预订>预定 预约>予约 消息>消吸 评价>平价 购买>够买 "
    "物流>物留 发货>发或 发货>法货 太慢>太漫 还没>孩没 还有>孩有 多久>多就 链接>连接 试用>使用 接口>借口 合同>和同 席位>席未 "
    "等了>登了 味道>未道 上菜>上才 分量>份量 服务员>服物员 打算>大算 家里>加里 而且>而切 真的>真得 觉得>觉的 说得>说的 吵得>吵的 忙得>忙的 "
    "不需要>不须要 联系>连系 骗子>偏子 电话>电活 什么>甚么 怎么样>咋样 没问题>没文题 可以>可已"
)
SLIPS = tuple((pair.split(">")[0], pair.split(">")[1]) for pair in _CONFUSED.split())

# Dialect -> (standard, as it is said there), in this order.
DIALECTS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        name: tuple((pair.split(">")[0], pair.split(">")[1]) for pair in words.split())
        for name, words in {
            "chuanyu": "为什么>为啥子 干什么>做啥子 什么>啥子 怎么样>咋样 怎么>咋个 没有>没得 不知道>晓不得 知道>晓得 哪里>哪点 聊天>摆龙门阵 很好>巴适 "
            "挺好>巴适 老婆>婆娘 特别>硬是 便宜点>相因点 有没有>有没得 多少钱>好多钱 快点>搞快点 骗人>豁人 "
            "行不行>要得不 不行>要不得 生气>冒火 太差>太撇 好了没>好了没得",
            "dongbei": "为什么>为啥 干什么>干哈 什么>啥 怎么回事>咋回事 怎么>咋 特别>老 很好>老好了 挺好>贼好 太贵了>贼贵 太慢了>贼慢 太吵了>老吵了 "
            "聊聊>唠唠 家里>家里头 非常>嘎嘎 骗人>忽悠人 别墨迹>别磨叽 生气>来气 这么>这老 那么>那老 "
            "昨天>昨儿 今天>今儿 明天>明儿",
            "yue": "为什么>点解 什么时候>几时 什么>咩 怎么样>点样 怎么>点样 有没有>有冇 没有>冇 多少钱>几多钱 现在>而家 谢谢>唔该 不用>唔使 不要>唔要 "
            "不知道>唔知 是不是>系咪 知道>知 漂亮>靓 便宜>平 刚才>头先 这个>呢个 那个>嗰个 很好>好好 家里>屋企 老板>老细 吃饭>食饭 "
            "一起>一齐 今天>今日 明天>听日 昨天>寻日",
            "wu": "什么>啥 怎么样>哪能 怎么>哪能 为什么>为啥 有没有>有伐 很好>蛮好 挺好>蛮好 不错>蛮灵 吗？>伐？ 不知道>勿晓得 知道>晓得 谢谢你>谢谢侬 "
            "特别>交关 聊天>讲闲话 厉害>结棍 自己>自家 太慢>忒慢 太贵>忒贵 太吵>忒吵 太差>忒差",
        }.items()
    }
)

# Simplified and Traditional, character for character, as far as our own sentences need it.
_SIMPLIFIED = (
    "万专业东丢两严个丰临为举么义乐习书买乱争于亏产亲从仓们价众优伙会传伤体余侬俩债偿储儿党关兴养内写冲决况冻净准凉减凑几凭击划则刚创删别办务动劲势区医协单卖占厂厅厉压厨参双发变叠号叽后吓吗听启呗员咨咸响哒哟唠喽团国图场坏块墙声壳处备复够头夸夹奖"
    "妇妈孙学宁宝实审宽宾对寻导将尔尝尽层属师帐带帮干广庆库应废开异张弯强归当录彻征态总恶恼惊惯愿户托执扩扫扬扰抢护报担择挂挣损换据携摆数断无旧时显晒晓暂术机杀杂权条来柜标样档检楼槛欢气汇汤没泸洁洒测涨滚满滤滨灯灵炉点烂烦热爱犹独环现电畅盐盖盗盘"
    "瞒码础确礼离种积称税稳笔签简类紧纠红约级纪纸线细终绍经绑结绕给绝统继绩续维绵绿缓缘缩缴网职联胁胜脏脑脸腻腾节苏荐营虑虚虫蛮补装见观规视觉计订认讨让训议记讲论设访证评识诈诉词试诚话询该详语误说诶请诺读谁调谈谋谓谢谱负财责败账货质购贴贵贷费贼资"
    "赎赔赚赞赠赢赶车转软轻载较输边达迁过运还这进远违连迹适选递遥邮邻酱采释里鉴钉钟钮钱银链销锁错锡键镜长门闪问闲间闸阅阔队阳阵阶际陆险随隐难霉靓静页顶项顺须顾顿预领频题颜额风飘飞饥饭饿馈马驳驿验骑骗骚骤鱼鲜鸽黄齐龙"
)
_TRADITIONAL = (
    "萬專業東丟兩嚴個豐臨為舉麼義樂習書買亂爭於虧產親從倉們價眾優夥會傳傷體餘儂倆債償儲兒黨關興養內寫衝決況凍淨準涼減湊幾憑擊劃則剛創刪別辦務動勁勢區醫協單賣佔廠廳厲壓廚參雙發變疊號嘰後嚇嗎聽啟唄員諮鹹響噠喲嘮嘍團國圖場壞塊牆聲殼處備復夠頭誇夾獎"
    "婦媽孫學寧寶實審寬賓對尋導將爾嘗盡層屬師帳帶幫幹廣慶庫應廢開異張彎強歸當錄徹徵態總惡惱驚慣願戶託執擴掃揚擾搶護報擔擇掛掙損換據攜擺數斷無舊時顯曬曉暫術機殺雜權條來櫃標樣檔檢樓檻歡氣匯湯沒瀘潔灑測漲滾滿濾濱燈靈爐點爛煩熱愛猶獨環現電暢鹽蓋盜盤"
    "瞞碼礎確禮離種積稱稅穩筆籤簡類緊糾紅約級紀紙線細終紹經綁結繞給絕統繼績續維綿綠緩緣縮繳網職聯脅勝髒腦臉膩騰節蘇薦營慮虛蟲蠻補裝見觀規視覺計訂認討讓訓議記講論設訪證評識詐訴詞試誠話詢該詳語誤說誒請諾讀誰調談謀謂謝譜負財責敗賬貨質購貼貴貸費賊資"
    "贖賠賺贊贈贏趕車轉軟輕載較輸邊達遷過運還這進遠違連跡適選遞遙郵鄰醬採釋裡鑒釘鍾鈕錢銀鏈銷鎖錯錫鍵鏡長門閃問閒間閘閱闊隊陽陣階際陸險隨隱難黴靚靜頁頂項順須顧頓預領頻題顏額風飄飛飢飯餓饋馬駁驛驗騎騙騷驟魚鮮鴿黃齊龍"
)
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
