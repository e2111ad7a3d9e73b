"""The base class of each verb: it checks input, state and output; a newcomer writes the underscored form only.

| verb | base class | write |
|---|---|---|
| predict | PredictorBase | `_predict(rows)`, `_fit(examples)` unless it is a rule, `_reasons(rows)` if it `explains` |
| assign | AssignerBase | `_assign(rows)`, `_fit(rows)` |
| recommend | RecommenderBase | `_recommend(customers, k)`, `_fit(interactions)` |
| forecast | ForecasterBase | `_forecast(grid)`, `_fit(series)` |
| read | ReaderBase | `_read(texts)`, `_fit(examples)` |
| choose | ChooserBase | `_choose(context, options)`, `_fit(examples)` |
"""

from __future__ import annotations

from zhiyin.learn.life import ModelBase
from zhiyin.learn.lists import RecommenderBase
from zhiyin.learn.rowwise import AssignerBase, ChooserBase, PredictorBase
from zhiyin.learn.series import ForecasterBase
from zhiyin.learn.texts import ReaderBase

__all__ = ["AssignerBase", "ChooserBase", "ForecasterBase", "ModelBase", "PredictorBase", "ReaderBase", "RecommenderBase"]
