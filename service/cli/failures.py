"""Turns what a user can put right into one line and exit code 2; everything else keeps its trace."""

import locale
import os
import sys
from collections.abc import Callable, Mapping

from datasets.errors import DataSetError
from models.data.problems import DataSetProblems, listed
from models.errors import ModelError
from service.errors import ServiceError
from service.texts.catalogue import CHINESE, ENGLISH, load_translator
from streams.errors import StreamError
from vision.evidence.errors import SealingError
from vision.plates.errors import PlateReaderMissing

USER_ERRORS = (DataSetError, ModelError, PlateReaderMissing, SealingError, ServiceError, StreamError)
USAGE_EXIT_CODE = 2
LANGUAGE_VARIABLES = ("DUSTWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def run_with_clear_errors(command: Callable[[], None]) -> None:
    """Run the command; a user error is written to the standard error output and ends the process with code 2."""
    try:
        command()
    except USER_ERRORS as error:
        for line in error_text(error, language()).splitlines():
            sys.stderr.write(f"{line}\n")
        sys.exit(USAGE_EXIT_CODE)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:  # no permission, no room, no such folder
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"error: {where}{error.strerror or error}\n")
        sys.exit(USAGE_EXIT_CODE)


def error_text(
    error: DataSetError | ModelError | PlateReaderMissing | SealingError | ServiceError | StreamError, language: str
) -> str:
    """Return the error as people read it, one line a problem."""
    start = "错误：" if language == CHINESE else "error: "
    params = error.params
    if isinstance(error, DataSetProblems):
        params = {**params, "listed": listed(error.problems, load_translator().texts(language))}
    explained = load_translator().explain(error.template, params, language)
    return "\n".join(start + line for line in explained.splitlines())


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that the user's environment asks for: Chinese where it says so, else English."""
    said = next((environment[name] for name in LANGUAGE_VARIABLES if environment.get(name)), "")
    can_be_written = locale.getpreferredencoding(False).upper().replace("-", "") in {"UTF8", "GB18030", "GBK"}
    return CHINESE if said.lower().startswith("zh") and can_be_written else ENGLISH
