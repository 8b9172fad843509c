"""What open clocks run by: it says how many a change of it concerned, and which job moves them."""

from uuid import UUID

from chassis.fields import Count, Id, ReadOnly
from chassis.model import Mapped, column


class Recalculated:
    """A record after whose change open clocks are counted anew, in the background."""

    recalculation_job_id: Mapped[ReadOnly[Id] | None] = column(sort_order=50, doc="The job that moves the open clocks.")
    clocks_examined: Mapped[ReadOnly[Count] | None] = column(
        sort_order=51, doc="Open clocks that the last change concerned."
    )
    clocks_moved: Mapped[ReadOnly[Count] | None] = column(
        sort_order=52, doc="How many of them fall due at another instant now."
    )

    def await_recalculation(self, job_id: UUID) -> None:
        """Remember which job moves the open clocks."""
        self.recalculation_job_id, self.clocks_examined, self.clocks_moved = job_id, None, None

    @property
    def awaits_recalculation(self) -> bool:
        """Whether the last change has not reached all clocks yet."""
        return self.recalculation_job_id is not None and self.clocks_moved is None

    def counted(self, examined: int, moved: int) -> None:
        """Remember how many open clocks a change concerned and how many it moved."""
        self.clocks_examined, self.clocks_moved = examined, moved
