"""The program of the commands: `python -m commands work`."""

import gc

gc.disable()  # what is loaded at the start stays: to look through it for garbage takes a fifth of the start

from commands import Commands, settings_or_end  # noqa: E402 - the above is about this

settings_or_end()
Commands(help="Đạt Chuẩn: one command for each noun.").main(prog_name="script/flask")
