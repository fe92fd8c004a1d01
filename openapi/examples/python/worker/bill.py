"""The work."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def bill(entry_id: str, fields: Mapping[str, str]) -> None:
    """Prints a line for an order. Raises a `ValueError` if its total is not a decimal number."""
    total = fields.get("total", "")
    # Stands for work that takes long.
    time.sleep(int(fields.get("takesMs", "0")) / 1000)
    if not DECIMAL.fullmatch(total):
        raise ValueError(f'the total "{total}" is not a decimal number')
    print(entry_id, fields.get("order"), total, flush=True)
