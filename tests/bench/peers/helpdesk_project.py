"""A production-like project of django-helpdesk: its settings.

Runs in an environment of its own, where Django is (`peers.measure`). PEER_DATABASE has the folder of a
PostgreSQL server's socket and a database's name, PEER_MAIL the port of a mail server.
"""

import json
import os

HOST, NAME = json.loads(os.environ["PEER_DATABASE"])
DEBUG = False
SECRET_KEY = "bench"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "helpdesk_urls"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
STATIC_URL, MEDIA_ROOT = "/static/", os.environ["PEER_FOLDER"]
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "helpdesk",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": HOST,
        "NAME": NAME,
        "USER": "postgres",
        "CONN_MAX_AGE": None,  # connections stay open
    }
}
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["PEER_MAIL"])
HELPDESK_TEAMS_MODE_ENABLED = False
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
