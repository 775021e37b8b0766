"""Takes what CTest submits to a CDash, on a free loopback port: for dashboard_test.

    cdash_receiver.py FOLDER

Writes the port to FOLDER/port and each submitted file to FOLDER/<its name>; the headers of the last
request to FOLDER/headers. The first submission is refused with 503, so that a second attempt is seen.
"""
import hashlib
import http.server
import pathlib
import sys
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1])


class Receiver(http.server.BaseHTTPRequestHandler):
    refused = False

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not Receiver.refused:
            Receiver.refused = True
            self.send_error(503)
            return
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        name = query["FileName"][0].rsplit("___", 1)[-1].replace("/", "_")
        (FOLDER / name).write_bytes(body)
        (FOLDER / "headers").write_text(str(self.headers))
        digest = hashlib.md5(body).hexdigest()
        answer = f"<cdash><status>OK</status><message></message><md5>{digest}</md5></cdash>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
port = FOLDER / "port.partial"
port.write_text(str(server.server_address[1]))
port.rename(FOLDER / "port")
server.serve_forever()
