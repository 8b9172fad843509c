from datetime import UTC, datetime

from services.notifications.domain.signing import headers, new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'


def test_the_signature_is_that_of_the_specification():
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY) == expected


def test_each_valid_secret_signs():
    found = headers([SECRET, new_secret()], "id", AT, BODY)
    assert found["webhook-timestamp"] == "1614265330"
    first, second = found["webhook-signature"].split(" ")
    assert first == signature(SECRET, "id", AT, BODY)
    assert first != second


def test_no_two_secrets_are_alike():
    assert len({new_secret() for _ in range(100)}) == 100
