"""One file a target platform."""
