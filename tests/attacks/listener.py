"""A server on the loopback that only counts who calls: nobody should."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Listener:
    """Its address, and how often it was called."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.calls = 0
        self.address = f"127.0.0.1:{server.getsockname()[1]}"

    def listen(self) -> None:
        """Count until the server is closed."""
        with suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                self.calls += 1
                caller.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Listener(server)
        thread = threading.Thread(target=made.listen, daemon=True)
        thread.start()
        yield made
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
