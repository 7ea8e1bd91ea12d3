"""PromptGuard's own names model: a small convolutional network over words, run with numpy alone."""
