"""Every test runs on green threads, as the services do; the real parts they need start by themselves, once."""

import os
import sys
import warnings

# Where nothing else is set, tests run with the defaults of a development machine.
os.environ.setdefault("TRATO_ENVIRONMENT", "development")

# Hundreds of processes start in a run: what is compiled is kept, also on machines that prefer not to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Threads that hash passwords would leave a worker with hundreds of megabytes in arenas of their own.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")

# eventlet announces its own retirement; docs/decisions say what that means for us.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
warnings.filterwarnings("ignore", category=DeprecationWarning, module="eventlet")

import eventlet  # noqa: E402
import hypothesis  # noqa: E402
import pytest  # noqa: E402

from tests.kit import files  # noqa: E402

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# With `-n` this process only hands tests out, over real threads; the workers that run them are patched.
if IS_WORKER or "-n" not in sys.argv:
    eventlet.monkey_patch()
if IS_WORKER:
    from tests.kit.parallel import let_real_threads_wake_us

    let_real_threads_wake_us()

# The same examples in every run, and none fails because the machine stood still for a moment. New ones are looked for
# with `--hypothesis-profile=default`.
hypothesis.settings.register_profile("trato", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("trato")

pytest_plugins = ["tests.kit.fixtures"]

# What takes long comes first, so that no test worker is left alone with it in the end. Files that share servers stand
# together.
LONG_FIRST = (
    "tests/integration/launcher/test_up.py",
    "tests/integration/launcher/test_observe.py",
    "tests/chaos/",
    "tests/journeys/",
    "tests/architecture/test_how_to.py",
    "tests/broker/events/test_outages.py",
    "tests/broker/events/",
    "tests/broker/ops/",
    "tests/broker/",
    "tests/contract/",
    "tests/integration/gateway/",
    "tests/integration/launcher/",
    "tests/integration/jobs/",
    "tests/integration/migrations/",
)


def pytest_configure(config):
    files.keep_apart(config)


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    folder = files.kept(config)
    if exitstatus and folder is not None:
        terminalreporter.write_line(f"What the tests left is in {folder}")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session, exitstatus):
    try:
        return (yield)
    finally:
        if not exitstatus:
            files.remove(session.config)


def pytest_collection_modifyitems(items):
    def place(item):
        starts = (number for number, start in enumerate(LONG_FIRST) if item.nodeid.startswith(start))
        return next(starts, len(LONG_FIRST))

    items.sort(key=place)
