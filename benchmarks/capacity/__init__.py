"""How many machines a company needs: computed from measured costs, and checked by a simulated day."""
