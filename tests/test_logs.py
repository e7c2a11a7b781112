import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from accreditation import logs

SECRET = "taro.mihon@example.jp"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Let the logs of later tests not go where this one's were caught."""
    yield
    logs.configure("INFO")


def fall(address: str) -> None:
    message = f"no such person: {address}"
    raise LookupError(message)


def test_an_error_is_logged_by_kind_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    try:
        fall(SECRET)
    except LookupError:
        structlog.get_logger().exception("it_fell", count=3)
    entry = json.loads(capsys.readouterr().err)
    assert (entry["event"], entry["count"], entry["level"]) == ("it_fell", 3, "error")
    assert entry["error"][0] == "LookupError"
    assert entry["error"][-1].endswith(" fall")


def test_what_libraries_log_holds_no_words_of_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    try:
        fall(SECRET)
    except LookupError:
        logging.getLogger("some.library").exception("failed")
    logged = capsys.readouterr().err
    assert "failed\nLookupError\n" in logged
    assert SECRET not in logged


def test_refused_tries_are_not_logged_with_their_addresses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("INFO")
    logging.getLogger("flask-limiter").info("ratelimit exceeded for 192.0.2.1")
    assert capsys.readouterr().err == ""
