"""What a command says when it can't do what it was asked."""


class Problem(Exception):
    """One clear sentence for a person: what is wrong and what to do about it. The code is the exit code."""

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code
