"""What tells a password, a key or a token from the words, references and examples that stand where one would."""
