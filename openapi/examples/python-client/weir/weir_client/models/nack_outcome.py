from enum import StrEnum

class NackOutcome(StrEnum):
    REJECT = "reject"
    RELEASE = "release"
    RETRY = "retry"

    def __str__(self) -> str:
        return str(self.value)
