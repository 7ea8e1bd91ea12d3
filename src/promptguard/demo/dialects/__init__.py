"""How the stand-in provider speaks: one module a family of wire formats."""
