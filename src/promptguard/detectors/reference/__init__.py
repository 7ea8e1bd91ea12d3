"""Public reference data: places, numbering plans, domain suffixes."""
