"""The copies of an issued document by their form (Decree 30/2020, Articles 25 to 27): true copy, copy of one, extract.

What is laid out here is the part that a copy adds under the last text of the copied document; `joining` puts both
together.
"""

from dataclasses import dataclass
from typing import Literal

from documents.document import document
from documents.records import BadFacts, CopiedDocument, Frame

PaintedPart = Literal["whole", "text", "marks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPart(Frame):
    """What a copy says of itself: who copies, number and day, who signs, for whom, and which document it copies.

    To be put on the pages of the copied document it is painted without the marks of a draft, or these alone.
    """

    copied: CopiedDocument
    part: PaintedPart = "whole"


@document("true_copy")
class TrueCopy(CopyPart):
    """A whole copy of the original (sao y)."""


@document("copy_of_copy")
class CopyOfCopy(CopyPart):
    """A whole copy of a true copy (sao lục)."""


@document("extract")
class Extract(CopyPart):
    """A copy of some pages of the original (trích sao)."""

    def __post_init__(self) -> None:
        """Refuse an extract that does not say of which pages."""
        Frame.__post_init__(self)
        if not self.copied.pages:
            raise BadFacts("copied.pages: an extract is of some pages")
