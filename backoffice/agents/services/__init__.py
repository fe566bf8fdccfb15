"""What is done with agents and their groups. Every verb is one transaction; none talks to the network."""

from .groups import (
    bot_removed,
    clean_name,
    create_main_group,
    group_failed,
    group_ready,
    name_warning,
    retry_group,
)
from .members import add_member, invite, member_joined, record_member, remove_member
from .people import change_agent, change_group_count, create_agent, set_active
from .registration import ask_registration, register

__all__ = [
    "add_member",
    "ask_registration",
    "bot_removed",
    "change_agent",
    "change_group_count",
    "clean_name",
    "create_agent",
    "create_main_group",
    "group_failed",
    "group_ready",
    "invite",
    "member_joined",
    "name_warning",
    "record_member",
    "register",
    "remove_member",
    "retry_group",
    "set_active",
]
