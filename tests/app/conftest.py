"""The invented shop and the command line, for every test of this folder."""

from app.intake import home
from journeys.fixtures import another_shop, shop, whole_shop, zhiyin_says

__all__ = ["another_shop", "home", "shop", "whole_shop", "zhiyin_says"]
