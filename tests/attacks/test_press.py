"""A renderer that hangs, crashes or was taken over does no harm beyond its own document."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from accreditation.services import documents
from accreditation.services.printing import (
    MOST_DOCUMENTS,
    CrashError,
    HangError,
    Printer,
    RefusedError,
)
from tests import factories
from tests.attacks.listener import listening

PRESS = (sys.executable, "-m", "tests.attacks.hostile_press")
HANGS = ("spin", "spin in a library", "sleep through every signal")
CRASHES = (*("abort", "break the memory", "leave", "answer with a page", "answer without end"),)
REFUSED = {
    "leave politely": "SystemExit",
    "recurse": "RecursionError",
    "take all memory": "MemoryError",
    "fill the disk": "OSError",
    "open all files": "OSError",
    "ask for a name": "ForbiddenError",
    "run a program": "ForbiddenError",
    "fork": "ForbiddenError",
    "kill": "ForbiddenError",
    "read a secret": "ForbiddenError",
    "read the accounts": "ForbiddenError",
    "write beside": "ForbiddenError",
    "remove": "ForbiddenError",
}


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    made = Printer(PRESS)
    yield made
    made.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    made = tmp_path / "secret"
    made.write_text("not for documents")
    return made


def ask(printer: Printer, act: str, target: object = "") -> bytes:
    order: Any = f"{act}|{target}"
    return printer.render(order)


@pytest.mark.parametrize("act", HANGS)
def test_what_hangs_is_ended_and_the_next_is_printed(act: str) -> None:
    printer = Printer(PRESS, longest=1)
    began = time.monotonic()
    with pytest.raises(HangError):
        ask(printer, act)
    assert time.monotonic() - began < 5
    patient = Printer(PRESS)
    assert ask(patient, "behave").startswith(b"%PDF-")
    printer.close()
    patient.close()


@pytest.mark.parametrize("act", CRASHES)
def test_what_crashes_is_replaced(printer: Printer, act: str) -> None:
    with pytest.raises(CrashError):
        ask(printer, act)
    assert ask(printer, "behave").startswith(b"%PDF-")


@pytest.mark.parametrize("act", REFUSED)
def test_what_takes_too_much_or_reaches_out_is_refused(
    printer: Printer, act: str, secret: Path
) -> None:
    with pytest.raises(RefusedError, match=f"^{REFUSED[act]}$"):
        ask(printer, act, secret)
    assert [one.name for one in secret.parent.iterdir()] == ["secret"]
    assert ask(printer, "behave").startswith(b"%PDF-")


@pytest.mark.parametrize("act", ["connect", "fetch"])
def test_nobody_is_called(printer: Printer, act: str) -> None:
    with listening() as listener:
        with pytest.raises(RefusedError, match="ForbiddenError"):
            ask(printer, act, listener.address)
        assert listener.calls == 0


def _can_leave_the_network() -> bool:
    """Ask the system in a process of its own, for there is no way back."""
    call = "from certificates.confined import leave_the_network as l; raise SystemExit(not l())"
    return subprocess.run([sys.executable, "-c", call], check=False).returncode == 0


def test_nobody_is_called_beneath_python_either(printer: Printer) -> None:
    if not _can_leave_the_network():  # the product then goes on with Python's own guard
        pytest.skip("this system gives no process a network of its own")
    with listening() as listener:
        with pytest.raises(RefusedError, match="ConnectionError"):
            ask(printer, "connect beneath python", listener.address)
        assert listener.calls == 0


def test_what_is_printed_between_does_not_become_an_answer(printer: Printer) -> None:
    assert ask(printer, "print between") == b"%PDF-1.7 made up"


def test_a_press_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a made-up secret that stays here")
    names = "import os; names = ','.join(os.environ).encode()"
    show = f"{names}; os.write(1, b'E' + len(names).to_bytes(8, 'big') + names)"
    printer = Printer((sys.executable, "-c", show))
    with pytest.raises(RefusedError, match=r"^(?!.*SECRET_KEY).*TMPDIR"):
        ask(printer, "behave")
    printer.close()


def number_of(printer: Printer) -> int:
    """Let the press print the number of its process: no other way tells one from another."""
    return int(ask(printer, "number").split()[-1])


def test_a_press_is_replaced_after_many_documents() -> None:
    printer = Printer(PRESS)
    first, *others = [number_of(printer) for _ in range(MOST_DOCUMENTS)]
    assert set(others) == {first}
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert number_of(printer) != first
    printer.close()


def test_a_press_that_ended_by_itself_costs_no_document() -> None:
    printer = Printer(PRESS)
    first = number_of(printer)
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert ask(printer, "behave").startswith(b"%PDF-")
    assert number_of(printer) != first
    printer.close()


@pytest.mark.parametrize(("act", "failure"), [("spin", "HangError"), ("abort", "CrashError")])
def test_a_document_waits_for_a_better_press(app: Flask, act: str, failure: str) -> None:
    command = (sys.executable, "-c", _ACT[act])
    good, bad = app.extensions["printer"], Printer(command, longest=1)
    app.extensions["printer"] = bad
    with app.app_context():
        document = factories.accreditation().newest.document
        db.session.commit()
        assert not documents.make(document.id)
        db.session.refresh(document)
        assert (document.attempts, document.failure) == (1, failure)
        app.extensions["printer"] = good
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert document.id in documents.waiting()
            assert documents.make(document.id)
    bad.close()


_ACT = {"spin": "while True: pass", "abort": "import os; os.abort()"}
