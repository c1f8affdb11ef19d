"""Helps schemathesis to talk to a server: prints a kiosk's token, signs its batches, varies its address.

    python3 api.py URL CA.pem CODE KEY.pem    enrols a kiosk with a new key and prints its token
    SCHEMATHESIS_HOOKS=api.py                 signs with that key; the server would slow one address down
"""

import base64
import hashlib
import json
import os
import random
import ssl
import subprocess
import sys
import tempfile
import urllib.request


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def sign(key, purpose, body):
    """The header under a body: Ed25519, as a kiosk signs it."""
    with tempfile.NamedTemporaryFile() as message:
        message.write(purpose + hashlib.sha256(body).digest())
        message.flush()
        signature = openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message.name)
    return base64.b64encode(signature).decode()


if __name__ == "__main__":
    url, ca, code, key = sys.argv[1:]
    openssl("genpkey", "-algorithm", "ed25519", "-out", key)
    # A public key in DER ends in its 32 bytes.
    public = openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-32:]
    body = json.dumps(
        {
            "code": code,
            "receipt_key": base64.b64encode(os.urandom(32)).decode(),
            "signing_key": base64.b64encode(public).decode(),
            "software": "schemathesis",
        }
    ).encode()
    headers = {
        "content-type": "application/json",
        "x-enrolment-signature": sign(key, b"galleria enrolment 1;", body),
    }
    request = urllib.request.Request(url + "/api/v1/kiosk/enrolments", body, headers)
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=ca)) as reply:
        print(json.load(reply)["token"])
else:
    import schemathesis

    KEY, TOKEN = os.environ["GALLERIA_KEY"], os.environ["GALLERIA_TOKEN"]

    def signed(request):
        """Signs the bytes that go on the line, three times in four where a signature was made up."""
        is_batch = request.path_url.startswith("/api/v1/kiosk/submissions:batch")
        if is_batch and "x-batch-signature" in request.headers and random.randrange(4):
            body = request.body or b""
            body = body if isinstance(body, bytes) else body.encode()
            purpose = b"galleria batch 1;K1;" + hashlib.sha256(TOKEN.encode()).digest()
            request.headers["x-batch-signature"] = sign(KEY, purpose, body)
        return request

    @schemathesis.hook
    def before_call(context, case, kwargs):
        case.headers = case.headers or {}
        case.headers["X-Forwarded-For"] = "203.0.113.%d" % random.randrange(1, 255)
        kwargs["auth"] = signed
