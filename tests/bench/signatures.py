"""Signing a paper with the key loaded, the floor being the key's own operation, and the memory of many signatures."""

import resource
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from documents.signing.writing import Manner, sign
from tests.bench.figures import Figure, alone, timed
from tests.signed_paper import signed_paper

ROUNDS, TIMES = 9, 10
MANY = 200


def measure() -> list[Figure]:
    """One signature at B-B, the operation of the key in it, and by how much the process grows over 200 signatures."""
    paper, manner = signed_paper(), Manner()
    private = paper.signer.private
    assert isinstance(private, RSAPrivateKey)
    spent = [timed(lambda: sign(paper.issued, "signer", paper.signer, manner), TIMES) for _ in range(ROUNDS)]
    raw = [timed(lambda: private.sign(b"x" * 64, PKCS1v15(), SHA256()), TIMES) for _ in range(ROUNDS)]
    before = _megabytes()
    timed(lambda: sign(paper.issued, "signer", paper.signer, manner), MANY)
    grown = Figure(f"memory grown over {MANY} signatures", _megabytes() - before, "MB", None, None, 8)
    return [
        alone("sign a paper, key loaded", spent, 25, "ms"),
        alone("the key's own operation in it", raw, 5, "ms"),
        grown,
    ]


def _megabytes() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024
