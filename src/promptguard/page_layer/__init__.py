"""The layer in the pages of web chats: a script that says, in the page, what became of what was just sent from it."""
