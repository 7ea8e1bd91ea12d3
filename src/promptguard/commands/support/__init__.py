"""What several commands need. The packages of `commands` are no commands themselves."""
