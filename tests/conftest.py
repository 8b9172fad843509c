"""Every test runs on green threads, as the services do; the real parts they need start by themselves, once."""

import warnings

# eventlet announces its own retirement; docs/decisions say what that means for us.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
warnings.filterwarnings("ignore", category=DeprecationWarning, module="eventlet")

import eventlet  # noqa: E402

eventlet.monkey_patch()

pytest_plugins = ["tests.kit.fixtures"]
