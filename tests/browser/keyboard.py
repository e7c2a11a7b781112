"""Using a page by the keyboard alone: by Tab, arrows, Space, Enter and typing.

Whatever is used must be reached by Tab, and must show where the focus is.
"""

from pathlib import Path

from playwright.sync_api import Locator, Page

MOST_TABS = 400  # more than any page has places to stop at
HAS_FOCUS = "element => element === document.activeElement"
IN_GROUP = "element => element.name === document.activeElement.name"
IS_BEFORE = """element => {
    const place = document.activeElement.compareDocumentPosition(element);
    return Boolean(place & Node.DOCUMENT_POSITION_PRECEDING);
}"""
SHOWS_FOCUS = """element => {
    const seen = [element, ...(element.labels ?? [])].some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
    });
    const box = element.getBoundingClientRect();
    return seen && box.bottom > 0 && box.top < innerHeight;
}"""


def reach(target: Locator, stop: str = HAS_FOCUS) -> None:
    """Go to an element by Tab, or back by Shift+Tab when it lies before the focus."""
    page = target.page
    target.wait_for()
    key = "Shift+Tab" if target.evaluate(IS_BEFORE) else "Tab"
    for _number in range(MOST_TABS):
        if target.evaluate(stop):
            break
        page.keyboard.press(key)
    else:
        raise AssertionError(f"{target} is not reached by {key}")
    assert page.locator(":focus").evaluate(SHOWS_FOCUS), f"{target} does not show its focus"


def press(target: Locator) -> None:
    """Follow a link or press a button that leads to a page; wait for that page."""
    reach(target)
    with target.page.expect_navigation():
        target.page.keyboard.press("Enter")


def send(target: Locator, text: str) -> None:
    """Write into the last field of a form and send it with Enter; wait for the answer."""
    write(target, text)
    with target.page.expect_navigation():
        target.page.keyboard.press("Enter")


def write(target: Locator, text: str) -> None:
    """Write into a field; what stood in it is replaced."""
    reach(target)
    page = target.page
    page.keyboard.press("Control+A")
    *lines, last = text.split("\n")
    for line in lines:
        page.keyboard.insert_text(line)
        page.keyboard.press("Enter")
    page.keyboard.insert_text(last)


def tick(target: Locator) -> None:
    """Choose a radio button of its group, or tick a box."""
    page = target.page
    if target.get_attribute("type") == "checkbox":
        reach(target)
        if not target.is_checked():
            page.keyboard.press("Space")
    else:
        reach(target, IN_GROUP)
        _choose(target, page)
    assert target.is_checked()


def _choose(target: Locator, page: Page) -> None:
    """Go through the group by the arrows; Space chooses the one that has the focus."""
    group = page.locator(f"input[type=radio][name='{target.get_attribute('name')}']")
    for _number in range(group.count()):
        if target.evaluate(HAS_FOCUS):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")


def pick(target: Locator, label: str) -> None:
    """Pick an entry of a drop-down list."""
    reach(target)
    labels = [text.strip() for text in target.locator("option").all_inner_texts()]
    target.page.keyboard.press("Home")
    for _number in range(labels.index(label)):
        target.page.keyboard.press("ArrowDown")
    assert target.locator("option:checked").inner_text().strip() == label


def attach(target: Locator, path: Path) -> None:
    """Choose a file; the window in which it is chosen is the browser's own."""
    reach(target)
    target.set_input_files(path)
