"""What the work without a request may use: the database, the storage of files, and the way out for messages."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from obstore.store import ObjectStore
from sqlalchemy import Engine

from casework.storage import open_storage
from documents.signing.office import Office
from jobs.delivery import Delivery, delivery_of
from settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """The database, files, keys and notes, where messages go and from whom, and where people reach the pages."""

    engine: Engine
    storage: ObjectStore
    viewings: Path
    delivery: Delivery
    sender: str
    public_url: str
    practice: bool
    keys_path: Path
    office: Office | None = None


def tools_of(settings: Settings, engine: Engine) -> Tools:
    """The tools that the settings describe."""
    server = settings.mail_server
    return Tools(
        engine=engine,
        storage=open_storage(settings.files_path),
        viewings=settings.viewings_path,
        delivery=delivery_of(settings),
        sender=server.sender if server else f"Đạt Chuẩn <datchuan@{urlsplit(settings.public_url).hostname}>",
        public_url=settings.public_url,
        practice=settings.practice,
        keys_path=settings.keys_path,
        office=settings.office,
    )
