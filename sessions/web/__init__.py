"""HTTP: handlers that only translate."""
