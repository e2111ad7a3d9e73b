"""The words of the list: opening sentences and reasons as templates with slots, filled when a person reads them.

Nothing here needs more than the standard library, so that a page or a command that shows a list stays quick.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

from zhiyin.act.goals import ACTIONS
from zhiyin.core.words import Say, one_of_each

__all__ = [
    "BLOCKED", "CHANCES", "FACTS", "OPENINGS", "UNNAMED", "fill_opening", "opening_for", "read_about", "read_reasons", "read_slots",
    "slots_of",
]  # fmt: skip

NOT_NEEDED = {"name"}  # slots that a template may use although nobody fills them: the sentence works without

# action -> stage -> sentences that a salesperson can say as they stand; stage "" fits every stage.
# Slots: {name} {product} {category} {campaign} {days} (since the last order). No template promises what we cannot know.
OPENINGS: dict[str, dict[str, tuple[Say, ...]]] = {
    "invite": {
        "": (
            Say("{name}您好，我们的「{campaign}」想请您来看看，优惠我发给您，方便吗？",
                "Hello {name}, we would like to invite you to {campaign}. May I send you the offer?"),
            Say("{name}您好，「{campaign}」里有{product}，我觉得适合您，要不要我详细说说？",
                "Hello {name}, {campaign} includes {product}, and I thought of you. Shall I tell you more?"),
            Say("{name}您好，「{campaign}」正在进行，我帮您把用得上的优惠找出来，您看好吗？",
                "Hello {name}, {campaign} is on. Shall I look up the offers that are useful to you?"),
            Say("{name}您好，您常买的{category}最近还需要吗？正好有「{campaign}」，可以一起看看。",
                "Hello {name}, do you need any of the {category} you usually buy? {campaign} is on, so we could look at both."),
        ),
        "new": (
            Say("{name}您好，上次买的东西用得还满意吗？我们正在做「{campaign}」，也想请您来参加。",
                "Hello {name}, are you happy with what you bought? {campaign} is on, and we would like to have you with us."),
        ),
        "active": (
            Say("{name}您好，谢谢您一直光顾。「{campaign}」也想请您参加，要不要我帮您登记？",
                "Hello {name}, thank you for coming so regularly. We would like to have you at {campaign}. Shall I sign you up?"),
        ),
        "quiet": (
            Say("{name}您好，有一阵子没见您来了。正好有「{campaign}」，想请您回来看看。",
                "Hello {name}, we have not seen you for a while. {campaign} is on, and we would like to see you again."),
        ),
        "lost": (
            Say("{name}您好，好久没联系了。这次「{campaign}」想请您回来看看，有需要的我先帮您留着。",
                "Hello {name}, it has been a long time. We would like to invite you back for {campaign}; I can put something aside for you."),
            Say("{name}您好，好久不见，最近都好吗？我们正在做「{campaign}」，想请您回来看看。",
                "Hello {name}, it has been a long time. How are you? {campaign} is on, and we would like to see you again."),
        ),
    },
    "raise": {
        "": (
            Say("{name}您好，最近{category}还够用吗？需要的话，这次一起给您备上。",
                "Hello {name}, do you have enough {category}? I can put some with your next order."),
            Say("{name}您好，{category}里我给您挑了{product}，想介绍一下，方便吗？",
                "Hello {name}, I picked {product} from {category} for you. May I tell you about it?"),
            Say("{name}您好，您平时买{category}最看重什么？我好给您挑合适的。",
                "Hello {name}, what matters most to you in {category}? Then I can pick what suits you."),
        ),
        "active": (
            Say("{name}您好，谢谢您常来。{category}我帮您看了看，{product}挺合适，要不要一起带上？",
                "Hello {name}, thank you for coming so often. In {category} I think {product} would suit you. Shall I add it?"),
        ),
        "quiet": (
            Say("{name}您好，有段时间没见了。最近还需要{category}吗？我可以先帮您看好。",
                "Hello {name}, it has been a while. Do you still need {category}? I can have a look for you."),
        ),
    },
    "replenish": {
        "": (
            Say("{name}您好，之前买的{product}用得差不多了吧？要不要我帮您备一份？",
                "Hello {name}, is your {product} running low? Shall I put some aside for you?"),
            Say("{name}您好，想提前问一声，{product}这几天需要吗？我先给您留好。",
                "Hello {name}, may I ask ahead of time whether you need {product} in the next days? I can set some aside."),
            Say("{name}您好，{product}是不是该添了？今天就可以安排，您看要多少？",
                "Hello {name}, is it time for more {product}? I can arrange it today. How much would you like?"),
        ),
        "new": (
            Say("{name}您好，上次买的{product}还满意吗？快用完的话，我帮您再备一份。",
                "Hello {name}, are you happy with {product}? If it is running low, I can get more ready for you."),
        ),
        "active": (
            Say("{name}您好，算算日子，{product}该补了，今天帮您安排可以吗？",
                "Hello {name}, by my count it is time for more {product}. Shall I arrange it today?"),
            Say("{name}您好，下次来的时候，{product}要不要先给您留一份？",
                "Hello {name}, shall I keep some {product} for your next visit?"),
        ),
        "quiet": (
            Say("{name}您好，有{days}天没见您来了，{product}还够用吗？需要的话我给您留着。",
                "Hello {name}, it has been {days} days. Do you still have enough {product}? I can keep some for you."),
        ),
        "lost": (
            Say("{name}您好，好久不见。您以前买的{product}，现在还需要吗？需要的话我给您备一份。",
                "Hello {name}, it has been a long time. Do you still need the {product} you used to buy? I can get some ready."),
            Say("{name}您好，好久没见您来了，最近都好吗？以前买的{product}要是还用得上，您跟我说一声。",
                "Hello {name}, we have not seen you for a long time. How are you? If you can still use {product}, just tell me."),
            Say("{name}您好，有{days}天没联系了，想问候一声。{product}您现在还在用吗？",
                "Hello {name}, it has been {days} days and I wanted to say hello. Are you still using {product}?"),
        ),
    },
    "offer_new": {
        "": (
            Say("{name}您好，我挑了一样您还没试过的{product}，您有兴趣听一听吗？",
                "Hello {name}, I picked something you have not tried yet: {product}. Would you like to hear about it?"),
            Say("{name}您好，{product}您试过吗？我可以给您讲讲它和您常买的有什么不同。",
                "Hello {name}, have you tried {product}? I can tell you how it differs from what you usually buy."),
        ),
        "new": (
            Say("{name}您好，上次买的还满意吗？和它搭着用的话，可以看看{product}。",
                "Hello {name}, are you happy with your purchase? {product} might go well with it."),
        ),
        "active": (
            Say("{name}您好，按您平时的喜好，{product}应该合您的意，下次来要不要试一试？",
                "Hello {name}, going by what you usually like, {product} should suit you. Would you like to try it next time?"),
        ),
        "quiet": (
            Say("{name}您好，有一阵子没见您了，想给您介绍{product}，您现在方便吗？",
                "Hello {name}, we have not seen you for a while. I would like to tell you about {product}. Is now a good time?"),
        ),
        "lost": (
            Say("{name}您好，好久没联系了。我给您挑了{product}，您可能会喜欢，方便听我说两句吗？",
                "Hello {name}, it has been a long time. I picked {product}, which you may like. May I tell you about it?"),
            Say("{name}您好，好久不见，最近都好吗？有一样{product}想介绍给您，您看方便吗？",
                "Hello {name}, it has been a long time. How are you? I would like to tell you about {product}, if you have a minute."),
        ),
    },
    "return": {
        "": (
            Say("{name}您好，离您上次来有{days}天了，最近有什么需要的吗？我帮您准备。",
                "Hello {name}, it has been {days} days since your last visit. Is there anything you need? I will get it ready."),
            Say("{name}您好，最近还需要{category}吗？您说一声，我先帮您留着。",
                "Hello {name}, do you need any {category} these days? Just say so and I will keep it for you."),
            Say("{name}您好，好些日子没聊了，最近有没有什么想买的？我先帮您看看。",
                "Hello {name}, it has been some time. Is there anything you would like to buy? I can have a look for you."),
        ),
        "new": (
            Say("{name}您好，第一次买的东西用得怎么样？有什么不合适的，您直接跟我说。",
                "Hello {name}, how is your first purchase working out? If anything is not right, please tell me."),
        ),
        "lost": (
            Say("{name}您好，好久没联系了，最近都好吗？有需要随时找我，我给您安排。",
                "Hello {name}, it has been a long time. How are you? Whenever you need something, let me know and I will arrange it."),
            Say("{name}您好，有{days}天没见您来了，想问候一声。最近有什么我能帮您准备的吗？",
                "Hello {name}, it has been {days} days and I wanted to say hello. Is there anything I can get ready for you?"),
            Say("{name}您好，好久不见。是最近不需要了，还是我们有哪里可以做得更好？想听听您的意见。",
                "Hello {name}, it has been a long time. Is there no need any more, or is there something we could do better? I would like to hear it."),
        ),
    },
    "first_contact": {
        "": (
            Say("{name}您好，谢谢您关注我们。想了解一下您在看哪类商品，我给您一些建议，现在方便吗？",
                "Hello {name}, thank you for your interest. What are you looking for? I may have a suggestion, if now is a good time."),
            Say("{name}您好，您之前留过信息，当时想了解的问题解决了吗？",
                "Hello {name}, you left us your details. Has your question been answered?"),
            Say("{name}您好，如果您还在挑选，可以先看看{product}，要不要我详细说说？",
                "Hello {name}, if you are still looking, {product} may be a good start. Shall I tell you more?"),
        ),
    },
    "win_back": {
        "": (
            Say("{name}您好，有{days}天没见您来了，是哪里没让您满意吗？想听听您的意见。",
                "Hello {name}, it has been {days} days. Was there anything you were not happy with? I would like to hear it."),
            Say("{name}您好，您以前买的{product}还用得上吗？想请您回来看看，方便聊两句吗？",
                "Hello {name}, can you still use the {product} you used to buy? We would like to see you again. Do you have a minute?"),
            Say("{name}您好，我们一直记着您。最近有没有什么需要，或者对我们有什么意见？",
                "Hello {name}, we have not forgotten you. Is there anything you need, or anything we should hear?"),
        ),
        "lost": (
            Say("{name}您好，好久没有您的消息了，最近都好吗？有什么我能帮上忙的吗？",
                "Hello {name}, we have not heard from you for a long time. How are you, and is there anything I can do?"),
            Say("{name}您好，有{days}天没见您来了，是最近不需要，还是有哪里没让您满意？想听听您的意见。",
                "Hello {name}, it has been {days} days. Is there no need at present, or were you not happy with something? I would like to hear it."),
        ),
        "quiet": (
            Say("{name}您好，最近没见您来，想问候一声。有什么需要改进的，您尽管说。",
                "Hello {name}, I noticed you have not been in lately and wanted to say hello. Please tell me what we could do better."),
        ),
    },
    "keep": {
        "": (
            Say("{name}您好，谢谢您一直支持我们，想做个简单回访：最近用得还顺心吗？",
                "Hello {name}, thank you for your support. A quick call to ask: is everything to your liking?"),
            Say("{name}您好，您常买的{category}最近还合适吗？有什么想要的，我帮您留意。",
                "Hello {name}, is the {category} you usually buy still right for you? Tell me what you would like and I will look out for it."),
        ),
        "new": (
            Say("{name}您好，您是我们的新客户，想问问第一次体验怎么样，有没有哪里可以做得更好？",
                "Hello {name}, you are new with us. How was your first experience, and what could we do better?"),
        ),
        "active": (
            Say("{name}您好，您是我们的老客户了，最近的{product}还满意吗？有问题我马上处理。",
                "Hello {name}, you have been with us for some time. Are you happy with {product}? I will take care of anything that is not right."),
        ),
    },
    "call_early": {
        "": (
            Say("{name}您好，想问问您最近的需要有没有变化，我好帮您安排得更合适。",
                "Hello {name}, have your needs changed lately? I would like to arrange things to suit you better."),
            Say("{name}您好，最近买的{product}还合适吗？如果想换换，我给您出个主意。",
                "Hello {name}, is {product} still right for you? If you would like a change, I have an idea."),
            Say("{name}您好，最近还顺利吗？{category}方面有没有什么我可以帮您提前准备的？",
                "Hello {name}, how are things? Is there anything in {category} that I can get ready for you?"),
            Say("{name}您好，打电话来谢谢您一直照顾我们，也想听听您对我们有什么建议。",
                "Hello {name}, I am calling to thank you for your custom, and to ask what we could do better."),
        ),
        "active": (
            Say("{name}您好，谢谢您常来。{category}这边最近还合适吗？有什么想换的，我帮您留意。",
                "Hello {name}, thank you for coming so often. Is our {category} still right for you? If you would like something else, I will look out for it."),
        ),
    },
}  # fmt: skip

# action -> sentences for shops that know their products and campaigns by codes only: a code is for the salesperson, who reads it
# beside the action and in the reasons, not for the ear of the customer.
UNNAMED: dict[str, tuple[Say, ...]] = {
    "invite": (
        Say("{name}您好，我们正好有活动，优惠我发给您看看，方便吗？", "Hello {name}, we have an offer on at the moment. May I send it to you?"),
        Say("{name}您好，最近有活动，我帮您把用得上的优惠找出来，您看好吗？",
            "Hello {name}, there is an offer on. Shall I look up what is useful to you?"),
    ),
    "replenish": (
        Say("{name}您好，之前买的东西用得差不多了吧？需要的话，我帮您备一份。",
            "Hello {name}, is what you bought from us running low? I can put some aside for you."),
        Say("{name}您好，这几天要不要补点货？您说一声，我先给您留好。",
            "Hello {name}, do you need to restock in the next days? Just say so and I will set it aside."),
        Say("{name}您好，您常买的东西这几天还够用吗？不够的话，我今天就给您安排。",
            "Hello {name}, do you still have enough of what you usually buy? If not, I can arrange it today."),
    ),
    "offer_new": (
        Say("{name}您好，我给您挑了一样您还没试过的，方便介绍一下吗？",
            "Hello {name}, I picked something that you have not tried yet. May I tell you about it?"),
        Say("{name}您好，有一样东西和您常买的挺搭，想给您讲讲，您现在方便吗？",
            "Hello {name}, there is something that goes well with what you usually buy. Is now a good time to tell you about it?"),
    ),
}  # fmt: skip

# What the profile says about a customer, as reasons; each is said only where its slots are known and `sentences` finds it true.
FACTS: dict[str, Say] = {
    "overdue": Say("平均每 {every} 天买一次，上次是 {days} 天前，已经过了该来的时候。",
                   "Buys every {every} days on average; the last time was {days} days ago, so a visit is overdue."),
    "due": Say("平均每 {every} 天买一次，上次是 {days} 天前，正好到了该来的时候。",
               "Buys every {every} days on average; the last time was {days} days ago, so a visit is due."),
    "lapsed": Say("以前平均每 {every} 天买一次，现在已经 {days} 天没有下单。",
                  "Used to buy every {every} days on average, and has not ordered for {days} days."),
    "early": Say("平均每 {every} 天买一次，上次是 {days} 天前。", "Buys every {every} days on average; the last time was {days} days ago."),
    "first_order": Say("{days} 天前第一次下单，是新客户。", "Placed the first order {days} days ago: a new customer."),
    "newcomer": Say("是新客户，最近一次下单在 {days} 天前。", "Is a new customer; the last order was {days} days ago."),
    "absent": Say("已经 {days} 天没有下单。", "Has not ordered for {days} days."),
    "lead": Say("登记至今 {known} 天，还没有下过单。", "Known for {known} days, without an order yet."),
    "lead_unknown": Say("还没有下过单。", "Has not ordered yet."),
    "total": Say("一共下单 {orders} 次，消费 {spend}。", "{orders} orders so far, {spend} in all."),
    "favourite": Say("买得最多的是{favourite}。", "Buys {favourite} most of all."),
    "category": Say("{category}买过 {category_orders} 次。", "Has bought {category} {category_orders} times."),
    "champion": Say("是买得最勤、花得最多的那批客户。", "Is among those who buy most often and spend most."),
    "loyal": Say("是经常回来的老客户。", "Is a loyal customer who keeps coming back."),
    "slipping": Say("以前常来，最近来得少了。", "Used to come often, and comes less lately."),
    "price": Say("一单平均 {order} 左右。", "An order is about {order} on average."),
    "gain": Say("成功的话，毛利约 {margin}。", "A success is worth a margin of about {margin}."),
}  # fmt: skip

# Why a customer is not on today's list, in the order in which the rules are asked.
BLOCKED: dict[str, Say] = {
    "do_not_contact": Say("在不联系名单上。", "Is on the do-not-contact list."),
    "refused": Say("客户不同意被联系。", "The customer refuses to be contacted."),
    "risk": Say(
        "有可疑交易等人复核，或已确认是欺诈，先不推荐。", "Suspicious orders await review, or fraud was confirmed; no offer until then."
    ),
    "closed_channel": Say("电话或邮箱无效，又没有别的渠道可用。", "The phone or e-mail cannot be used, and there is no other channel."),
    "contacted_lately": Say("最近刚联系过，先不打扰。", "Was contacted lately; not to be disturbed."),
    "no_need_lately": Say("最近说过不需要，过一阵再问。", "Said lately that there is no need; ask again later."),
    "other_currency": Say("客户用别的币种付款，增益没法放在一起比较。", "Pays in another currency, so the gain cannot be compared."),
    "no_action": Say("按现在的业务目标，没有适合这位客户的动作。", "Nothing fits this customer under the present goal."),
    "sold_out": Say("适合推荐的商品都卖完了，先不推荐。", "What could be offered is sold out; no offer until it is back."),
    "no_gain": Say("预计多带来的毛利抵不过联系成本。", "The contact would cost more than it is expected to bring."),
    "holdout": Say("随机留出不联系，用来衡量联系的效果。", "Held back at random, to measure what contacting is worth."),
    "capacity": Say("今天名额已满，排在后面，没有漏掉。", "Today's list is full; the customer waits further down."),
}

# The chance behind an action, where the prediction itself brings no sentence.
CHANCES: dict[str, Say] = {
    name: Say(
        f"按以往的规律，联系后{action.success.zh}的可能约 {{chance}}。",
        f"Going by the past, the chance that the customer {action.success.en} after a contact is about {{chance}}.",
    )
    for name, action in ACTIONS.items()
}


@lru_cache(maxsize=1024)
def slots_of(template: str) -> frozenset[str]:
    """The names of the slots in a template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def opening_for(action: str, stage: str, *, known: Mapping[str, object], turn: int) -> Say:
    """One opening for an action and stage whose slots are known; `turn` picks among them, so that a list does not repeat itself.

    Who has been away for long is not asked whether the last purchase has run out: for a lost customer the sentences of that stage
    stand alone where one of them fits.

    Returns:
        The template in both languages, empty where there is no action.
    """
    by_stage = OPENINGS.get(action, {})

    def fitting(*sayings: Say) -> list[Say]:
        return [say for say in sayings if slots_of(say.zh) <= known.keys() | NOT_NEEDED]

    own, for_all = fitting(*by_stage.get(stage, ())), fitting(*by_stage.get("", ()))
    found = (own if stage == "lost" and own else own + for_all) or fitting(*UNNAMED.get(action, ()))
    return found[turn % len(found)] if found else Say("", "")


def fill_opening(template: str, slots: Mapping[str, object]) -> str:
    """An opening as it is said. Without a name it is still a sentence; any other slot that is not known keeps its braces' word.

    A product or category in Latin letters or digits stands in quotation marks within a Chinese sentence, or it could not be told
    from the words around it.

    Example:
        >>> fill_opening("{name}您好，{product}该补了。", {"name": "王小明", "product": "牛奶"})
        '王小明您好，牛奶该补了。'
        >>> fill_opening("{name}您好，{product}该补了。", {"product": "A4 paper"})
        '您好，「A4 paper」该补了。'
        >>> fill_opening("Hello {name}, is {product} running low?", {"product": "milk"})
        'Hello, is milk running low?'
    """
    known = {name: str(slots.get(name) or "") for name in slots_of(template)}
    if "您" in template:
        known |= {name: f"「{known[name]}」" for name in _QUOTED & known.keys() if _LATIN.search(known[name])}
    without_name = template if known.get("name") else template.replace(" {name}", "").replace("{name}", "")
    return one_of_each(without_name.format(**{name: value or name for name, value in known.items()}))


_QUOTED = {"product", "category"}
_LATIN = re.compile("[0-9A-Za-z]")


def read_reasons(cell: str) -> list[Say]:
    """The reasons of a `next_step` row, filled, best first."""
    stored = json.loads(cell) if cell else {}
    return [Say(one["zh"], one["en"]).fill(**one["slots"]) for one in stored.get("sentences", [])]


def read_slots(cell: str) -> dict[str, str]:
    """The slots of the opening of a `next_step` row, all but the name: pass them to `fill_opening` together with it."""
    return dict(json.loads(cell).get("slots", {})) if cell else {}


def read_about(cell: str) -> str:
    """What a `next_step` row is about: the campaign, the category or the product, by its name or else by its code."""
    return str(json.loads(cell).get("about", "")) if cell else ""
