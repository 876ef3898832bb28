"""The app in a browser, spoken of as its user sees it."""

import re
import time
from urllib.parse import urlparse

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

PREPARE_MS = 180_000
ANSWER_MS = 30_000
LOOK_EVERY_MS = 50
SET_TO_WORK_MS = 100
TRIES = 5
# Chromium lets no page fetch more than ten files within a second.
FETCH_EVERY_MS = 110
MAP = "iframe[title*=streamlit_folium]"
# The picture of lægevalg, or the areas and places of a theme: what comes last.
MAP_IS_DRAWN = """() => {
  if (!window.map) return false;
  const layers = Object.values(window.map._layers);
  return layers.some(layer => layer._image || layer.feature?.properties.tooltip);
}"""


# The cells of a table are drawn, not written: this keeps what is drawn.
KEEP_DRAWN_WORDS = """
  window.drawnWords = new Set();
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (words, ...place) {
    window.drawnWords.add(words);
    return draw.call(this, words, ...place);
  };"""
# Down to the last row of each table, so that every row is drawn once.
SCROLL_TABLES = """async () => {
  const drawn = () => new Promise(
    done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const table of document.querySelectorAll('.dvn-scroller')) {
    for (let top = 0; top < table.scrollHeight; top += table.clientHeight / 2) {
      table.scrollTop = top;
      await drawn();
    }
  }
}"""
SCROLL_TO = """async box => {
  box.scrollIntoView({block: 'center'});
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# Of the first table with such a heading the rows on screen, for those who cannot see: words
# as they are shown, numbers as they are.
READ_TABLE = """heading => {
  for (const table of document.querySelectorAll('[data-testid=stDataFrame] table')) {
    const words = cells => [...cells].map(cell => cell.textContent);
    const headings = words(table.querySelectorAll('th'));
    if (headings.includes(heading))
      return [...table.querySelectorAll('tbody tr')].map(row => Object.fromEntries(
        words(row.querySelectorAll('td')).map((word, at) => [headings[at], word])));
  }
  return [];
}"""
READ_CELLS = """heading => {
  for (const table of document.querySelectorAll('[data-testid=stDataFrame] table')) {
    const words = cells => [...cells].map(cell => cell.textContent);
    if (words(table.querySelectorAll('th')).includes(heading))
      return [...table.querySelectorAll('tbody tr')].map(
        row => words(row.querySelectorAll('td')));
  }
  return [];
}"""
TOLD_LAYERS = "Object.values(window.map._layers).filter(one => one.getTooltip && one.getTooltip())"


class AppPage:
    """The app in a browser, spoken of as its user sees it."""

    def __init__(self, page, address):
        self.page = page
        self.faults = []
        self._host = urlparse(address).netloc
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("dialog", self._refuse_dialog)
        page.on("request", self._watch)
        page.on("websocket", self._watch)

    def _refuse_dialog(self, dialog):
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _watch(self, request):
        url = urlparse(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != self._host:
            self.faults.append(f"request to elsewhere: {request.url}")

    def wait_until_idle(self):
        self._expect_idle()
        # What was just done may not have set the server to work yet.
        self.page.wait_for_timeout(SET_TO_WORK_MS)
        self._expect_idle()

    def _expect_idle(self):
        app = self.page.locator("[data-testid=stApp]")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")

    def map_frame(self, condition="true", timeout_ms=PREPARE_MS):
        """Return the frame of the one map, once it is drawn and fulfils a condition in script.

        The frame has no height until it is drawn, and a map of another language
        or height stands beside the old one for a while: so it is asked, not looked at.
        """
        deadline = time.monotonic() + timeout_ms / 1000
        while time.monotonic() < deadline:
            # One look: between a count and a handle the second map may appear.
            maps = self.page.query_selector_all(MAP)
            frame = self._frame_of(maps[0]) if len(maps) == 1 else None
            if frame and self._is_true(frame, f"({MAP_IS_DRAWN})() && ({condition})"):
                return frame
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError(f"no map within {timeout_ms} ms")

    @staticmethod
    def _frame_of(element):
        try:
            return element.content_frame()
        except PlaywrightError:
            return None  # removed since the look

    @staticmethod
    def _is_true(frame, script):
        try:
            return bool(frame.evaluate(script))
        except PlaywrightError:
            return False  # on its way out, or not loaded yet

    def click_map(self, lat, lon):
        self.map_frame().locator("#map_div").click(position=self._pixel(lat, lon))

    def tooltip_at(self, lat, lon):
        """Return what the map says about the practice at a place."""
        frame = self.map_frame()
        frame.locator("#map_div").hover(position=self._pixel(lat, lon))
        tooltip = frame.locator(".leaflet-tooltip", has=frame.locator("th"))
        tooltip.wait_for()
        return tooltip.inner_text()

    def practice_places(self):
        """Return latitude and longitude of every practice on the map."""
        return self.map_frame().evaluate(
            "() => { const places = []; window.map.eachLayer(layer => {"
            " if (layer.feature && layer.feature.properties.intake)"
            " places.push([layer.getLatLng().lat, layer.getLatLng().lng]); }); return places; }"
        )

    def _pixel(self, lat, lon):
        return self.map_frame().evaluate(
            "([lat, lon]) => { const p = window.map.latLngToContainerPoint([lat, lon]);"
            " return {x: p.x, y: p.y}; }",
            [lat, lon],
        )

    def figure(self, label):
        metric = self.page.locator("[data-testid=stMetric]").filter(
            has=self.page.locator("[data-testid=stMetricLabel]", has_text=re.compile(f"^{label}"))
        )
        return metric.locator("[data-testid=stMetricValue]")

    def change(self, label):
        metric = self.page.locator("[data-testid=stMetric]").filter(
            has=self.page.locator("[data-testid=stMetricLabel]", has_text=re.compile(f"^{label}"))
        )
        return metric.locator("[data-testid=stMetricDelta]")

    def answer(self):
        """Return the sentence that answers the page's question."""
        return self.page.locator(".app-answer").first

    def text(self, text):
        return self.page.get_by_text(text)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=isinstance(name, str)).click()

    def choose(self, name):
        """Choose one of the options that stand side by side."""
        self.page.get_by_role("radio", name=name, exact=True).click()

    def check(self, key, name):
        """Choose one of the round buttons with a key; the round things lie over the real ones."""
        label = self.page.locator(f"[class*=st-key-{key}] label").get_by_text(name, exact=True)
        # While a form is drawn anew the old one may still stand beside it.
        expect(label).to_have_count(1)
        label.click()

    def pick(self, key, name, *, exact=True):
        """Choose from the list whose key begins so by typing the name, or a part of it."""
        box = self.page.locator(f"[class*=st-key-{key}] input")
        # A list closes when the page scrolls: so let it come to rest first.
        box.evaluate(SCROLL_TO)
        option = self.page.get_by_role("option", name=name, exact=exact)
        for tries_left in reversed(range(TRIES)):
            # It opens only when what stands in it changes, and an earlier try may stand there.
            box.fill("")
            box.fill(name)
            try:
                option.click(timeout=ANSWER_MS / TRIES)
            except PlaywrightTimeout:
                # It closes, too, when the page is drawn anew by what was done before.
                if not tries_left:
                    raise
            else:
                return

    def type_in(self, label, text):
        """Type into the field with a label, and leave it with Enter."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(text)
        field.press("Enter")

    def write_in(self, label, text):
        """Type into the large field with a label, and leave it."""
        field = self.page.get_by_label(label, exact=True).first
        field.fill(text)
        field.blur()

    def view(self):
        """Return zoom and centre of the map."""
        return self.map_frame().evaluate(
            "[window.map.getZoom(), window.map.getCenter().lat, window.map.getCenter().lng]"
        )

    def look_at(self, lat, lon, zoom):
        self.map_frame().evaluate(
            "([lat, lon, zoom]) => window.map.setView([lat, lon], zoom, {animate: false})",
            [lat, lon, zoom],
        )

    def zoom_in(self):
        self.map_frame().evaluate("window.map.setZoom(window.map.getZoom() + 1, {animate: false})")

    def cells(self, heading):
        """Return the rows on screen of the table with a heading, as lists of texts."""
        return self.page.evaluate(READ_CELLS, heading)

    def go_to(self, title):
        """Open another page from the menu."""
        self.page.get_by_role("link", name=title, exact=True).click()

    def slide(self, key, steps):
        """Move a slider by as many steps, to the right or (negative) to the left, by keyboard."""
        thumb = self.page.locator(f".st-key-{key} input[type=range]")
        thumb.focus()
        for _ in range(abs(steps)):
            thumb.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def slider_text(self, key):
        return self.page.locator(f".st-key-{key} input[type=range]").get_attribute("aria-valuetext")

    def type_place(self, text):
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("textbox").press("Enter")

    def table(self, heading):
        """Return the rows on screen of the table with a heading: heading -> text."""
        return self.page.evaluate(READ_TABLE, heading)

    def column(self, heading, among=None):
        """Return a column's texts; ``among`` is a heading that only its table has."""
        return [row[heading] for row in self.table(among or heading)]

    def fetch(self, name):
        """Press a button and return the file that it gives."""
        self.page.wait_for_timeout(FETCH_EVERY_MS)
        with self.page.expect_download() as waiting:
            self.press(name)
        return waiting.value

    def until(self, look, wanted, timeout_ms=ANSWER_MS):
        """Look again and again until it is as wanted; fail with what was seen last."""
        deadline = time.monotonic() + timeout_ms / 1000
        while (seen := self._seen(look)) != wanted and time.monotonic() < deadline:
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        assert seen == wanted

    @staticmethod
    def _seen(look):
        """Return what is seen, or why there is nothing: what is being drawn has missing parts."""
        try:
            return look()
        except (LookupError, ValueError, PlaywrightError) as error:
            return error

    def all_words(self):
        """Return every line that stands on the page, and every text in its tables."""
        self.page.evaluate(SCROLL_TABLES)
        drawn = self.page.evaluate("[...window.drawnWords]")
        return [*drawn, *self.page.locator("body").inner_text().splitlines()]

    def map_tooltips(self):
        """Open every tooltip of the map, one after the other, and return what they say."""
        return self.map_frame().evaluate(
            f"() => {TOLD_LAYERS}.map(layer => {{ layer.openTooltip();"
            " return layer.getTooltip().getElement().innerText; })"
        )

    def colours(self):
        """Return how many areas and places of the map have each colour."""
        return self.map_frame().evaluate(
            "() => Object.values(window.map._layers)"
            ".filter(one => one.feature && one.feature.properties.tooltip)"
            ".map(one => one.options.fillColor)"
            ".reduce((sums, one) => ({...sums, [one]: (sums[one] || 0) + 1}), {})"
        )
