"""How do your series go on? One call, no settings."""

from zhiyin.predict.series import fit_forecaster

__all__ = ["fit_forecaster"]
