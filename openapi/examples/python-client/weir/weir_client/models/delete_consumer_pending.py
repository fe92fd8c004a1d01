from enum import StrEnum

class DeleteConsumerPending(StrEnum):
    DROP = "drop"
    REFUSE = "refuse"
    RELEASE = "release"

    def __str__(self) -> str:
        return str(self.value)
