"""Uploads to object storage by a form that the AI service signed beforehand: S3, Google Cloud Storage, Aliyun OSS.

docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html,
cloud.google.com/storage/docs/authentication/signatures, and Aliyun's PostObject. The policy binds names and sizes that
it allows, not the file itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptguard.model import Answer, Notice, Path, Role
from promptguard.wire.formats.interface import Annotation, Format
from promptguard.wire.formats.members import Members
from promptguard.wire.formats.refusals import refusal

_FIELDS = r"""
    protocol  key acl bucket x-amz-algorithm x-amz-date x-goog-algorithm x-goog-date success_action_status content-type
    protocol  Content-Type x-oss-signature-version x-oss-date X-Amz-Algorithm X-Amz-Date Key Cache-Control tagging
    sealed    <[A-Za-z0-9+/=_-]{40,16000}> policy Policy
    sealed    <(?:ASIA|AKIA)[A-Z0-9]{16}/\d{8}/[a-z0-9-]+/s3/aws4_request> x-amz-credential X-Amz-Credential
    sealed    <[\w.@-]+/\d{8}/[\w-]+/(?:storage/goog4_request|oss/aliyun_v4_request)> x-goog-credential x-oss-credential
    sealed    <[0-9a-f]{64,1024}> x-amz-signature X-Amz-Signature x-goog-signature x-oss-signature
    sealed    <[A-Za-z0-9+/=]{27,28}> signature Signature
    sealed    <(?:ASIA|AKIA|LTAI|STS\.)[A-Za-z0-9]{12,40}> AWSAccessKeyId OSSAccessKeyId
    sealed    <[A-Za-z0-9+/=]{100,8000}> x-amz-security-token X-Amz-Security-Token x-oss-security-token
"""


class StorageForm(Format):
    """Fields that the service signed, and the file."""

    id = "storage_form"
    members = Members(_FIELDS)
    query = Members(_FIELDS)

    def annotate(self, body: Any, paths: Sequence[Path]) -> Sequence[Annotation]:
        return [Annotation(Role.FILE)] * len(paths)

    def refuse(self, notice: Notice) -> Answer:
        return refusal({"error": {"message": notice.text, "code": notice.code}})
