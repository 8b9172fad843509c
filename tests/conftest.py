"""Every test runs on green threads, as the services do; the real parts they need start by themselves, once."""

import os
import sys
import warnings

# Where nothing else is set, tests run with the defaults of a development machine.
os.environ.setdefault("TRATO_ENVIRONMENT", "development")

# Hundreds of processes start in a run: what is compiled is kept, also on machines that prefer not to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# eventlet announces its own retirement; docs/decisions say what that means for us.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
warnings.filterwarnings("ignore", category=DeprecationWarning, module="eventlet")

import eventlet  # noqa: E402

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# With `-n` this process only hands tests out, over real threads; the workers that run them are patched.
if IS_WORKER or "-n" not in sys.argv:
    eventlet.monkey_patch()
if IS_WORKER:
    from tests.kit.parallel import let_real_threads_wake_us

    let_real_threads_wake_us()

pytest_plugins = ["tests.kit.fixtures"]
