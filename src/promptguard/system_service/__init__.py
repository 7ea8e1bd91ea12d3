"""PromptGuard as a service of the operating system: `promptguard service`.

On Windows this room makes the service and is its process; elsewhere the packages bring what the system's own manager
runs.
"""
