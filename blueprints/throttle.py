"""A measure of how often one address asks a public page: in the memory of this process, forgotten after a minute."""

import threading
import time
from dataclasses import dataclass, field

SECONDS = 60.0
MOST_ADDRESSES = 10_000


@dataclass
class Throttle:
    """At most so many questions of one address in a minute; every address begins anew when too many are remembered."""

    most: int
    _asked: dict[str, tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, address: str) -> bool:
        """Count a question, and say whether it may be answered."""
        with self._lock:
            moment = time.monotonic()
            began, count = self._asked.get(address, (moment, 0))
            if moment - began >= SECONDS:
                began, count = moment, 0
            if len(self._asked) >= MOST_ADDRESSES and address not in self._asked:
                self._asked.clear()
            self._asked[address] = (began, count + 1)
            return count < self.most
