"""What goes to AI services and past the proxy: from the logs of networks, and from what the proxy itself has seen.

Counts by service, network and kind of way, and no person: addresses of machines are masked before anything is counted.
"""
