"""Keys on a token, spoken to through its PKCS#11 module: finding the certificate, and a session that signs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, ObjectClass, PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import open_pkcs11_session

from documents.signing.keys import OnToken, SigningFault


@contextmanager
def session_on(place: OnToken) -> Iterator[Any]:
    """A session on the token; `SigningFault` when it cannot be reached or the PIN is wrong."""
    try:
        criteria = TokenCriteria(label=place.token)
        with open_pkcs11_session(place.module, token_criteria=criteria, user_pin=place.pin) as session:
            yield session
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinInvalid, pkcs11.PinLenRange) as refused:
        raise SigningFault("key_locked", type(refused).__name__) from None
    except (PKCS11Error, OSError) as refused:
        raise SigningFault("token", f"{type(refused).__name__}: {refused}") from None


def certificate_of(place: OnToken) -> x509.Certificate:
    """The certificate that lies beside the key on the token."""
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: place.label}
    with session_on(place) as session:
        found = [bytes(one[Attribute.VALUE]) for one in session.get_objects(wanted)]
    if not found:
        raise SigningFault("key_missing", f"no certificate '{place.label}' on the token")
    return x509.load_der_x509_certificate(found[0])
