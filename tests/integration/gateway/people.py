"""Who exists in the tests of the gateway."""

from typing import Any

PERSON = "0198c0de-0000-7000-8000-000000000001"
SLOW_PERSON = "0198c0de-0000-7000-8000-000000000003"
SLOW = 30  # seconds that this person's interactions take
OTHER = "0198c0de-0000-7000-8000-000000000002"
CASE = "0198c0de-0000-7000-8000-000000000011"
SECRET_CASE = "0198c0de-0000-7000-8000-000000000012"
GROUP = "0198c0de-0000-7000-8000-0000000000a1"
OTHER_GROUP = "0198c0de-0000-7000-8000-0000000000a2"
SESSION_ID = "0198c0de-0000-7000-8000-0000000000b1"
SESSION_SECRET = "session-secret-of-ana-session-secret-of-ana"


def api_token(letter: str) -> str:
    return f"trato_{letter * 10}_{letter * 43}"


ANA: dict[str, Any] = {
    "user_id": "0198c0de-0000-7000-8000-0000000000c1",
    "name": "Ana",
    "kind": "user",
    "permissions": {"people:*": "team", "companies:*": "team"},
    "groups": [GROUP],
    "teams": [GROUP],
    "group_id": GROUP,
    "session_id": SESSION_ID,
}
ADMIN: dict[str, Any] = {
    "user_id": "0198c0de-0000-7000-8000-0000000000c2",
    "name": "Admin",
    "kind": "api_key",
    "permissions": {"*:*": "all"},
    "key_id": "0198c0de-0000-7000-8000-0000000000d1",
}
READER: dict[str, Any] = {
    "user_id": "0198c0de-0000-7000-8000-0000000000c3",
    "name": "Reader",
    "kind": "api_key",
    "permissions": {"people:read": "own"},
    "key_id": "0198c0de-0000-7000-8000-0000000000d2",
}
ADMIN_TOKEN, READER_TOKEN = api_token("a"), api_token("b")
UNKNOWN_TOKEN = api_token("z")
# Further keys of the administrator's, each for one test: no gateway has seen it before.
NEW_TOKENS = [api_token(letter) for letter in "cdefg"]
KEYS = {ADMIN_TOKEN: ADMIN, READER_TOKEN: READER, SESSION_SECRET: ANA, **dict.fromkeys(NEW_TOKENS, ADMIN)}
