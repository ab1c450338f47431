"""Making answers small: pages as they go out, style sheets and scripts once, kept beside their sources."""

import gzip
import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import brotli
from flask import Flask
from flask_compress import Compress

STATIC = Path(__file__).parents[1] / "static"
KEPT = STATIC / "__pycache__"
PACKED = {".css", ".js", ".svg"}
SMALLEST_BYTES = 500


def prepare(app: Flask) -> None:
    """Compress pages and JSON as they go out, by Brotli where the browser knows it."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "application/json", "image/svg+xml"],
        COMPRESS_MIN_SIZE=SMALLEST_BYTES,
    )
    Compress(app)


def static_folder() -> Path:
    """The folder of static files with compressed twins beside them; the plain one where nothing can be written."""
    files = sorted(path for path in STATIC.rglob("*") if path.is_file() and KEPT not in path.parents)
    told = sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()
    folder = KEPT / told[:16]
    if not folder.exists():
        try:
            _pack(files, folder)
        except OSError:
            return STATIC
    return folder


def _pack(files: list[Path], folder: Path) -> None:
    """Copy and compress everything aside, then put it in place at once; another process may have been quicker."""
    KEPT.mkdir(exist_ok=True)
    half = Path(mkdtemp(dir=KEPT))
    half.chmod(0o755)
    for path in files:
        copy = half / path.relative_to(STATIC)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        if path.suffix in PACKED and path.stat().st_size > SMALLEST_BYTES:
            content = path.read_bytes()
            copy.with_name(f"{path.name}.br").write_bytes(brotli.compress(content))
            copy.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, mtime=0))
    try:
        half.rename(folder)
    except OSError:
        shutil.rmtree(half)
        if not folder.exists():
            raise
