"""A real OpenID provider in a process of its own: Django with django-oauth-toolkit.

Run it as a module with port, database and the service's address. Its ID tokens tell nobody's name: `preferred_username`
and `name` are at its userinfo alone.
"""

import sys
from typing import Any

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

CLIENT, SECRET, PASSWORD = "dustwatch", "s3cret:/%", "a long password"


def _key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain).decode()


def configure(port: int, database: str) -> None:
    django_templates = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    context = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
    settings.configure(
        SECRET_KEY="for tests",
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[{**django_templates, "OPTIONS": {"context_processors": context}}],
        LOGIN_URL="/login/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SESSION_COOKIE_NAME="provider_session",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": _key(),
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "OAUTH2_VALIDATOR_CLASS": "tests.service.oidc.django_claims.NamesAtUserinfo",
            "SCOPES": {"openid": "openid", "profile": "profile"},
            "PKCE_REQUIRED": True,
        },
    )


def login(request: HttpRequest) -> HttpResponse:
    """Sign in whom the query names: how people do that at a provider is not our business."""
    from django.contrib.auth import authenticate
    from django.contrib.auth import login as begin

    user = authenticate(request, username=request.GET["as"], password=PASSWORD)
    if user is None:
        return HttpResponse(status=403)
    begin(request, user)
    return HttpResponse("in")


def who(request: HttpRequest) -> HttpResponse:
    """Tell who is signed in at the provider."""
    return HttpResponse(request.user.get_username())


def urls() -> list[Any]:
    return [path("login/", login), path("who/", who), path("o/", include("oauth2_provider.urls"))]


def fill(callback: str, after: str) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("wang", password=PASSWORD, first_name="工", last_name="王")
    Application.objects.create(
        client_id=CLIENT,
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=callback,
        post_logout_redirect_uris=after,
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )


def main() -> None:
    from wsgiref.simple_server import make_server

    port, database, address = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    configure(port, database)
    django.setup()
    globals()["urlpatterns"] = urls()
    fill(f"{address}/oidc/callback", f"{address}/sign-in")
    with make_server("127.0.0.1", port, get_wsgi_application()) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
