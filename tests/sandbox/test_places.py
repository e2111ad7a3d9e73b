import numpy as np
import phonenumbers
import pytest

from zhiyin.sandbox.places import CITIES, PHONES, address, city_named, masked_phone, phone, phone_written


def test_cities_have_a_province_a_weight_and_districts():
    assert len(CITIES) == len({city.name for city in CITIES}) >= 25
    for city in CITIES:
        assert city.weight > 0
        assert len(city.districts) >= 4
        assert city.province.endswith(("省", "市"))
        assert all(district.endswith("区") for district in city.districts)
    assert city_named("杭州").province == "浙江省"


@pytest.mark.parametrize("city", [city.name for city in CITIES])
def test_an_address_lies_in_its_city(city):
    found = [address(draw, city) for draw in range(50)]
    place = city_named(city)
    assert all(f"{city}市" in one and one.endswith("室") for one in found)
    assert all(any(district in one for district in place.districts) for one in found)
    assert len(set(found)) == 50


def test_a_city_that_is_a_province_is_written_once():
    assert address(3, "上海").count("上海市") == 1


def test_ten_million_numbers_differ():
    # The way to a number is one to one by its construction; here a run from each end of it, and a comb through it.
    asked = [*range(100_000), *range(9_900_000, 10_000_000), *range(0, PHONES, PHONES // 100_003)]
    assert len({phone(n) for n in asked}) == len(set(asked))


def test_numbers_are_valid_and_use_every_beginning():
    numbers = [phone(n) for n in range(3000)]
    assert {len(number) for number in numbers} == {11}
    assert len({number[:3] for number in numbers}) == PHONES // 10**8
    assert len({number[-4:] for number in numbers}) > 2200
    for number in numbers:
        parsed = phonenumbers.parse(number, "CN")
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE


def test_every_way_of_writing_is_the_same_number():
    ways = {phone_written("13812345678", draw) for draw in range(200)}
    assert {"138 1234 5678", "+86-13812345678", "１３８１２３４５６７８"} <= ways
    assert {phonenumbers.parse(way, "CN").national_number for way in ways} == {13812345678}


def test_a_marketplace_hides_four_digits():
    assert masked_phone("13812345678") == "138****5678"


def test_a_number_of_numpy_is_a_number():
    assert phone(np.int64(4_400_000_000)) == phone(4_400_000_000)
