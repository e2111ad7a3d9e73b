"""How do your series go on, and do the parts add up? One call each, no settings."""

from zhiyin.predict.forecasting.reconcile import reconcile
from zhiyin.predict.series import fit_forecaster

__all__ = ["fit_forecaster", "reconcile"]
