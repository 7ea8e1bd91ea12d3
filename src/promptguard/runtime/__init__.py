"""What every front stands on: the service, its assembly, the layout of the data folder."""
