#!/usr/bin/env python3
"""Django's commands, with the embedded servers held while a command that needs them runs."""

import os
import sys

WITHOUT_DATABASE = {"check", "compilemessages", "diffsettings", "help", "makemessages", "scan", "version"}


def needs_servers(arguments: list[str]) -> bool:
    """Whether the command may ask the database; `scan` does only for rules kept there, `train_reader` for decisions."""
    command = arguments[0] if arguments else "help"
    if command == "train_reader":
        return "--decisions" in arguments
    if command == "scan" and "database" in " ".join(arguments).replace("=", " ").split():
        return True
    asks_for_help = {"-h", "--help"} & set(arguments)
    return command.lstrip("-") not in WITHOUT_DATABASE and not asks_for_help


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from tracker.embedded.places import EmbeddedFault
    from tracker.embedded.servers import hold_servers, name_secret

    try:
        name_secret()
        if needs_servers(sys.argv[1:]):
            hold_servers("dev")
        execute_from_command_line(sys.argv)
    except (EmbeddedFault, ImproperlyConfigured) as fault:
        sys.exit(f"{fault}")


if __name__ == "__main__":
    main()
