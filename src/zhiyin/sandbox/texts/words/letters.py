"""What do customers write in a mail? The parts of a letter, one block a topic; the headings name the part and, after a dot, the kind of company."""

from __future__ import annotations

__all__ = ["LETTERS", "LETTERS_EN"]

LETTERS: dict[str, str] = {
    "order_question": """
@subject
[咨询|请教][订单问题|订单进度]
[关于|询问]{product}的[订单|发货情况|到货时间]
[订单|上次的订单][进度|状态]查询
请帮忙[查一下订单|看下我的订单]
@open
您好：
你好，
[客服您好|客服你好]，
{rep}你好，
@body
我[{days}天前|前几天|上周][下了单|订了{product}]，[到现在没有收到任何通知|不知道进行到哪一步了|想了解一下进度]。
[想问一下|请问]{product}的订单[处理得怎么样了|现在是什么状态|大概还要多久]？[页面上一直没有变化。|查了几次都没更新。|]
我订的{product}[显示已受理|状态一直没变]，[但是没有下文|之后就没有消息了]，[麻烦帮我核实一下|请帮忙看看]。
[我在你们{shop}|之前在你们这里][订的|买的]{product}，[想改一下数量|想改一下信息|想确认一下明细]，[不知道还来得及吗|请问怎么操作]？
@body.appliances
{product}[付款{days}天了还没有发货|物流停在{city}好几天了]，[家里等着用|正赶上装修]，[麻烦催一下仓库|请帮忙查查到哪了]。
安装时间[约的是周末|一直没人联系我]，[想确认师傅哪天来|想改到下周]，[家里需要留人|我要提前请假]。
@body.saas
我们[付款后|合同回传后]{days}天了，[账号还没有开通|新增的席位还没有生效|接口权限没有下来]，[项目组在等|影响上线计划]，请[尽快处理|告知时间]。
@body.restaurant
我们预订了[周六晚上|下周五中午]的[包间|两桌]，[人数有变化|想确认一下菜单|想改个时间]，[请回复是否可以|麻烦帮忙调整]。
@body.finance
我[{days}天前|上周]申请的[赎回|转账|购买{product}]，[至今没有到账|还显示处理中|没有收到确认短信]，请帮忙[查询|核实]。
@ask
[麻烦尽快回复|盼复|请尽快告知]。
[方便的话请回个邮件|有结果请邮件告诉我]，[谢谢|电话也可以]。
[不急，有空看一下就行|今天能回复最好]。
@close
谢谢！
[辛苦了|麻烦你们了]，[谢谢|祝工作顺利]。
祝好
此致敬礼！
""",
    "complaint": """
@subject
投诉：[{product}的问题|服务问题|处理太慢]
[投诉|反映][售后问题|服务态度|质量问题]
[关于{product}的投诉|对你们的服务很失望|要求处理]
[第二次反映|再次反映]：[请给个说法|问题一直没解决]
@open
[你好|您好]：
[客服|负责人][您好|你好]，
[贵司负责人|相关负责同志]：
@body
我[{days}天前|上周|前几天]反映过{product}的问题，[到现在没有人联系我|客服只说在处理|每次的说法都不一样]，[我对此非常不满|实在不能接受]。
[{product}用了{days}天就出问题|{product}完全不是宣传的那样]，[打电话没人接|联系客服态度敷衍]，[我不明白你们是怎么管理的|太让人失望了]。
[说好{days}天解决|承诺的时间]早就过了，[一拖再拖|没有一个人主动说明]，[耽误了我很多时间|给我造成了损失]。
[作为老客户|用了你们这么多年]，[我一直很信任你们|以前从来没投诉过]，[但这次的处理实在说不过去|这次真的寒心]。
@body.appliances
[机器噪音大到晚上没法睡|刚买的机器就漏水|安装师傅把墙面弄坏了]，[师傅来了两次都说正常|没有一个人负责]，[视频和照片我都留着|我要求换新]。
@body.saas
[系统这个月已经中断三次|接口改动没有提前通知|报表数据一直对不上]，[客户投诉到我们这里|我们的业务受到影响]，[请按合同给出说明|要求书面答复]。
@body.restaurant
[菜里吃出异物|等了一个半小时才上菜|订好的包间被临时取消]，[那天是老人生日|客人都在场]，[非常尴尬|全家都很扫兴]。
@body.finance
[账户被多扣了一笔费用|赎回款迟迟没到账|当初的介绍与合同不符]，[网点让打电话，电话让去网点|没有人给出解释]，[请书面答复|保留向监管反映的权利]。
@ask
请[{days}天内|三天内|尽快]给我[答复|处理结果|一个说法]，[否则我会向有关部门投诉|不然我只能退款|否则不再合作]。
我的要求：[退款|换新|道歉并说明原因|赔偿损失]。[希望你们重视|请认真处理]。
[我不想听套话|不要再发模板回复]，[请能做主的人联系我|请给具体的方案]。
@close
[等你们的答复|请回复|盼复]。
一位[失望的|老]客户
此致敬礼
""",
    "quotation": """
@subject
[询价|报价请求]：{product}
[采购询价|请报价]
[关于{category}的|我司][采购需求|询价]
求[一份|]{product}[报价单|方案和报价]
@open
[您好|贵司您好]：
{rep}[经理|]，您好：
[尊敬的供应商|销售同事]，您好：
@body
我司[近期|计划下个月|年底前]需要采购{category}，[看到贵司有{product}|对贵司的{product}比较感兴趣]，[请提供报价|想了解价格和交付周期]。
[因公司业务扩大|根据今年预算|受领导委托]，[现对{category}进行询价|需要对比三家方案]，请[提供{product}的详细报价|附上资质和案例]。
我们是[一家做贸易的公司|一家连锁企业|本地的小企业]，[第一次联系贵司|朋友推荐过来的]，[想了解{product}批量的价格|请问企业采购有什么政策]。
[之前合作过一次|去年采购过]，[这次需求量大一些|这次想再谈谈]，[价格上希望有优惠|请给出最优价]。
@body.appliances
[办公室|员工宿舍|新店]需要{category}[十台|二十台左右|一批]，[要求{feature}|含安装和保修]，送货地在{city}，[请报含税价|请注明交期]。
@body.saas
我们[五十人左右|三个部门]使用，[需要{feature}|要对接现有系统|需要私有部署]，请[按年报价|分席位和实施两部分报价]，[并安排一次演示|附上接口文档]。
@body.restaurant
公司[年会|团建|客户答谢]计划在[月底|下个月]，[六桌左右|五十人]，[每桌预算{price}左右|需要投影和包间]，请[发套餐菜单和报价|告知可选日期]。
@body.finance
公司[有一笔闲置资金|流动资金紧张]，[想了解对公理财|想咨询经营贷款]，请[提供产品说明和费率|安排客户经理对接]。
@ask
请于[{days}天内|本周内|周五前]回复，[谢谢|以便我们走流程]。
[报价请含税|请注明付款方式和账期|请附合同模板]，[如有疑问可邮件沟通|必要时可以面谈]。
[价格合适我们会尽快定|确定后月内付款]。
@close
顺颂商祺！
祝商祺
[期待合作|期待您的回复]。
""",
    "renewal": """
@subject
[关于|咨询]{product}[续费|续约|到期]
[续约事宜|续费报价|到期续费咨询]
@open
[您好|你好]：
{rep}[您好|，你好]：
@body
我们的{product}[还有{days}天到期|快到期了]，[想了解续费价格|请发一份续约报价]，[条件和去年一样吗|是否有老客户优惠]？
[收到到期提醒|看到邮件了]，[我们打算继续使用|内部基本同意续约]，[但价格希望再谈谈|请把合同先发过来]。
关于续费，[我们还在评估|领导还没有定]，[主要是使用率不高|主要是价格涨了不少]，[请说明一下涨价原因|有没有更小的套餐]。
[到期之后我们不打算续了|这次决定不续约]，[请告知后续流程|麻烦确认不会自动扣费]，[感谢一直以来的服务|以后有需要再联系]。
@body.saas
席位[想从二十个减到十五个|需要增加五个]，[请按新数量报价|单价能否不变]，[发票信息不变|合同主体要更换]。
@body.finance
{product}[下周到期|{days}天后到期]，[想转存|想换一款期限短的]，请[告知目前的利率|推荐合适的产品]。
@body.appliances
[延保|保养套餐]{days}天后到期，[还想续两年|想知道含不含滤芯]，请[告知价格|发个续费链接]。
@body.restaurant
我们公司的[工作餐|会员卡]月底到期，[下个月人数有变化|想继续订]，请[更新一下报价|确认价格是否不变]。
@ask
请[尽快回复|本周内给个答复]，[我们好走付款流程|以免影响使用]。
[麻烦了|盼复]，[谢谢|等你消息]。
@close
祝好！
[谢谢|感谢配合]。
顺祝商祺
""",
    "invoice": """
@subject
[开票申请|申请开具发票|补开发票]
[发票|{product}的发票][问题|还没有收到]
[请重开发票|催一下发票]
@open
[财务您好|您好]：
你好，
@body
[上个月|{days}天前]购买的{product}[还没有收到发票|需要开具发票]，金额{price}元，[请开电子发票|请开专票]，[开票资料见附件|抬头同上次]。
[收到的发票抬头有误|发票金额和实际付款不一致|税率开错了]，[请作废重开|麻烦核对后重新开具]，[原票我这边没有入账|需要我寄回吗]？
[我们月底关账|公司报销有时限]，[发票请在{days}天内发过来|麻烦加急处理]，[晚了就要跨期了|否则没法付尾款]。
[请问消费明细能否一起提供|能否按部门分开开票]？[我们内部要分摊|审计需要]。
@ask
[开好请发到这个邮箱|麻烦回复确认]，[谢谢|辛苦了]。
[请尽快|盼复|急用]。
@close
谢谢！
[辛苦财务同事|麻烦了]。
祝工作顺利
""",
}

LETTERS_EN: dict[str, str] = {
    "order_question": """
@subject
[Question about|Status of] my order[ of {product}|]
[Order status|Any news on my order?]
@open
[Hello|Dear team|Hi {rep}],
@body
I ordered {product} {days} days ago and [have not heard anything since|the status has not changed]. [Could you check?|Is there a problem?]
[Could you tell me|Do you know] [when {product} will be ready|how far my order has got]?[ I need it soon.| We are waiting for it.|]
I would like to change [the date|the quantity] of my order. [Is it still possible?|How do I do that?]
@ask
[A short reply would be great.|Please let me know.|Thanks for looking into it.]
@close
[Best regards|Kind regards|Thank you]
""",
    "complaint": """
@subject
Complaint about {product}
[Very disappointed|Poor service|Problem still not solved]
@open
[Dear Sir or Madam|To whom it may concern|Hello],
@body
{product} [stopped working after {days} days|is not what you promised], and [nobody has answered my messages|I was passed from one person to the next].
I reported the problem {days} days ago. [Nothing has happened|I only received automatic replies]. [This is not acceptable.|I expected more from you.]
@ask
Please [refund me|send a replacement|explain what happened] within {days} days.
I [expect|am waiting for] [an apology|a clear answer|a solution].
@close
[Regards|A disappointed customer]
""",
    "quotation": """
@subject
Request for quotation[: {product}|]
[Price enquiry|Quote needed for {category}]
@open
[Dear sales team|Dear {rep}|Hello],
@body
We are [planning to buy|looking for] {category} [this quarter|for our office in {city}] and are interested in {product}. [Please send us a quotation.|What are your terms?]
Our company is comparing three suppliers for {category}. Could you [quote {product}|send prices and delivery times], [including tax|with payment terms]?
@ask
We need the offer within {days} days.
[Please mention any volume discount.|A meeting next week would be fine as well.]
@close
[Best regards|Looking forward to your offer]
""",
    "renewal": """
@subject
[Renewal of|Our subscription to] {product}
@open
[Hello|Hi {rep}],
@body
Our {product} expires in {days} days. [Please send the renewal offer.|Is the price the same as last year?]
We are not sure yet whether to renew {product}. [The price has gone up a lot.|Few of us use it.] [Is there a smaller plan?|What can you offer?]
@ask
[Please reply this week.|Let me know, so that we can arrange the payment.]
@close
[Best regards|Thanks]
""",
    "invoice": """
@subject
[Invoice request|Missing invoice|Wrong invoice]
@open
[Dear accounting team|Hello],
@body
We have not received the invoice for {product} ({price} yuan). [Could you send it?|We need it for our books.]
The [company name|amount] on the invoice for {product} is wrong. [Please issue a new one.|Could you correct it?]
@ask
[We close our books in {days} days.|It is rather urgent.|A PDF is fine.]
@close
[Thank you|Best regards]
""",
}
