"""A stand-in for a bucket, which lists as S3 documents it, and for a queue."""
import dataclasses
import itertools
import urllib.parse

from checkpoint_tests import Standin


@dataclasses.dataclass
class Object:
    data: bytes
    modified: str = "2026-01-31T12:00:00.000Z"
    versions: tuple = ()
    """Its versions, the newest first; none in a bucket that keeps none."""
    status: int = 200
    tag: str = '"one"'


def error(status, code):
    return status, {"content-type": "application/xml"}, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()


class Store(Standin):
    """Lists keys in the order of their bytes, a few a page, form-encoded. The position of a page is opaque for objects, and a key and a
    version for versions. `listings` has what was asked for."""
    PAGE = 3

    def __init__(self, objects):
        super().__init__()
        self.objects, self.listings, self.opened = objects, [], []

    def read(self, request):
        url = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        key = urllib.parse.unquote(url.path).removeprefix("/inbox/")
        return self.list(query) if not key else self.object(key, request, query.get("versionId"))

    def object(self, key, request, version):
        found = self.objects.get(key)
        if found is None or found.status == 404 or (version and version not in found.versions):
            return error(404, "NoSuchKey")
        headers = {"etag": found.tag, "content-length": str(len(found.data))}
        if found.versions:
            headers["x-amz-version-id"] = version or found.versions[0]
        if request.command == "HEAD":
            self.opened.append(key)
            return 200, headers, b""
        if found.status != 200:
            return error(found.status, "InvalidObjectState")
        first, last = map(int, request.headers["range"].removeprefix("bytes=").split("-"))
        return 206, {"etag": found.tag}, found.data[first:last + 1]

    def list(self, query):
        self.listings.append(query)
        keys = sorted((key for key in self.objects if key.startswith(query["prefix"])), key=str.encode)
        if "versions" in query:
            entries = [(key, version, version == (self.objects[key].versions or ("null",))[0])
                       for key in keys for version in self.objects[key].versions or ("null",)]
            position = query.get("key-marker", ""), query.get("version-id-marker")
            if position[1]:
                rest = list(itertools.dropwhile(lambda entry: entry[:2] != position, entries))[1:]
            else:
                rest = [entry for entry in entries if entry[0].encode() > position[0].encode()]
        else:
            after = bytes.fromhex(query.get("continuation-token", "")).decode() or query.get("start-after", "")
            rest = [(key, None, True) for key in keys if key.encode() > after.encode()]
        page, is_truncated = rest[:self.PAGE], len(rest) > self.PAGE
        name = "ListVersionsResult" if "versions" in query else "ListBucketResult"
        text = f"<{name}><EncodingType>url</EncodingType><IsTruncated>{str(is_truncated).lower()}</IsTruncated>"
        if is_truncated and "versions" in query:
            text += (f"<NextKeyMarker>{self.encoded(page[-1][0])}</NextKeyMarker>"
                     f"<NextVersionIdMarker>{page[-1][1]}</NextVersionIdMarker>")
        elif is_truncated:
            text += f"<NextContinuationToken>{page[-1][0].encode().hex()}</NextContinuationToken>"
        for key, version, is_newest in page:
            kind = "Version" if version else "Contents"
            stated = f"<VersionId>{version}</VersionId><IsLatest>{str(is_newest).lower()}</IsLatest>" if version else ""
            text += (f"<{kind}><Key>{self.encoded(key)}</Key>{stated}<LastModified>{self.objects[key].modified}</LastModified>"
                     f"<Owner><ID>1</ID></Owner></{kind}>")
        return 200, {"content-type": "application/xml"}, f"{text}</{name}>".encode()

    @staticmethod
    def encoded(key):
        return urllib.parse.quote_plus(key, safe="/")
