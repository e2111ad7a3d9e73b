"""How do many series go on? The parts of the forecasting engine that `predict/series.py` puts together."""

__all__: list[str] = []
