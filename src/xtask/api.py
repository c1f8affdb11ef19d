"""Helps schemathesis to talk to a server: prints a kiosk's token, and lets each request come from elsewhere.

    python3 api.py URL CA.pem CODE      enrols a kiosk and prints its token
    SCHEMATHESIS_HOOKS=api.py           the server would slow a single address down, as it should
"""

import base64
import json
import os
import random
import ssl
import sys
import urllib.request

if __name__ == "__main__":
    url, ca, code = sys.argv[1:]
    body = {"code": code, "receipt_key": base64.b64encode(os.urandom(32)).decode(), "software": "schemathesis"}
    request = urllib.request.Request(
        url + "/api/v1/kiosk/enrolments", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=ca)) as reply:
        print(json.load(reply)["token"])
else:
    import schemathesis

    @schemathesis.hook
    def before_call(context, case, kwargs):
        case.headers = case.headers or {}
        case.headers["X-Forwarded-For"] = "203.0.113.%d" % random.randrange(1, 255)
