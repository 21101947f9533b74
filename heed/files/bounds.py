"""How a process apart binds itself before it looks at what a stranger sent."""

import resource


def limit_itself(seconds: int, megabytes: int) -> None:
    """From here on this process may work so long and take so much memory, and writes no file.

    It starts no other process either, nor a thread; of a process that runs as root the system asks that in vain.
    """
    _limit(resource.RLIMIT_AS, megabytes * 1_000_000)
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
