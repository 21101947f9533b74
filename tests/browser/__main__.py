"""Runs a program of this folder in an environment as tests have it: python -m tests.browser walkthrough."""

import os
import runpy
import sys

import django

from tools import pytest_home

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "heed.project.settings"
    assert os.environ["HEED_HOME"] == str(pytest_home.HOME)
    django.setup()  # before the module is read: it imports models
    runpy.run_module(f"tests.browser.{sys.argv[1]}", run_name="__main__")
