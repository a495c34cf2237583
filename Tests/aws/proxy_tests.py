"""Proxies, and certificates other than the system's."""
import http.server
import os
import ssl
import subprocess
import threading

from support import OnAWS, run

HOST = "bucket.s3.eu-north-1.amazonaws.com"
ROWS = b"a\n1\n"


def rows(request):
    return 200 if request.command == "HEAD" else 206, {"etag": '"e"', "content-length": str(len(ROWS))}, ROWS


class Proxy:
    """A proxy, and the servers behind it, over TLS if it has a certificate. `answer(request)` returns (status, headers,
    body)."""

    def __init__(self, certificate=None, key=None, answer=rows):
        self.connects, self.requests = [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self):
                outer.connects.append((self.path, self.headers.get("proxy-authorization")))
                self.send_response(200)
                self.end_headers()
                self.close_connection = False
                if certificate is None:
                    return
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate, key)
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

            def finish(self):
                super().finish()
                self.connection.close()

            def do_GET(self):
                outer.requests.append(self.path)
                self.body = b""
                status, headers, body = answer(self)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *arguments):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.authority = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def certificate(directory, *hosts):
    """Returns the paths of a certificate for hosts, which is its own authority, and of its key."""
    certificate, key = (os.path.join(directory, name) for name in ("certificate.pem", "key.pem"))
    names = "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=test", "-addext", names, "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class Proxies(OnAWS):
    def convert(self, **variables):
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"), "")
        return run("convert", "s3://bucket/key", **{"url": "", **proxies, "HOME": self.directory, **variables})

    def test_requests_over_tls_go_through_a_proxy_with_other_certificates(self):
        bundle, key = certificate(self.directory, HOST)
        with Proxy(bundle, key) as proxy:
            variables = {"HTTPS_PROXY": f"http://me:a%40b@{proxy.authority}", "AWS_CA_BUNDLE": bundle}
            done = self.convert(**variables)
            self.ended(done, 0)
            self.assertEqual(done.stdout, b'{"a":"1"}\n')
            # The user and the password in base64: me:a@b.
            self.assertEqual(set(proxy.connects), {(f"{HOST}:443", "Basic bWU6YUBi")})
            self.assertEqual(proxy.requests, ["/key", "/key"])
            self.write("config", f"[default]\nca_bundle = {bundle}\n".encode())
            config = os.path.join(self.directory, "config")
            self.ended(self.convert(**{**variables, "AWS_CA_BUNDLE": "", "AWS_CONFIG_FILE": config}), 0)
            # Without the bundle, the certificate is not accepted, by the first service that is asked.
            before = len(proxy.requests)
            role = {"AWS_ACCESS_KEY_ID": "", "AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": self.write("token", b"t")}
            done = self.convert(**{**variables, **role, "AWS_CA_BUNDLE": ""})
            self.assertIn("the Security Token Service cannot be reached", done.stderr.decode())
            self.assertEqual(len(proxy.requests), before)

    def test_plain_requests_go_through_a_proxy_unless_their_host_is_excepted(self):
        with Proxy() as proxy:
            variables = {"url": "http://store.test", "HTTP_PROXY": f"http://{proxy.authority}"}
            self.ended(self.convert(**variables), 0)
            self.assertEqual(set(proxy.connects), {("store.test:80", None)})
            self.assertEqual(proxy.requests, ["/bucket/key"] * 2)
            connects = len(proxy.connects)
            # This machine is excepted, and answers itself.
            self.ended(self.convert(url=f"http://{proxy.authority}", HTTP_PROXY="http://127.0.0.1:9"), 0)
            self.assertEqual(proxy.requests[2:], ["/bucket/key"] * 2)
            self.assertEqual(len(proxy.connects), connects)

    def test_invalid_settings_are_errors_that_name_them(self):
        text = self.write("text", b"no certificate")
        for variables, reason in (({"HTTPS_PROXY": "https://me:secret@proxy"}, "HTTPS_PROXY: takes the address of a proxy"),
                                  ({"AWS_CA_BUNDLE": text}, f"AWS_CA_BUNDLE: {text} has no certificates"),
                                  ({"AWS_CA_BUNDLE": "/nowhere"}, "AWS_CA_BUNDLE: /nowhere has no certificates")):
            done = self.convert(**variables)
            self.ended(done, 69)
            self.assertIn(reason, done.stderr.decode())
            self.assertNotIn("secret", done.stderr.decode())
