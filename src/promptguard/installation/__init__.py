"""Where an installation's folders are, and how its configuration comes from the one that is shipped, and follows it."""
