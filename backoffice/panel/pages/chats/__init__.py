"""Conversations: the list (`inbox`), a person's chat (`thread`), what is done there (`verbs`), who it is (`person`)."""
