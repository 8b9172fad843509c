"""What runs a service and shows how it does: runner, health, metrics, logs."""
