"""Files in an S3-compatible bucket: sent in parts, so that a process never holds a whole one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from chassis.blobs import CHUNK, BlobNotFound, BlobRef, Stream, checked_key, chunks, span
from chassis.ids import new_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

# S3 takes at most 10,000 parts: 16 MiB each reach 156 GiB.
PART: Final = 16 * 1024 * 1024


class S3Store:
    """A blob store in one bucket, under a prefix."""

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        key: str | None = None,
        secret: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client: S3Client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 4},
                # Many S3-compatible stores know neither virtual hosts nor the newer checksums.
                s3={"addressing_style": "path"} if endpoint else {},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, stream: Stream, *, limit: int | None = None) -> BlobRef:
        """Store a stream; raise ``BlobTooLarge`` past ``limit`` bytes. Repeating it is harmless."""
        upload = _Upload(self._client, self._bucket, f"{self._prefix}incoming/{new_id().hex}")
        buffer = bytearray()
        try:
            for chunk in chunks(stream, limit=limit):
                upload.take(chunk)
                buffer += chunk
                while len(buffer) >= PART:
                    upload.send(bytes(memoryview(buffer)[:PART]))
                    del buffer[:PART]
            key = upload.digest.hexdigest()
            if upload.parts:
                self._finish(upload, bytes(buffer), key)
            else:
                self._client.put_object(Bucket=self._bucket, Key=self._name(key), Body=bytes(buffer))
        except BaseException:
            upload.abort()
            raise
        return BlobRef(key, upload.size)

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return the chunks from byte ``start``; raise ``BlobNotFound`` or ``RangeOutside`` at once."""
        first, count = span(self.size(key), start, length)
        if count == 0:
            return iter(())
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._name(key), Range=f"bytes={first}-{first + count - 1}"
            )
        except ClientError as error:
            raise _translated(error) from error
        return iter(answer["Body"].iter_chunks(CHUNK))

    def size(self, key: str) -> int:
        """Return the bytes of a file. Raise ``BlobNotFound``."""
        try:
            return self._client.head_object(Bucket=self._bucket, Key=self._name(key))["ContentLength"]
        except ClientError as error:
            raise _translated(error) from error

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        return self._prefix + checked_key(key)

    def _finish(self, upload: "_Upload", last: bytes, key: str) -> None:
        # The name is the hash, known only at the end: the bucket itself moves the file there.
        upload.complete(last)
        source = {"Bucket": self._bucket, "Key": upload.name}
        self._client.copy(
            {"Bucket": source["Bucket"], "Key": source["Key"]},
            self._bucket,
            self._name(key),
            Config=TransferConfig(use_threads=False),
        )
        self._client.delete_object(Bucket=self._bucket, Key=upload.name)


@dataclass
class _Upload:
    """A file on its way: what was counted, and the parts that already arrived."""

    client: "S3Client"
    bucket: str
    name: str
    size: int = 0
    upload_id: str | None = None
    parts: "list[CompletedPartTypeDef]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()

    def take(self, chunk: bytes) -> None:
        self.digest.update(chunk)
        self.size += len(chunk)

    def send(self, part: bytes) -> None:
        if self.upload_id is None:
            started = self.client.create_multipart_upload(Bucket=self.bucket, Key=self.name)
            self.upload_id = started["UploadId"]
        number = len(self.parts) + 1
        answer = self.client.upload_part(
            Bucket=self.bucket, Key=self.name, UploadId=self.upload_id, PartNumber=number, Body=part
        )
        self.parts.append({"PartNumber": number, "ETag": answer["ETag"]})

    def complete(self, last: bytes) -> None:
        if last:
            self.send(last)
        assert self.upload_id is not None
        self.client.complete_multipart_upload(
            Bucket=self.bucket,
            Key=self.name,
            UploadId=self.upload_id,
            MultipartUpload={"Parts": self.parts},
        )
        self.upload_id = None

    def abort(self) -> None:
        # Parts of an upload that nobody ends are kept, and paid for, until somebody aborts it.
        if self.upload_id is not None:
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=self.name, UploadId=self.upload_id)


def _translated(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    return BlobNotFound() if code in {"404", "NoSuchKey", "NotFound"} else error
