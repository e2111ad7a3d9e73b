import pytest

from contracts.honest import HONEST
from zhiyin.learn import registry


@pytest.fixture(autouse=True)
def _honest_are_registered(monkeypatch):
    """The example models enter by the same line as any other, for one test."""
    lines = {model.__name__: f"{model.__module__}:{model.__name__}" for model in HONEST}
    monkeypatch.setattr(registry, "MODELS", registry.MODELS | lines)
