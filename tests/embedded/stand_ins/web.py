"""Stands in for the web server: answers /healthz, and /environment with its environment."""

import http.server
import json
import os


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/healthz", "/environment") else 404)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    address = (os.environ["PAPERTREE_HOST"], int(os.environ["PAPERTREE_PORT"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()
