"""How is intake doing, in figures that Prometheus reads? Counts by source, waiting events, and how long senders wait."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from zhiyin.app.serving import Serving

__all__ = ["Metrics"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)  # those of OpenTelemetry for HTTP


class Metrics:
    """The figures of one server.

    Args:
        serving: the open workspace.
    """

    def __init__(self, serving: Serving) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Counts(serving))
        self.seconds = Histogram(
            "zhiyin_intake_ack_seconds", "Time until a request is on the disk", ["form"], buckets=_SECONDS, registry=self._registry
        )
        self.turned_away = Counter("zhiyin_intake_turned_away", "Requests that were refused as a whole", ["code"], registry=self._registry)

    def page(self) -> Response[bytes]:
        """The page that Prometheus reads."""
        return Response(generate_latest(self._registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Counts(Collector):
    """What stands in the inbox, read when it is asked for."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def describe(self) -> list[Metric]:
        """Nothing is read when the collector is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Events by source and result, and those that wait."""
        events = CounterMetricFamily("zhiyin_intake_events", "Events by what came of them", labels=["source", "result"])
        for count in self._serving.counts():
            for result in ("stored", "duplicate", "refused"):
                events.add_metric([count.source, result], getattr(count, result))
        yield events
        waiting = GaugeMetricFamily("zhiyin_intake_waiting_events", "Events that wait for the disk")
        waiting.add_metric([], self._serving.waiting())
        yield waiting
