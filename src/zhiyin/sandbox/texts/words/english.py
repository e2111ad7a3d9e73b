"""What do customers and staff say in English? A part of the topics: those that a foreign customer needs."""

from __future__ import annotations

__all__ = ["ENGLISH"]

ENGLISH: dict[str, str] = {
    "greet": """
[Hi|Hello|Hey][, anyone there?|, are you online?| there|]
[Good morning|Good afternoon|Good evening][, is anyone available?|]
[Hi|Hello], I have a [quick question|question|small problem]
""",
    "ask_price": """
[How much is|What's the price of|What do you charge for] [{product}|this one]?
[Could you|Can you] send me [a quote|the price|your best price] for [{product}|this]?
Is {price} the final price[, all in| or is there more to pay|]?
Any [discount|offer|promo] on [{product}|this] [right now|this week|at the moment]?
What would [{product}|this] cost me [in total|altogether|per year]?
I can [see|find] [{product}|this] but no price. How much?
""",
    "bargain": """
[Can you do|Would you take] {price}?
[Any chance of|Is there any room for] a [better price|small discount]?
It's a bit [pricey|over budget]. [Can you do better?|Could you meet me halfway?]
{other} offers it for {price}. Can you match that?
I'll take it [today|right away] if you [knock a bit off|give me a discount]
""",
    "ask_feature": """
[Do you have|Is there] [anything|something] [more {feature}|with {feature}]?
How [good|reliable] is {product} [for everyday use|in practice|compared to the last one]?
What's the [difference between the two|main advantage of {product}]?
Which [{category}|one] would you [recommend|suggest] [for a small team|for a family|for me]?
Does {product} [support|come with] {feature}?
""",
    "ask_stock": """
Is [{product}|this] [in stock|available|still available]?
When will [{product}|this] be [back in stock|available again]?
[Do you still have|Have you got] any [{product} left|left]?
Could you [keep|hold] one for me?
""",
    "ask_delivery": """
[How long will it take|How many days does it take]?
When [will it be ready|can I expect it]?
It has been {days} days. [Any update?|Where is it?|Could you check?]
Can I [pick|choose] [a time|another day]?
""",
    "compare": """
How does [{product}|this] compare [to|with] {other}?
I'm also looking at {other}. [What makes you better?|Why should I choose you?]
{other} is cheaper. What am I [paying extra|getting] for?
""",
    "hesitate": """
[Let me|I need to] think about it[ a bit more|]
[Not sure yet|I'm still undecided], [I'll get back to you|give me a few days]
I have to [ask my wife|check with my boss|talk to my husband] first
It's nice but [a bit expensive|not urgent]. [Maybe later|Let me compare first]
""",
    "buy_intent": """
[OK|Great], I'll take [{product}|it|one]. How do I pay?
[Please send me|Can you send] the [link|payment details|order form]
I'd like to [order|buy] {product} [today|this week]
We've [decided|made up our minds]. [What's next?|Please go ahead]
""",
    "life_event": """
[I've got news|Big changes here]: {life}. [Looking for {category}|I need {category}]
Things have changed [at home|on our side], [so we need {category}|we're looking around again]
""",
    "praise": """
[Really|Very|So] [happy with|pleased with] [{product}|it|the service]
[Works great|Excellent|Just what I needed], [thank you|highly recommended|will buy again]
{product} is [much better than|way better than] {other}
[{rep} was|Your staff were] [very helpful|so patient|great]
""",
    "thanks": """
[Thanks|Thank you][ so much| a lot|!|]
[Got it|Great], thanks[ for your help| for the quick reply|]
[Much appreciated|That helps a lot], [cheers|thank you]
""",
    "complaint_late": """
It's been {days} days and [still nothing|no news at all]. [This is unacceptable|What is going on?]
You [promised|said] {days} days. [Where is it?|I'm still waiting]
[I have asked three times|I keep asking] and [nobody answers|nothing happens]
Way too slow. [I'm very disappointed|Never again]
""",
    "complaint_quality": """
[{product}|It] [stopped working|broke] after {days} days
[{product}|It] [doesn't work|is faulty|is nothing like the description]
[Poor|Terrible] quality[, not worth {price}|, I want it fixed|]
You advertise {feature}. [That's simply not true|It isn't]
""",
    "complaint_attitude": """
[Your staff|Customer service] [was rude|ignored me|hung up on me]
[I get nothing but automatic replies|Everybody passes me on]. [Not good enough|I want a real person]
""",
    "complaint_soldout": """
[Sold out again|Out of stock again]? [Every single time|I came all the way for nothing]
Your [page|app] said [in stock|available], [then you cancelled|now it's gone]
""",
    "refund": """
I [want|would like] [a refund|my money back][, please|]
When will [I get my refund|the {price} be returned]?
[How do I|Can I] [return this|cancel and get a refund]?
""",
    "invoice": """
Could you [send|email] me [an invoice|the invoice|a receipt]?
I need an invoice [for my company|for my expenses|with our tax number]
The [name|amount] on the invoice is wrong, [please correct it|can you reissue it?]
""",
    "ask_usage": """
How do I [use|set up] [{product}|this]?
[I can't log in|It won't connect|It keeps showing an error]. [What should I do?|Please help]
Where do I find [{feature}|the manual|the settings]?
""",
    "renew": """
[My plan|It] is about to [expire|run out]. How do I renew?
We'd like to renew [for another year|on the same terms]. [Please send the invoice|Same price?]
""",
    "cancel": """
[Please cancel|I'd like to cancel] [my order|it|my subscription]
[We won't be renewing|We're moving to {other}]. [Thanks anyway|Please close the account]
""",
    "refuse_contact": """
[Please stop|Stop] [calling|contacting|messaging] me
[Take me off your list|Remove my number][, please|]
""",
    "no_need": """
[No thanks|I'm fine, thanks|Not interested][, already have one|]
[I don't need|No need for] [{category}|it|anything] [right now|at the moment]
""",
    "call_back": """
[I'm in a meeting|I'm driving|Can't talk now], [call me later|call back tomorrow|text me]
[Please call again|Try me again] in {days} days
""",
    "accept": """
[Sure|OK|Sounds good|Alright], [let's do it|go ahead|sign me up]
[Yes|Fine], [send it over|please arrange it|I'll take it]
""",
    "fraud_worry": """
[Is this|Are you] [legit|for real]? [I got a strange call|Somebody asked for my code]
There's a payment of {price} I [didn't make|don't recognise]
""",
    "staff_greet": """
[Hello|Hi][ {name}|], [how can I help you|what can I do for you][ today|]?
Hello, this is {rep}. [How may I help?|What can I do for you?]
""",
    "staff_price": """
{product} is {price} yuan [at the moment|this week]. [Shall I reserve one?|That includes everything]
[Let me send you|I'll send you] the [price list|quote] [right away|in a minute]
""",
    "staff_feature": """
[Yes|Sure], {product} is [known for|strong on] {feature}
[I'd recommend|You could look at] {product}. [Most customers are happy with it|Shall I send you the details?]
""",
    "staff_stock": """
[Yes, it's available|We have it in stock]. [Shall I keep one for you?|You can order now]
[Sorry, it's sold out|Sorry, none left]. [We expect more in {days} days|I'll let you know]
""",
    "staff_delivery": """
[It usually takes|It should take] {days} days. [I'll keep an eye on it|We'll text you]
[I've checked|I looked it up]: it's on its way
""",
    "staff_apology": """
[I'm very sorry|My apologies] [about this|for the trouble]. [I'll sort it out today|Let me fix this]
[I understand|You're right], [this shouldn't happen|we let you down]. I'll take care of it
""",
    "staff_refund": """
[Your refund is on its way|I've requested the refund]. [It takes {days} days|You'll get it soon]
[No problem|Of course], we [will refund you|can exchange it]
""",
    "staff_offer": """
[We have an offer on|I can offer you] {product} [for {price} yuan|with a discount]. [Interested?|Shall I set it up?]
[I talked to my manager|I checked again]: [we can add a small gift|a little off is possible]
""",
    "staff_thanks": """
[You're welcome|My pleasure]. [Have a nice day|Anything else?]
[Thank you for your support|Thanks for the kind words]
""",
    "staff_close": """
[All set|Done]. [Anything else?|I'll keep you posted]
[I'll take care of it|Leave it with me] and [let you know|get back to you today]
""",
}
