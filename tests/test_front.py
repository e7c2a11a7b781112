"""Under which names the site answers."""

from pathlib import Path

import pytest

from accreditation.config import load_settings
from accreditation.front import trusted_hosts


@pytest.mark.parametrize(
    ("given", "restricted"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104 - the address is read, nobody listens on it
        ({"host": "0.0.0.0", "base_url": "http://demo.example.jp"}, True),  # noqa: S104 - as above
    ],
    ids=["at home", "at home by name", "in a network", "in a network, named"],
)
def test_a_demonstration_in_a_network_is_opened_under_any_name(
    tmp_path: Path, given: dict[str, str], *, restricted: bool
) -> None:
    hosts = trusted_hosts(load_settings(data_dir=tmp_path, demo=True, **given))
    assert (hosts is not None) == restricted
    if hosts is not None:
        assert "evil.example" not in hosts
