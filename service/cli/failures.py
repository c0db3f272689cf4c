"""Turns what a user can put right into one line and exit code 2; everything else keeps its trace."""

import sys
from collections.abc import Callable

from models.errors import ModelError
from service.config.file import ConfigError
from service.errors import ServiceError
from service.pipeline import AlreadyRunning
from service.simulated_camera import NotPlayable, PortTaken
from streams.errors import StreamError

USER_ERRORS = (AlreadyRunning, ConfigError, ModelError, NotPlayable, PortTaken, ServiceError, StreamError)
USAGE_EXIT_CODE = 2


def run_with_clear_errors(command: Callable[[], None]) -> None:
    """Run the command; a user error is written to the standard error output and ends the process with code 2."""
    try:
        command()
    except USER_ERRORS as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"错误 error: {line}\n")
        sys.exit(USAGE_EXIT_CODE)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        sys.exit(1)
