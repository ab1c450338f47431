"""Time stamps by RFC 3161, fetched over HTTP: what an authority answers is held against what it was asked."""

from typing import Any

import aiohttp
from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError

from documents.signing.keys import SigningFault

SECONDS: float = 10
GRANTED = frozenset({"granted", "granted_with_mods"})


class Answer(core.Sequence):  # type: ignore[misc]  # the library says not what it is
    """What an authority answers; a refusal holds no stamp, which the library's own reading does not allow."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012 - as the library wants it


class Stamper(HTTPTimeStamper):
    """An authority at an address, whose refusals and wrong answers are told apart from its silence."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=SECONDS)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A time stamp over these bytes and no others; `SigningFault` says why there is none."""
        nonce, asked = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]  # it says not what it takes
        try:
            answer = await self.async_request_tsa_response(asked)
            return _token(Answer.load(answer.dump()), message_digest, nonce)
        except TimestampRequestError as error:
            wrong = isinstance(error.__cause__, aiohttp.ContentTypeError)
            raise SigningFault("time_stamp_wrong" if wrong else "time_stamp", f"{error}: {error.__cause__}") from None
        except (ValueError, TypeError, KeyError) as error:
            raise SigningFault("time_stamp_wrong", str(error)) from None


def stamper_at(url: str) -> TimeStamper | None:
    """The time-stamp authority at an address; None without one."""
    return Stamper(url) if url else None


def _token(answer: Answer, digest: bytes, nonce: Any) -> cms.ContentInfo:
    """The stamp in an answer, once it is seen to be over these bytes and for this request."""
    if answer["status"]["status"].native not in GRANTED:
        raise SigningFault("time_stamp_refused", str(answer["status"].native))
    token = answer["time_stamp_token"]
    said = token["content"]["encap_content_info"]["content"].parsed
    if said["nonce"].native != nonce or said["message_imprint"]["hashed_message"].native != digest:
        raise SigningFault("time_stamp_wrong", "it is a stamp over something else")
    return token
