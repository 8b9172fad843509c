"""The flagship journey: one customer's story through all services and out to another program, in twelve steps.

``./trato demo`` plays it against the running system, ``tests/journeys`` asserts it while parts of the system die.
It knows the public HTTP surface, mail, and events as another program hears them: nothing else.
"""
