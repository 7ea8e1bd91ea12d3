"""What has become of keys of the configuration, one file a change: an upgrade makes it in a company's own files."""
