"""Files go in and out as streams, in a folder and in a bucket alike."""

import hashlib
import io
import os
import resource
import ssl
import subprocess
import sys
import time
import urllib.request

import boto3
import pytest

from chassis import settings
from chassis.blobs import BlobNotFound, BlobTooLarge, RangeOutside, open_store
from tests.kit.rabbitmq import free_ports

MIB = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def _green_ssl():
    # A pytest plugin imports urllib3 before conftest patches ssl; in a service the patch comes first.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.httpsession.SSLContext", ssl.SSLContext)
        yield


@pytest.fixture(scope="module")
def s3_endpoint():
    port = free_ports(1)
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                urllib.request.urlopen(url, timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        bucket = boto3.client(
            "s3", endpoint_url=url, region_name="eu-south-2", aws_access_key_id="k", aws_secret_access_key="s"
        )
        bucket.create_bucket(Bucket="trato", CreateBucketConfiguration={"LocationConstraint": "eu-south-2"})
        yield url
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture(params=["file", "s3"])
def store(request, tmp_path):
    if request.param == "file":
        return open_store(settings.for_tests(blobs=f"file://{tmp_path}/blobs"))
    endpoint = request.getfixturevalue("s3_endpoint")
    return open_store(
        settings.for_tests(
            blobs=f"s3://trato/{tmp_path.name}?endpoint={endpoint}&region=eu-south-2", s3_key="k", s3_secret="s"
        )
    )


def whole(chunks):
    return b"".join(chunks)


def test_what_was_put_comes_out_unchanged(store):
    ref = store.put(io.BytesIO(b"Hola, mundo"))
    assert ref.key == hashlib.sha256(b"Hola, mundo").hexdigest()
    assert ref.size == 11
    assert whole(store.open(ref.key)) == b"Hola, mundo"
    assert store.size(ref.key) == 11


def test_a_generator_can_be_put_too(store):
    ref = store.put(chunk for chunk in (b"a", b"", b"b"))
    assert whole(store.open(ref.key)) == b"ab"


def test_an_empty_file_is_a_file(store):
    ref = store.put(io.BytesIO())
    assert ref.size == 0
    assert whole(store.open(ref.key)) == b""


def test_equal_contents_are_kept_once(store):
    assert store.put(io.BytesIO(b"same")) == store.put(io.BytesIO(b"same"))


@pytest.mark.parametrize(
    ("start", "length", "part"), [(2, 3, b"234"), (7, None, b"789"), (8, 99, b"89"), (10, None, b"")]
)
def test_a_part_can_be_read(store, start, length, part):
    ref = store.put(io.BytesIO(b"0123456789"))
    assert whole(store.open(ref.key, start, length)) == part


def test_a_part_outside_the_file_is_refused(store):
    ref = store.put(io.BytesIO(b"0123456789"))
    with pytest.raises(RangeOutside):
        store.open(ref.key, 11)


def test_a_file_that_is_not_there_is_not_found(store):
    for key in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(BlobNotFound):
            store.open(key)
        with pytest.raises(BlobNotFound):
            store.size(key)


def test_a_deleted_file_is_gone_and_deleting_again_is_harmless(store):
    ref = store.put(io.BytesIO(b"bye"))
    store.delete(ref.key)
    store.delete(ref.key)
    with pytest.raises(BlobNotFound):
        store.open(ref.key)


def test_a_stream_past_the_limit_is_refused_before_it_ends(store):
    taken = []

    def endless():
        while True:
            taken.append(MIB)
            yield bytes(MIB)

    with pytest.raises(BlobTooLarge):
        store.put(endless(), limit=3 * MIB)
    assert len(taken) == 4


def test_a_file_of_several_parts_arrives_whole_in_little_memory(store):
    size = 90
    pattern = os.urandom(MIB)
    digest = hashlib.sha256()
    for _ in range(size):
        digest.update(pattern)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ref = store.put(pattern for _ in range(size))
    assert ref.key == digest.hexdigest()
    assert ref.size == size * MIB
    read = hashlib.sha256()
    for chunk in store.open(ref.key):
        read.update(chunk)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert read.hexdigest() == ref.key
    assert grown < 75 * 1024, f"{grown} KiB"


def test_a_stream_that_breaks_leaves_nothing_behind(store, tmp_path, request):
    def broken():
        yield os.urandom(20 * MIB)
        raise OSError("the line is cut")

    with pytest.raises(OSError, match="the line is cut"):
        store.put(broken())
    if "file" in request.node.name:
        assert list((tmp_path / "blobs" / "incoming").iterdir()) == []
    else:
        endpoint = request.getfixturevalue("s3_endpoint")
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="eu-south-2", aws_access_key_id="k", aws_secret_access_key="s"
        )
        assert client.list_multipart_uploads(Bucket="trato").get("Uploads", []) == []
