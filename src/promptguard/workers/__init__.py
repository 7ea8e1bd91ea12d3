"""Worker processes, and how the proxy talks with them."""
