"""What speaks to the broker: calls, the relay of events, subscribers, retries."""
