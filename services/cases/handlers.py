"""What cases does when something is told: by other services, by itself, by the clock, or by a background job."""
