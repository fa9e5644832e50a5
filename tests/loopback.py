"""A web server on the loopback that answers as good and bad mirrors do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Mirror(BaseHTTPRequestHandler):
    """The first part of the address says how the rest of it is answered."""

    def do_GET(self):
        manner, name = self.path.strip("/").split("/")
        self.server.asked.append((manner, name))
        getattr(self, manner)((self.server.files / name).read_bytes(), name)

    def reply(self, body, length=None, **headers):
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(body)))
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def good(self, body, name):
        self.reply(body)

    def page(self, body, name):
        self.reply(b"<html>Please log in to the wireless network</html>")

    def forbidden(self, body, name):
        self.send_error(403)

    def truncated(self, body, name):
        self.reply(body[:-100], length=len(body))

    def flipped(self, body, name):
        self.reply(body[:-1] + bytes([body[-1] ^ 1]))

    def images_only(self, body, name):
        self.reply(body) if "images" in name else self.send_error(404)

    def unpacking(self, body, name):
        """As servers do that take .gz for an encoding, unless asked not to."""
        if self.headers["Accept-Encoding"] == "identity":
            self.reply(body)
        else:
            self.reply(body, Content_Encoding="gzip")

    def stalled(self, body, name):
        self.reply(body[:100], length=len(body))
        self.server.ended.wait()

    def log_message(self, *args):
        pass


@contextmanager
def serving(files: Path) -> Iterator[ThreadingHTTPServer]:
    """Serves the files of a folder; ``asked`` keeps what was asked for, in order."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.files, server.asked, server.ended = files, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def address(server: ThreadingHTTPServer, manner: str) -> str:
    """The address of the mirror that answers in this manner."""
    return f"http://127.0.0.1:{server.server_port}/{manner}/"
