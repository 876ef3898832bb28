"""Leaflet for the browser, from the installed package: nothing is fetched from elsewhere.

Streamlit serves the folder ``static`` beside the running script. It is filled
at the start and git ignores it. Whatever lies there is served to anybody who
reaches the app: nothing of a study goes there.
"""

import filecmp
import shutil
from pathlib import Path

from coverage.errors import OutputError, os_reason
from coverage.exports.map_layers import LEAFLET_FOLDER, leaflet_files
from coverage.sentences import sentence

# As seen from the map component's own page.
LEAFLET_JS = "../../app/static/leaflet/leaflet.js"
LEAFLET_CSS = "../../app/static/leaflet/leaflet.css"


def provide_leaflet(app_folder: Path) -> None:
    """Copy Leaflet into ``static/leaflet`` of the running script's folder, where it differs.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    target = app_folder / "static" / "leaflet"
    try:
        for source in leaflet_files():
            copy = target / source.relative_to(LEAFLET_FOLDER)
            if copy.is_file() and filecmp.cmp(source, copy, shallow=False):
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    except OSError as failure:
        raise OutputError(
            sentence("The map's files cannot be copied ({reason})", reason=os_reason(failure)),
            where=str(target),
            hint="Start the app with: laegedaekning app",
        ) from failure
