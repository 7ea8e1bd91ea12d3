"""Who somebody is that the proxy asks: passwords, and how many wrong ones an address may try."""
