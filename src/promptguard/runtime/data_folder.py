"""What stands where in an installation's data folder: the one place that knows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The layout of one installation's data folder. Names paths, and makes nothing.

    The record's head stands beside the master key, in `keys`: whoever copies the database does not get it.
    """

    path: Path

    @property
    def keys(self) -> Path:
        """The folder of the master key and of the record's head."""
        return self.path / "keys"

    @property
    def state(self) -> Path:
        """What a running proxy says of itself, see `runtime.state`."""
        return self.path / "ready.json"

    def state_of(self, pid: int) -> Path:
        """The same of a further process on this folder, while the first one runs."""
        return self.path / f"ready-{pid}.json"

    def states(self) -> list[Path]:
        """What all processes on this folder say of themselves, the first one first."""
        return [path for path in (self.state, *sorted(self.path.glob("ready-*.json"))) if path.exists()]

    @property
    def drain(self) -> Path:
        """Touched to have all processes on this folder end that were there before."""
        return self.path / "drain"

    @property
    def configuration(self) -> Path:
        """The folder of published configurations that were taken up."""
        return self.path / "configuration"

    @property
    def ca(self) -> Path:
        """The folder of this installation's CA."""
        return self.path / "ca"

    @property
    def ca_certificate(self) -> Path:
        """The certificate (PEM) that laptops have to trust."""
        return self.ca / "promptguard-ca-cert.pem"

    @property
    def ca_key(self) -> Path:
        """The CA's key with its certificate (PEM), under the name that mitmproxy looks for in its `confdir`."""
        return self.ca / "mitmproxy-ca.pem"

    @property
    def trusted(self) -> Path:
        """The CAs (PEM) that services' certificates are checked against, where a company adds its own."""
        return self.ca / "trusted-by-proxy.pem"

    @property
    def cache(self) -> Path:
        """Compiled patterns and converted model weights, which can be made anew: `PROMPTGUARD_CACHE`, else here."""
        return Path(os.environ.get("PROMPTGUARD_CACHE") or self.path / "cache")

    @property
    def spool(self) -> Path:
        """The folder of what waits while the database of several machines is away."""
        return self.path / "spool"

    @property
    def orders(self) -> Path:
        """A copy of what is stopped, for a start while the database of several machines is away."""
        return self.path / "orders.kept"

    @property
    def sinks(self) -> Path:
        """The folder of the cursors of `audit.sinks`: how far each has come."""
        return self.path / "sinks"

    @property
    def review(self) -> Path:
        """The database of reviewing: what the console shows and who may see it."""
        return self.path / "review.db"

    @property
    def console(self) -> Path:
        """Where the console is reached, while one is running: its address for people, and on the next line inside."""
        return self.path / "console.url"

    @property
    def log(self) -> Path:
        """What a proxy prints that runs in the background."""
        return self.path / "output.log"

    @property
    def installation(self) -> Path:
        """The id of this folder, after which its chains are named in a database of several machines."""
        return self.keys / "installation.id"

    def sealed(self, database: Path) -> tuple[Path, ...]:
        """What is there only where the master key was used: a configured database, and the head of its record."""
        return (self.at(database), *sorted(self.keys.glob("audit*.head")))

    def at(self, configured: Path) -> Path:
        """Where a path of the settings leads (the database, an index): a relative one starts in this folder."""
        return self.path / configured
