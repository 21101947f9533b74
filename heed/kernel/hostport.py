"""Where a server listens. Without dataclasses or the settings: for programs that start per mail."""

from typing import NamedTuple


class HostPort(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def read(cls, text: str) -> "HostPort":
        """Read HOST:PORT, an IPv6 host in brackets. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            raise ValueError(text)
        return cls(host.strip("[]") or "127.0.0.1", int(port))
