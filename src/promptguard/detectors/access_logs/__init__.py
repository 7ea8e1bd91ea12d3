"""Lines of access and authentication logs."""
