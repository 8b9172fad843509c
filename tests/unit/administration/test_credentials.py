from chassis import credentials


def test_a_token_says_what_it_is_and_hides_what_it_knows():
    made = credentials.new_api_token()
    assert made.token.startswith(f"trato_{made.prefix}_")
    assert credentials.is_api_token(made.token)
    assert made.token not in repr(made)


def test_tokens_never_repeat():
    made = [credentials.new_api_token() for _ in range(200)]
    assert len({each.token for each in made}) == len({each.prefix for each in made}) == 200


def test_what_is_not_a_token_is_seen_without_asking_anybody():
    for text in ("", "trato_", "trato_short_x", "Bearer trato", "trato_0000_" + "0" * 32, "trato_x\n_" + "a" * 43):
        assert not credentials.is_api_token(text)


def test_what_is_stored_does_not_give_the_secret_away():
    secret = credentials.new_secret()
    stored = credentials.hash_secret(secret)
    assert len(stored) == 64
    assert secret not in stored


def test_a_csrf_token_belongs_to_one_session():
    one, other = credentials.new_secret(), credentials.new_secret()
    assert credentials.is_csrf_token(one, credentials.csrf_token(one))
    assert not credentials.is_csrf_token(other, credentials.csrf_token(one))
    assert not credentials.is_csrf_token(one, None)
    assert credentials.csrf_token(one) != credentials.hash_secret(one)
