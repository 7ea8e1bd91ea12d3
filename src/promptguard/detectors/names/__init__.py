"""Names and addresses of people, found by a model in worker processes of low priority."""
