"""In which languages a text is, as far as it matters for names: those in which persons are not looked for are told."""
