"""The reference filing portal: a provider's site that knows the verification service by its public API alone."""

from portal.app import create_app

__all__ = ["create_app"]
