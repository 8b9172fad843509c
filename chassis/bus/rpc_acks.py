"""Acknowledges deliveries in bulk: one frame for many calls, wherever their order allows it."""

from chassis.bus.rpc_frames import ack_frame


class Acks:
    """What is done of one channel's deliveries, and not told to the broker yet."""

    def __init__(self, channel: int, enough: int) -> None:
        self._channel, self._enough = channel, enough
        self._told = 0  # the broker knows that everything up to this tag is done
        self._told_alone: set[int] = set()  # and these, beyond it
        self._done: set[int] = set()

    def done(self, tag: int) -> bool:
        """Remember a finished delivery; true when so many wait that the broker should hear of them."""
        self._done.add(tag)
        return len(self._done) >= self._enough

    @property
    def waiting(self) -> bool:
        """Whether the broker does not know of something finished."""
        return bool(self._done)

    def take(self) -> bytes:
        """Return the frames that acknowledge everything finished so far."""
        done, alone = self._done, self._told_alone
        newest = 0
        while True:
            following = self._told + 1
            if following in done:
                done.discard(following)
                newest = following
            elif following in alone:
                alone.discard(following)
            else:
                break
            self._told = following
        frames = [ack_frame(self._channel, newest, multiple=True)] if newest else []
        # What lies beyond a slow call is told one by one, or the slow call would use up the prefetch window.
        frames += [ack_frame(self._channel, tag, multiple=False) for tag in done]
        alone |= done
        done.clear()
        return b"".join(frames)
