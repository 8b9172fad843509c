"""The figures of calls answered here, bound to their labels once so that counting costs next to nothing."""

from collections.abc import Callable

from chassis.ops.metrics import rpc_dropped, rpc_running, rpc_seconds


class MethodMetrics:
    """Time and outcome of one method's calls."""

    def __init__(self, service: str, method: str) -> None:
        self._service, self._method = service, method
        self._observe: dict[str, Callable[[float], None]] = {}

    def observe(self, outcome: str, seconds: float) -> None:
        """Count one call; ``outcome`` is ``ok`` or a status such as ``404``."""
        observe = self._observe.get(outcome)
        if observe is None:
            observe = rpc_seconds.labels(self._service, self._method, outcome).observe
            self._observe[outcome] = observe
        observe(seconds)


class ServiceMetrics:
    """What is counted for a service as a whole."""

    def __init__(self, service: str, running: Callable[[], int]) -> None:
        rpc_running.labels(service).set_function(running)
        self.expired: Callable[[], None] = rpc_dropped.labels(service, "expired").inc
        self.unreachable: Callable[[], None] = rpc_dropped.labels(service, "unreachable").inc
