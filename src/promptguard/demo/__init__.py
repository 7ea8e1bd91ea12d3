"""A stand-in AI provider on loopback, and a demonstration of the proxy against it.

Everything here serves demonstrations, tests and benchmarks; the proxy itself never imports it.
"""
