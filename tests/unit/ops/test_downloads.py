"""A download link grants one file for a while, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.blobs import DownloadExpired, DownloadRefused, sign_download, verify_download

KEY = "ab" * 32
NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)
SECRET = "s" * 32


@pytest.fixture
def token(noon):
    return sign_download(KEY, "contactos año.csv", "text/csv", NOON + timedelta(minutes=5), secret=SECRET)


def test_a_link_says_what_to_send(token):
    download = verify_download(token, secret=SECRET)
    assert (download.key, download.filename, download.media_type) == (KEY, "contactos año.csv", "text/csv")
    assert download.expires_at == NOON + timedelta(minutes=5)


def test_a_link_expires(token, noon):
    noon.advance(timedelta(minutes=5))
    with pytest.raises(DownloadExpired):
        verify_download(token, secret=SECRET)


@pytest.mark.parametrize(
    "change", [lambda t: "x" + t, lambda t: t[:-2] + "AA", lambda t: t.partition(".")[0], lambda _: ""]
)
def test_a_changed_link_is_refused(token, change):
    with pytest.raises(DownloadRefused):
        verify_download(change(token), secret=SECRET)


def test_a_link_signed_with_another_secret_is_refused(token):
    with pytest.raises(DownloadRefused):
        verify_download(token, secret="t" * 32)
