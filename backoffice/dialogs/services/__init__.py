"""Verbs of what the bot says and offers: texts and menus. Whatever is refused leaves everything as it was."""

from backoffice.dialogs.services.actions import synchronise_actions
from backoffice.dialogs.services.draft import delete_menu, delete_option, move_option, save_menu, save_option
from backoffice.dialogs.services.errors import ChangedMeanwhile, Unfit
from backoffice.dialogs.services.publishing import bring_back, publish, publish_as_it_is, roll_back
from backoffice.dialogs.services.sentences import change_text, restore_text

__all__ = [
    "ChangedMeanwhile",
    "Unfit",
    "bring_back",
    "change_text",
    "delete_menu",
    "delete_option",
    "move_option",
    "publish",
    "publish_as_it_is",
    "restore_text",
    "roll_back",
    "save_menu",
    "save_option",
    "synchronise_actions",
]
