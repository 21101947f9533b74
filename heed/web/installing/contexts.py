"""What the page shows that stands where no page can be fetched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePage:
    """installing/offline.html. It knows nobody: a browser keeps it, whoever looks at it later."""
