"""The work."""

from __future__ import annotations

import asyncio
import re

from weir.models import Fields

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


async def bill(entry_id: str, fields: Fields) -> None:
    """Prints a line for an order. Raises a `ValueError` if its total is not a decimal number."""
    order = fields.additional_properties
    total = order.get("total", "")
    # Stands for work that takes long.
    await asyncio.sleep(int(order.get("takesMs", "0")) / 1000)
    if not DECIMAL.fullmatch(total):
        raise ValueError(f'the total "{total}" is not a decimal number')
    print(entry_id, order.get("order"), total, flush=True)
