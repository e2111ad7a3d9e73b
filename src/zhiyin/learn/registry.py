"""Which models exist: one line each, `name: "module:Class"`.

A line is all that a new model needs: the contract checks, the shelf and the ladder find it here.
Lines are text, so a model is imported only when it is used, and saved models name a line, never a class to be unpickled.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from zhiyin.core.errors import NotFound, UsageError, listed
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from zhiyin.learn.life import ModelBase

__all__ = ["MODELS", "model_class", "model_words", "name_of", "register"]

MODELS: dict[str, str] = {
    "rate": "zhiyin.predict.rates:RateModel",
    "linear": "zhiyin.predict.linear:LinearModel",
    "logistic": "zhiyin.predict.logistic:LogisticModel",
    "tree": "zhiyin.predict.forest:TreeModel",
    "forest": "zhiyin.predict.forest:ForestModel",
    "boosting": "zhiyin.predict.boosting:BoostingModel",
    "blend": "zhiyin.predict.blend:BlendModel",
    "leaving": "zhiyin.predict.leaving:LeavingModel",
    "amount": "zhiyin.predict.amounts:AmountModel",
    "uplift": "zhiyin.predict.uplift:UpliftModel",
    "spend": "zhiyin.predict.spend:SpendModel",
    "next_order": "zhiyin.predict.next_order:NextOrderModel",
    "repeat_value": "zhiyin.predict.value:RepeatValueModel",
    "groups": "zhiyin.predict.segments:BehaviourGroups",
    "products": "zhiyin.recommend.products:ProductRecommender",
    "items": "zhiyin.recommend.general:ItemRecommender",
}

# What people call them; a model that nobody put into words goes by its name.
_CALLED = {
    "rate": Say("平均比例", "average rate"),
    "linear": Say("线性回归", "linear regression"),
    "logistic": Say("回归", "regression"),
    "tree": Say("决策树", "decision tree"),
    "forest": Say("随机森林", "random forest"),
    "boosting": Say("提升树", "boosted trees"),
    "blend": Say("组合", "blend"),
    "leaving": Say("购买节奏", "rhythm of purchases"),
    "amount": Say("金额模型", "amount model"),
    "uplift": Say("联系增量模型", "effect of a contact"),
    "spend": Say("回测校准的客户价值", "customer value, checked by a back-test"),
    "next_order": Say("下单间隔模型", "time to the next order"),
    "repeat_value": Say("复购价值模型", "repeat value"),
    "products": Say("商品推荐", "product recommender"),
    "items": Say("通用推荐", "recommender of anything"),
    "groups": Say("行为分群", "behaviour groups"),
}


def model_words(name: str) -> Say:
    """What people call the model of a line."""
    return _CALLED.get(name, Say(name, name))


def register(name: str, target: str) -> None:
    """Add a line: `register("mine", "my_package.mine:MyModel")`.

    Raises:
        UsageError: when the target is not `module:Class`, or the name stands for another model already.
    """
    module, _, class_name = target.partition(":")
    if not (module and class_name.isidentifier()):
        raise UsageError(
            Say("模型要写成「模块:类」。", "A model is given as module:Class."),
            got=target,
            fix=Say("例如 my_package.mine:MyModel。", "For example my_package.mine:MyModel."),
        )
    if MODELS.get(name, target) != target:
        raise UsageError(
            Say("这个名字已经属于另一个模型。", "This name belongs to another model already."),
            got=f"{name} = {MODELS[name]}",
            fix=Say("换一个名字。", "Choose another name."),
        )
    MODELS[name] = target


def model_class(name: str) -> type[ModelBase]:
    """The class behind a line.

    Raises:
        NotFound: when no line has this name, or the line leads nowhere; lists the names that exist.
    """
    if name not in MODELS:
        raise NotFound(
            Say("没有登记这个模型。", "No model is registered under this name."),
            got=name,
            fix=Say(f"可用的有：{listed(MODELS, most=99)}。", f"Those that exist: {listed(MODELS, most=99)}."),
        )
    module, _, class_name = MODELS[name].partition(":")
    try:
        return cast("type[ModelBase]", getattr(import_module(module), class_name))
    except (ImportError, AttributeError) as wrong:
        raise NotFound(
            Say("登记的模型找不到。", "A registered model cannot be found."),
            got=f"{name} = {MODELS[name]} ({type(wrong).__name__})",
            fix=Say(
                "改正 learn/registry.py 里的这一行，或安装它所在的包。", "Correct its line in learn/registry.py, or install its package."
            ),
        ) from wrong


def name_of(model: type) -> str:
    """The name of the line of a class; a class without a line goes by its own name."""
    target = f"{model.__module__}:{model.__qualname__}"
    return next((name for name, line in MODELS.items() if line == target), model.__qualname__)
