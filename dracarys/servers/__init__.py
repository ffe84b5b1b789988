"""PostgreSQL and Valkey without setting anything up: `make run`, `make shell` and the tests use them.

The programs come from installed wheels; the folder, the passwords, the ports and the processes are ours.
Nothing here imports Django.
"""

from dracarys.servers.pair import TemporaryServers, temporary
from dracarys.servers.trouble import TroubleError

__all__ = ["TemporaryServers", "TroubleError", "temporary"]
