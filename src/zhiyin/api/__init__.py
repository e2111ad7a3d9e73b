"""The HTTP door: events in, in the protocols that companies already speak; and how the service is doing."""
