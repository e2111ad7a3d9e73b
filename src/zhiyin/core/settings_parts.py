"""Parts of the tree of settings: when somebody is alerted, what a person is asked to look at, what is offered, how much is ordered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

__all__ = [
    "AlertSettings",
    "DemandSettings",
    "DepartmentSettings",
    "FairnessSettings",
    "PlacementSettings",
    "RecommendSettings",
    "RiskSettings",
    "StockSettings",
    "VariantSettings",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_WORDS = """
gender sex age birthday birth_date marital nationality ethnicity ethnic race religion health disability pregnant
性别 年龄 生日 出生 婚姻 婚否 国籍 民族 种族 宗教 信仰 健康 残疾 怀孕
"""
PROTECTED = tuple(_WORDS.split())


class FairnessSettings(_Part):
    """What no decision may rest on, and how differently a model may treat groups of people before it is refused."""

    protected: Annotated[
        tuple[str, ...],
        Field(description="words in the names of attributes that models never read, and whose groups each model is judged on"),
    ] = PROTECTED
    share: Annotated[float, Field(gt=0, le=1, description="share of the likeliest customers that counts as picked by a model")] = 0.2
    min_ratio: Annotated[
        float, Field(ge=0, le=1, description="share of the best treated group's selection rate that every group must reach")
    ] = 0.8
    max_difference: Annotated[
        float, Field(ge=0, le=1, description="how much rarer those to whom it happens may be found in one group than in another")
    ] = 0.1
    max_discount: Annotated[
        float, Field(ge=0, le=1, description="difference in the discount share of groups of equal value tier before it is reported")
    ] = 0.03
    gate: Annotated[
        Literal["refuse", "say"], Field(description="a model that is certainly beyond these limits: refuse it, or use it and say so")
    ] = "refuse"


class RiskSettings(_Part):
    """Which orders and transfers a person is asked to look at."""

    days: Annotated[int, Field(ge=7, le=3650, description="days of orders and transfers that are looked at")] = 365
    look_from: Annotated[float, Field(gt=0, lt=1, description="chance of fraud from which one is put on the queue")] = 0.02
    high_from: Annotated[
        float, Field(gt=0, lt=1, description="chance from which a case is high: its customer gets no offer until reviewed")
    ] = 0.5


class AlertSettings(_Part):
    """When a rush is an alert, and through which mail server departments are told."""

    false_a_month: Annotated[float, Field(gt=0, le=30, description="false alerts a month that are put up with, over all channels")] = 0.1
    least_times: Annotated[float, Field(gt=1, description="a rush is at least so many times what is expected")] = 2.0
    least_people: Annotated[int, Field(ge=1, description="people that a rush needs at least")] = 5
    mail_host: Annotated[str, Field(description="SMTP server; empty: no mail is sent")] = ""
    mail_port: Annotated[int, Field(ge=1, le=65535, description="port of the SMTP server")] = 587
    mail_security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="how the connection to the SMTP server is protected")
    ] = "starttls"
    mail_user: Annotated[str, Field(description="user at the SMTP server; empty: none is asked for")] = ""
    mail_password: Annotated[SecretStr | None, Field(description="password at the SMTP server")] = None
    mail_from: Annotated[str, Field(description="sender of the mails")] = "zhiyin@localhost"


class DepartmentSettings(_Part):
    """A department that is told of rushes, by webhook, mail or both."""

    name: Annotated[str, Field(min_length=1, description="name of the department")]
    webhook: Annotated[
        str, Field(pattern="^(https?://.+)?$", description="address that messages are posted to (Standard Webhooks); empty: none")
    ] = ""
    secret: Annotated[SecretStr | None, Field(description="secret that messages are signed with: whsec_ and base64 of 24 to 64 bytes")] = (
        None
    )
    mail: Annotated[str, Field(description="mail address; empty: none")] = ""
    places: Annotated[tuple[str, ...], Field(description="channels that concern it; empty: all")] = ()
    categories: Annotated[tuple[str, ...], Field(description="categories that concern it; empty: all")] = ()


class RecommendSettings(_Part):
    """How the list of offers to a customer is put together; with the defaults the order is the one that was proven."""

    at_most_of_a_category: Annotated[int, Field(ge=0, description="products of one category on a list; 0: any number")] = 0
    diversity: Annotated[
        float, Field(ge=0, le=1, description="0: by score alone; 1: each product as unlike those before it as can be (1 - lambda of MMR)")
    ] = 0.0
    least_margin: Annotated[
        float | None, Field(ge=0, description="margin that a product must leave, in units of the currency, where it is known; empty: any")
    ] = None
    margin_weight: Annotated[float, Field(ge=0, le=1, description="0: by score alone; 1: by score x margin")] = 0.0
    upgrade_after_days: Annotated[
        int, Field(ge=0, le=3650, description="days since the purchase before the successor of a discontinued product is offered")
    ] = 180
    click_hours: Annotated[
        float, Field(gt=0, le=720, description="hours in which looking at a product that was shown counts as a click on it")
    ] = 24.0
    order_days: Annotated[int, Field(ge=1, le=90, description="days in which an order of a product that was shown counts")] = 7
    shown_days: Annotated[int, Field(ge=1, le=3650, description="days that what pages were shown is kept")] = 180


class VariantSettings(_Part):
    """Another way to fill a placement, tried on a share of the customers; what is not said is as in the placement."""

    name: Annotated[str, Field(min_length=1, description="name of the variant")]
    share: Annotated[float, Field(gt=0, lt=1, description="share of the customers who get it, of those outside the holdout")]
    explore: Annotated[int | None, Field(ge=0, le=50, description="last places of the list that try something")] = None
    at_most_of_a_category: Annotated[int | None, Field(ge=0, description="products of one category on the list; 0: any number")] = None


class PlacementSettings(_Part):
    """A place on a page, in an advertisement or in a mail that asks for products."""

    name: Annotated[str, Field(min_length=1, description="name by which it is asked for")]
    kind: Annotated[
        Literal["for_you", "similar", "basket", "next_offer"],
        Field(
            description="for_you: what a customer may like; similar: to a product; basket: what goes with products; next_offer: the best"
        ),
    ]
    k: Annotated[int, Field(ge=1, le=50, description="products where the request does not say; next_offer gives one")] = 10
    holdout_share: Annotated[float, Field(ge=0, le=0.5, description="share of the customers who get the list of a stranger")] = 0.05
    explore: Annotated[int, Field(ge=0, le=50, description="last places of the list that try something; 0: none")] = 0
    at_most_of_a_category: Annotated[int, Field(ge=0, description="products of one category on the list; 0: any number")] = 0
    variant: tuple[VariantSettings, ...] = ()


class StockSettings(_Part):
    """How much to order of what runs out."""

    lead_days: Annotated[int, Field(ge=0, le=365, description="days from an order to its arrival")] = 7
    review_days: Annotated[int, Field(ge=1, le=365, description="days between two orders")] = 7
    service: Annotated[float, Field(gt=0, lt=1, description="chance that the stock lasts, where no margin of the product is known")] = 0.95
    holding_share: Annotated[
        float, Field(gt=0, lt=1, description="share of the cost that a piece costs that stays on the shelf until the next order")
    ] = 0.02
    pack: Annotated[int, Field(ge=1, description="pieces that are ordered together")] = 1
    least: Annotated[int, Field(ge=1, description="pieces that are ordered at least")] = 1
    days: Annotated[int, Field(ge=7, le=730, description="days of sales that stand in for a forecast")] = 56


class DemandSettings(_Part):
    """How far ahead demand is forecast, and with how much effort."""

    days: Annotated[int, Field(ge=7, le=182, description="days ahead")] = 28
    budget_s: Annotated[
        float,
        Field(
            ge=0, le=3600, description="seconds of one processor for the forecaster; 0: the usual level alone (less than 3 is too little)"
        ),
    ] = 3.5
    country: Annotated[
        str,
        Field(pattern="^([A-Z]{2}|none)?$", description="country whose holidays count (ISO 3166), or none; empty: that of the time zone"),
    ] = ""
