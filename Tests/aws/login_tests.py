"""Profiles of `aws login`: the same credentials as botocore's, refreshed with a proof of the same key."""
import base64
import hashlib
import json
import os
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from profiles import OnProfiles

SESSION = "arn:aws:iam::123456789012:user/me"
CONFIG = f"[default]\nlogin_session = {SESSION}\n"
FAR, PAST = "2999-01-01T00:00:00Z", "2015-08-30T12:36:00Z"


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def proof(request):
    """Verifies the signature of a request's proof, and returns its public key and its payload without time and id."""
    first, second, signature = request.headers["dpop"].split(".")
    header, payload = json.loads(decoded(first)), json.loads(decoded(second))
    x, y = (int.from_bytes(decoded(header["jwk"][name])) for name in "xy")
    raw = decoded(signature)
    numbers = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    key.verify(numbers, f"{first}.{second}".encode(), ec.ECDSA(hashes.SHA256()))
    payload = {name: value for name, value in payload.items() if name not in ("iat", "jti")}
    return header, payload, len(raw)


class Login(OnProfiles):
    def token(self, expires=PAST, key=None, **more):
        """Writes the file of a session, and returns its path."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                serialization.NoEncryption()).decode()
        members = {"accessToken": {"accessKeyId": "old", "secretAccessKey": "s", "sessionToken": "t", "accountId": "1",
                                   "expiresAt": expires},
                   "tokenType": "aws_sigv4", "refreshToken": "r1", "clientId": "arn:aws:signin:::devtools/same-device",
                   "dpopKey": pem, **more}
        path = pathlib.Path(self.directory, ".aws/login/cache", hashlib.sha256(SESSION.encode()).hexdigest() + ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(members))
        return path

    def test_valid_credentials_are_used(self):
        self.token(FAR)
        self.profiles(CONFIG)
        for use in self.of_botocore, self.signed_with:
            self.assertEqual(use({}), ("old", "t"))

    def test_expired_ones_are_refreshed_as_by_botocore(self):
        def refresh(request):
            self.asked.append((json.loads(request.body), *proof(request)))
            self.assertEqual(self.asked[-1][2]["htu"], f"http://{request.headers['host']}/v1/token")
            self.asked[-1][2].pop("htu")
            found = {"accessToken": {"accessKeyId": "new", "secretAccessKey": "s", "sessionToken": "t2"},
                     "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": "r2"}
            return 200, {"content-type": "application/json"}, json.dumps(found).encode()

        key = ec.generate_private_key(ec.SECP256R1())
        self.profiles(CONFIG)
        left = []
        for use in self.of_botocore, self.signed_with:
            self.asked = []
            path = self.token(key=key)
            self.assertEqual(use({"/v1/token": refresh}), ("new", "t2"))
            kept = json.loads(path.read_text())
            self.assertGreater(kept["accessToken"].pop("expiresAt"), PAST)
            left.append((self.asked, kept))
        self.assertEqual(left[1], left[0])

    def test_the_user_is_told_to_sign_in_again(self):
        denied = (400, {"content-type": "application/json", "x-amzn-errortype": "AccessDeniedException"},
                  b'{"error":"TOKEN_EXPIRED","message":"expired"}')
        self.profiles(CONFIG)
        path = self.token()
        answers = {"/v1/token": lambda request: denied}
        self.assertIsInstance(self.of_botocore(answers), str)
        found = self.signed_with(answers)
        self.assertIn("TOKEN_EXPIRED", found)
        self.assertIn("run: aws login --profile default", found)
        os.remove(path)
        self.assertIn("run: aws login --profile default", self.signed_with(answers))
