"""The services. Each owns its data and never imports another."""
