"""The screens of people's accounts."""

from backoffice.accounts.admin import audit, policy, users

__all__ = ["audit", "policy", "users"]
