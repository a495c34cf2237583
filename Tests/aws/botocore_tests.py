"""Profiles and environments in which the command must sign with what botocore would: the same files, the same servers."""
import hashlib
import json
import os
import pathlib
import urllib.parse

from profiles import DOCUMENT, OnProfiles

ROLE = "arn:aws:iam::123456789012:role/"
KEYS = "[base]\naws_access_key_id = base\naws_secret_access_key = s\n"
FAR = "2999-01-01T00:00:00Z"
SSO = ("[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = dev\n"
       "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n")
LEGACY = "[default]\nsso_region = eu-west-1\nsso_start_url = https://corp\nsso_account_id = 1\nsso_role_name = dev\n"
REGISTRATION = {"clientId": "c", "clientSecret": "cs", "registrationExpiresAt": FAR, "refreshToken": "r1"}


def grant(request):
    """Answers for the Security Token Service: grants each role, with a key that names the role, its settings and who asks."""
    form = dict(urllib.parse.parse_qsl(request.body.decode()))
    asker = request.headers.get("authorization", "Credential=nobody/").split("Credential=")[1].split("/")[0]
    settings = [form.get(name, "") for name in ("ExternalId", "DurationSeconds", "SerialNumber", "TokenCode")]
    name = form.get("RoleSessionName", "")
    settings.append("" if name.startswith("botocore-session-") or name == "sluice" else name)
    key = ".".join([form["RoleArn"].rsplit("/")[-1], *settings, asker])
    answer = (f"<AssumeRoleResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{form['Action']}Result><Credentials>"
              f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>of {form['RoleArn']}"
              f"</SessionToken><Expiration>{FAR}</Expiration></Credentials></{form['Action']}Result></AssumeRoleResponse>")
    return 200, {"content-type": "text/xml"}, answer.encode()


def role_of_token(request):
    """Answers for IAM Identity Center: grants a role to any token, with a key that names both."""
    token = request.headers.get("x-amz-sso_bearer_token")
    query = urllib.parse.parse_qs(request.path.split("?")[1])
    found = {"accessKeyId": f"{token}.{query['account_id'][0]}.{query['role_name'][0]}", "secretAccessKey": "s",
             "sessionToken": "sso", "expiration": 32503680000000}
    return 200, {"content-type": "application/json"}, json.dumps({"roleCredentials": found}).encode()


class LikeBotocore(OnProfiles):
    maxDiff = None

    def same(self, answers=None, config="", credentials=KEYS, **variables):
        """Returns what both sign with."""
        answers = {"/": grant, **(answers or {})}
        self.profiles(config, credentials)
        theirs = self.of_botocore(answers, **variables)
        ours = self.signed_with(answers, **variables)
        self.assertIsInstance(theirs, tuple, (theirs, ours))
        self.assertEqual(ours, theirs)
        return ours[0]

    def refused(self, reason, answers=None, config="", credentials=KEYS, **variables):
        """Checks that both refuse it, the command for that reason."""
        answers = {"/": grant, **(answers or {})}
        self.profiles(config, credentials)
        theirs = self.of_botocore(answers, **variables)
        ours = self.signed_with(answers, **variables)
        self.assertIsInstance(theirs, str, (theirs, ours))
        self.assertIn(reason, ours)

    def test_roles(self):
        one = f"[default]\nrole_arn = {ROLE}one\nsource_profile = base\n"
        self.assertEqual(self.same(config=one), "one......base")
        settings = "external_id = e1\nduration_seconds = 900\nrole_session_name = me\n"
        self.assertEqual(self.same(config=one + settings), "one.e1.900...me.base")
        chain = f"[profile outer]\nrole_arn = {ROLE}outer\nsource_profile = default\n" + one
        self.assertEqual(self.same(config=chain, AWS_PROFILE="outer"), "outer......one......base")
        self.assertEqual(self.same(config=chain, AWS_DEFAULT_PROFILE="outer"), "outer......one......base")
        itself = f"[profile base]\nrole_arn = {ROLE}one\nsource_profile = base\n"
        self.assertEqual(self.same(config=itself, AWS_PROFILE="base"), "one......base")
        keys_of_a_source = f"[default]\nrole_arn = {ROLE}one\nsource_profile = mid\n[profile mid]\nrole_arn = {ROLE}mid\n" \
            "source_profile = base\naws_access_key_id = mid\naws_secret_access_key = s\n"
        self.assertEqual(self.same(config=keys_of_a_source), "one......mid")
        process = self.write("print", json.dumps({"Version": 1, "AccessKeyId": "process", "SecretAccessKey": "s"}).encode())
        of_process = f"[default]\nrole_arn = {ROLE}one\nsource_profile = p\n[profile p]\ncredential_process = cat {process}\n"
        self.assertEqual(self.same(config=of_process), "one......process")
        self.assertEqual(self.same(config=of_process, AWS_PROFILE="p"), "process")

    def test_roles_on_credentials_of_the_machine(self):
        for source, variables, answers in (
                ("EcsContainer", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/role"}, {"/role": json.dumps(DOCUMENT)}),
                ("Ec2InstanceMetadata", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "SERVER/", "AWS_EC2_METADATA_DISABLED": ""}, {
                    "/latest/api/token": "opens", "/latest/meta-data/iam/security-credentials/": "my-role",
                    "/latest/meta-data/iam/security-credentials/my-role": json.dumps(
                        {**DOCUMENT, "Type": "AWS-HMAC", "LastUpdated": "2015-08-30T12:36:00Z"})})):
            config = f"[default]\nrole_arn = {ROLE}one\ncredential_source = {source}\n"
            self.assertEqual(self.same(answers, config=config, **variables), "one......fromServer")
        config = f"[default]\nrole_arn = {ROLE}one\ncredential_source = Environment\n"
        self.refused("its credential_source has no credentials", config=config)

    def test_web_identities(self):
        token = self.write("token", b"token")
        config = f"[default]\nrole_arn = {ROLE}pod\nweb_identity_token_file = {token}\nrole_session_name = me\n"
        self.assertEqual(self.same(config=config), "pod.....me.nobody")
        above = f"[profile above]\nrole_arn = {ROLE}above\nsource_profile = default\n" + config
        self.assertEqual(self.same(config=above, AWS_PROFILE="above"), "above......pod.....me.nobody")
        pod = {"AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": f"{ROLE}env"}
        self.assertEqual(self.same(**pod), "env......nobody")
        self.assertEqual(self.same(AWS_PROFILE="base", **pod), "env......nobody")
        role = f"[default]\nrole_arn = {ROLE}one\nsource_profile = base\n"
        self.assertEqual(self.same(config=role, **pod), "one......base")
        keys = {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "s"}
        self.assertEqual(self.same(config=role, **pod, **keys), "env")

    def test_refused_roles(self):
        role = f"[default]\nrole_arn = {ROLE}one\n"
        for settings, reason in (
                ("", "neither source_profile nor credential_source"), ("source_profile = nobody", "not in the shared files"),
                ("source_profile = base\ncredential_source = Environment", "both source_profile and credential_source"),
                ("credential_source = Cloud", "none of Environment"), ("source_profile = default", "circle"),
                (f"source_profile = b\n[profile b]\nrole_arn = {ROLE}b\nsource_profile = default", "circle"),
                ("source_profile = e\n[profile e]\nregion = x", "'e', has no credentials")):
            with self.subTest(settings):
                self.refused(reason, config=f"{role}{settings}\n")
        refusal = (403, {"content-type": "text/xml"}, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you"
                   b"</Message></Error></ErrorResponse>")
        self.refused(f"refused the role {ROLE}one: not you", {"/": lambda request: refusal},
                     config=f"{role}source_profile = base\n")

    def test_names_of_profiles(self):
        key = "aws_access_key_id = {}\naws_secret_access_key = s\n"
        self.assertEqual(self.same(config="[profile default]\n" + key.format("named"), credentials=""), "named")
        both = "[default]\n" + key.format("plain") + "[profile default]\n" + key.format("named")
        self.assertEqual(self.same(config=both, credentials=""), "named")
        spaced = '[profile "my work"]\n' + key.format("spaced")
        self.assertEqual(self.same(config=spaced, credentials="", AWS_PROFILE="my work"), "spaced")

    def token(self, name, members):
        """Writes the file of a token, and returns its path."""
        path = pathlib.Path(self.directory, ".aws/sso/cache", hashlib.sha1(name.encode()).hexdigest() + ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(members))
        return path

    def test_iam_identity_center(self):
        portal = {"/federation/credentials": role_of_token}
        valid = {"accessToken": "valid", "expiresAt": FAR, "startUrl": "x", "region": "eu-west-1"}
        self.token("corp", valid)
        self.token("https://corp", {**valid, "accessToken": "older"})
        self.assertEqual(self.same(portal, config=SSO), "valid.1.dev")
        self.assertEqual(self.same(portal, config=LEGACY), "older.1.dev")
        role = f"[profile role]\nrole_arn = {ROLE}one\nsource_profile = default\n"
        self.assertEqual(self.same(portal, config=SSO + role, AWS_PROFILE="role"), "one......valid.1.dev")

    def test_tokens_of_iam_identity_center_are_refreshed(self):
        def refresh(request):
            self.asked.append(json.loads(request.body))
            found = {"accessToken": "new", "expiresIn": 28800, "refreshToken": "r2"}
            return 200, {"content-type": "application/json"}, json.dumps(found).encode()

        answers = {"/federation/credentials": role_of_token, "/token": refresh}
        old = {"accessToken": "old", "expiresAt": "2015-08-30T12:36:00Z", "startUrl": "https://corp.awsapps.com/start",
               "region": "eu-west-1", **REGISTRATION}
        self.profiles(SSO)
        left = []
        for use in self.of_botocore, self.signed_with:
            self.asked = []
            path = self.token("corp", old)
            self.assertEqual(use(answers)[0], "new.1.dev")
            kept = json.loads(path.read_text())
            self.assertGreater(kept.pop("expiresAt"), "2026")
            left.append((self.asked, kept))
        self.assertEqual(left[1], left[0])
        for members in ({**old, "registrationExpiresAt": "2015-08-30T12:36:00Z"}, {"accessToken": "old"}):
            self.token("corp", members)
            self.refused("run: aws sso login --profile default", answers, config=SSO)
        os.remove(path)
        self.refused("run: aws sso login --profile default", answers, config=SSO)

    def test_refused_sessions_of_iam_identity_center(self):
        self.token("corp", {"accessToken": "valid", "expiresAt": FAR})
        for config, reason in (
                (SSO.replace("[sso-session corp]", "[sso-session other]"), "there is no section [sso-session corp]"),
                (SSO.replace("sso_account_id = 1\n", ""), "has no sso_account_id"),
                (SSO.replace("sso_role_name", "sso_region = x\nsso_role_name"), "different values of sso_region")):
            self.refused(reason, config=config)
        unauthorized = (401, {"content-type": "application/json", "x-amzn-errortype": "UnauthorizedException"},
                        b'{"message":"Session token not found or invalid"}')
        self.refused("Session token not found or invalid; run: aws sso login --profile default",
                     {"/federation/credentials": lambda request: unauthorized}, config=SSO)
