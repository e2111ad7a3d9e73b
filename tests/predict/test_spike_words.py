from datetime import date

from zhiyin.predict.spike_words import sentence
from zhiyin.predict.spikes import Spike

DAY = date(2026, 6, 11)


def test_a_rush_in_one_sentence_with_its_numbers():
    spike = Spike("tmall", "咖啡豆", "orders", DAY, DAY, DAY, 10, 0.8, 1e-9)
    assert sentence(spike).zh == "2026-06-11，tmall渠道有 10 人下单「咖啡豆」，平常约 0.8 人，是平常的 12.5 倍；请调整人手和库存。"
    longer = Spike("mall", "茶", "interest", date(2026, 6, 9), DAY, DAY, 30, 10.0, 1e-9)
    assert sentence(longer).en == (
        "From 2026-06-09 to 2026-06-11 30 people viewed or added to the cart 茶 through mall, where about 10.0 are usual: "
        "3.0 times as many; please adjust staff and stock."
    )
