"""Finding in a finished paper the pages that concern one of the units that it is about."""

import unicodedata

SIGNED_AT = "nơi nhận:"


def pages_for(pdf: bytes, name: str) -> tuple[int, ...]:
    """The pages (from 1) that an extract for a unit needs: the first, those that name it, the one that is signed."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        texts = [_plain(page.get_textpage().get_text_range()) for page in document]
    wanted, signed = _plain(name), [at for at, text in enumerate(texts) if SIGNED_AT in text][:1]
    naming = [at for at, text in enumerate(texts) if wanted in text]
    return tuple(at + 1 for at in sorted({0, *naming, *signed}))


def _plain(text: str) -> str:
    """A text in small letters, composed, each run of spaces being one."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())
