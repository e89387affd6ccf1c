"""Self-hosted identity verification for Chinese ICP filing."""

__version__ = "0.1.0"
