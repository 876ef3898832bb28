"""map.html: one file, no other host, and the words a reader needs."""

import dataclasses
import re

import pytest

from coverage.exports.map_layers import LEAFLET_FOLDER
from coverage.exports.map_page import render_page, write_map
from coverage.exports.self_contained import refuse_outside_hosts
from coverage.wording import say
from tests.drawn_town import drawn_assessment, drawn_stamp


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


@pytest.fixture(scope="module")
def page(assessment):
    return render_page(assessment, drawn_stamp(assessment), "da")


def without_leaflet(page):
    script = (LEAFLET_FOLDER / "leaflet.js").read_text("utf-8").split("//# source")[0].strip()
    assert script in page
    return page.replace(script, "")


class TestSelfContained:
    def test_the_page_asks_no_host(self, page):
        refuse_outside_hosts(page)
        assert re.findall(r"<script[^>]*src|<link|<iframe|<img", page) == []

    def test_web_addresses_stand_only_in_leaflet_itself(self, page):
        # Leaflet's style sheet names a bug report in a comment.
        ours = re.sub(r"https://bugzilla\S+", "", without_leaflet(page))
        assert re.findall(r"https?://[^\s\"'<]*", ours) == []

    def test_the_browser_is_told_to_refuse_hosts(self, page):
        assert 'http-equiv="Content-Security-Policy"' in page
        assert "default-src 'none'" in page

    @pytest.mark.parametrize("name", ["jquery", "bootstrap", "awesomemarkers", "d3.", "tilelayer"])
    def test_no_other_library_and_no_tiles(self, page, name):
        assert name not in without_leaflet(page).lower()

    @pytest.mark.parametrize(
        "spot",
        [
            '<script src="https://cdn.example/x.js"></script>',
            '<script src="//cdn.example/x.js"></script>',
            '<link rel="stylesheet" href="leaflet.css">',
            '<img src="http://example/x.png">',
            '<img srcset="x.png 2x">',
            '<div style="background: url(https://example/x.png)"></div>',
            "<style>@import 'x.css';</style>",
            "<style>p { background: url('fonts/x.woff') }</style>",
            '<iframe srcdoc="x"></iframe>',
            '<meta http-equiv="refresh" content="0; url=https://example">',
            '<base href="https://example/">',
            '<svg><image xlink:href="https://example/x.png"/></svg>',
        ],
    )
    def test_each_way_to_ask_a_host_is_refused(self, spot):
        with pytest.raises(RuntimeError, match="outside"):
            refuse_outside_hosts(f"<!DOCTYPE html><html><body>{spot}</body></html>")

    @pytest.mark.parametrize(
        "spot",
        [
            '<img src="data:image/png;base64,AAAA">',
            "<p>Kilde: https://www.openstreetmap.org</p>",
            '<a href="https://www.openstreetmap.org">OSM</a>',
            "<style>p { background: url(data:image/png;base64,AAAA) }</style>",
            '<svg><use href="#mark"/></svg>',
        ],
    )
    def test_what_asks_nobody_is_let_through(self, spot):
        refuse_outside_hosts(f"<!DOCTYPE html><html><body>{spot}</body></html>")

    def test_a_page_that_would_ask_is_not_written(self, assessment, tmp_path, monkeypatch):
        monkeypatch.setattr(
            "coverage.exports.map_page.footer_html", lambda *_: '<img src="https://example/x">'
        )
        with pytest.raises(RuntimeError, match="outside"):
            write_map(tmp_path / "map.html", assessment, drawn_stamp(assessment), "da")
        assert not (tmp_path / "map.html").exists()


class TestWords:
    def test_legend_names_every_status_with_its_persons(self, page):
        for status in ("none", "one", "two_or_more", "no_road_connection"):
            assert say(f"export.status.{status}", "da") in page
        assert "9 personer (0,5 %)" in page
        assert "1.665 personer (96,0 %)" in page

    def test_legend_says_which_end_is_the_bad_one(self, page):
        assert "højst 15 km. Rødt er værst" in page

    def test_sources_with_dates_attribution_and_notices(self, page, assessment):
        assert "practices.csv (2025-11-01)" in page
        assert "OpenStreetMap" not in page.split("<footer>")[1]  # its roads are made up
        real = drawn_assessment(illustrative=False)
        assert "© OpenStreetMap contributors" in render_page(real, drawn_stamp(real), "da")
        for notice in assessment.notices:
            assert notice.say("da").split("'")[0] in page

    def test_banner_only_on_an_illustration(self, page):
        banner = say("export.workbook.illustrative", "da")
        assert banner in page
        real = drawn_assessment(illustrative=False)
        assert banner not in render_page(real, drawn_stamp(real), "da")

    def test_english(self, assessment):
        page = render_page(assessment, drawn_stamp(assessment), "en")
        assert '<html lang="en">' in page
        assert "1,665 persons (96.0 %)" in page

    def test_capital_limit_is_shown_where_it_applies(self, assessment):
        table = assessment.choice.by_origin
        mixed = table.assign(limit_m=table["limit_m"].where(table["origin_id"] != "A", 5000.0))
        choice = dataclasses.replace(assessment.choice, by_origin=mixed)
        shown = dataclasses.replace(assessment, choice=choice)
        page = render_page(shown, drawn_stamp(shown), "da")
        assert "højst 5 km i hovedstadens kommuner, 15 km" in page


def test_a_study_without_practices_or_towns_still_draws():
    plain = drawn_assessment()
    bare = dataclasses.replace(
        plain,
        tables=dataclasses.replace(
            plain.tables,
            practices=plain.tables.practices.iloc[:0],
            towns=plain.tables.towns.iloc[:0],
        ),
    )
    page = render_page(bare, drawn_stamp(bare), "da")
    assert "L.imageOverlay" in page
    assert "geo_json" in page
