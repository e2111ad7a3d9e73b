"""Every engine on your own table in one call: no workspace, no configuration."""

__all__ = ["Template", "Wishes", "fit_adviser", "fit_forecaster", "fit_linker", "fit_predictor", "fit_recommender", "link", "reconcile"]

from zhiyin.lab.advice import Template, fit_adviser
from zhiyin.lab.forecasting import fit_forecaster, reconcile
from zhiyin.lab.linking import fit_linker, link
from zhiyin.lab.prediction import Wishes, fit_predictor
from zhiyin.lab.recommendation import fit_recommender
