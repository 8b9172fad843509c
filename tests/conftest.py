"""Every test runs on green threads, as the services do; the real parts they need start by themselves, once."""

import os
import warnings

# Where nothing else is set, tests run with the defaults of a development machine.
os.environ.setdefault("TRATO_ENVIRONMENT", "development")

# eventlet announces its own retirement; docs/decisions say what that means for us.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
warnings.filterwarnings("ignore", category=DeprecationWarning, module="eventlet")

import eventlet  # noqa: E402

eventlet.monkey_patch()

pytest_plugins = ["tests.kit.fixtures"]
