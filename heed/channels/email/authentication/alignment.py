"""When two domains are the same sender's (RFC 7489, 3.1): the same registered domain by the public suffix list."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    """Read once a process: the list comes with its package and is refreshed with it."""
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registered(domain: str) -> str:
    """The registered domain above this one; the domain itself where there is none. Lower case, ASCII form."""
    name = domain.strip().rstrip(".").lower()
    if not name or len(name) > 253:
        return name
    return str(_suffixes().privatesuffix(name) or name)


def is_public_suffix(domain: str) -> bool:
    """Whether anybody can register names right below this one: it vouches for nobody."""
    name = domain.strip().rstrip(".").lower()
    return bool(name) and _suffixes().privatesuffix(name) is None


def aligned(claimed: str, proved: str, *, strictly: bool = False) -> bool:
    """Whether a proof for one domain is a proof for the other."""
    one, other = (name.strip().rstrip(".").lower() for name in (claimed, proved))
    if not one or not other or is_public_suffix(other):
        return False
    return one == other or (not strictly and registered(one) == registered(other))
