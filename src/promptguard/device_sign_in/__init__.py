"""Devices get their credentials for the proxy: somebody signs in for them with the company's accounts."""
