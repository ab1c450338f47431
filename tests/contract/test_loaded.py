"""What a web process does not load before somebody needs it, so that it answers soon after its start."""

import json
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[2]
NEEDED_LATER = {
    *("alembic", "docx", "fontTools", "lxml", "pikepdf", "PIL", "weasyprint", "xlsxwriter"),  # files, one at a time
    *("casework.drawings", "documents.kinds", "documents.pdf", "documents.word", "segno"),  # papers
    *("asn1crypto", "cryptography", "pkcs11", "pyhanko"),  # keys and signatures
    *("rich", "structlog"),  # the log, of which most starts write no line
    *("hypothesis", "pytest", "sqlalchemy.orm"),
}
PROGRAM = "import json, sys, app; app.create_app(); print(json.dumps(list(sys.modules)))"


def test_a_web_process_loads_nothing_before_it_is_needed(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    program = [sys.executable, "-c", PROGRAM]
    told = subprocess.run(
        program,
        cwd=HOME,
        env={**environment, "INSTANCE_PATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(json.loads(told.stdout))
    assert {"app", "blueprints.desk", "casework.door", "flask"} <= loaded
    assert not loaded & NEEDED_LATER
