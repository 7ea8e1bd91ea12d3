"""Evidence: what was found, with a few words around it, sealed so that only the company's private key opens it."""
