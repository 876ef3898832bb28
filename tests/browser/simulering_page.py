"""The page Simulering in a browser, spoken of as its user sees it."""

from playwright.sync_api import expect

from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject

PAGE = "/simulering"
LEVEL = "kommune"
# Two capacities more and Odense no longer meets the weight of a signal.
IN_ODENSE = (588_000.0, 6_139_000.0)
# The only practice of a skal-area in the demo, and the one whose closing takes most away.
WORST, WORST_NAME = "108491", "Lægeklinikken Birkedrage og Havtorn"
HOSTILE = '<img src=x onerror=alert(1)> {{7*7}} {% raw %} ${alert(2)} `=HYPERLINK("http://x")'


def degrees(x_m, y_m):
    lon, lat = reproject([x_m], [y_m], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    return float(lat[0]), float(lon[0])


def open_page(open_app, server, **options):
    app = open_app(server + PAGE, **options)
    app.map_frame()
    app.wait_until_idle()
    return app


def save_as(app, name, note=""):
    app.choose("Gem, hent")
    app.type_in("Scenariets navn", name)
    if note:
        app.write_in("Note", note)
    app.press("Gem")
    expect(app.text("Gemt:")).to_be_visible()


def listed(app):
    """Return the actions in their order; the page has the last one on top."""
    words = app.page.locator(".st-key-actions .app-action").all_inner_texts()
    return [action.strip() for action in reversed(words)]
