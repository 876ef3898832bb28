"""Start the app's server, and prepare its study before the first visit."""

import logging
import tempfile
import threading
from pathlib import Path

from coverage.errors import LaegedaekningError

SCRIPT = '''"""Written by coverage.ui.launch."""
from pathlib import Path

from coverage.ui.main import main

main(Path(__file__).resolve().parent)
'''

# As in .streamlit/config.toml, for a start from any folder; a test compares the two.
OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": False,
    "server.address": "127.0.0.1",
    "server.enableAgentApi": False,
    "server.enableStaticServing": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 20,
    "server.showEmailPrompt": False,
    "theme.base": "light",
    "theme.primaryColor": "#1f5f8b",
}

_LONGEST_PREPARATION_S = 3600.0
# Streamlit warns that a page's context is missing here, and that this may be ignored.
_CONTEXT_LOG = "streamlit.runtime.scriptrunner_utils.script_run_context"
_LOG = logging.getLogger(__name__)


def launch(study_path: Path | None, port: int | None) -> int:
    """Serve the app on this machine until it is stopped; return the exit code.

    The script that Streamlit runs lies in a temporary folder, with the map's
    files beside it: an installed package may not be written to.

    Parameters
    ----------
    study_path
        The study to open; None for the demo.
    port
        None for Streamlit's own (8501, or the next free one).
    """
    # Streamlit takes a second to import; the command line must not wait for it.
    from streamlit.web import bootstrap  # noqa: PLC0415

    from coverage.ui.static_assets import provide_leaflet  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="laegedaekning-app-") as folder:
        script = Path(folder) / "app.py"
        script.write_text(SCRIPT, encoding="utf-8")
        provide_leaflet(script.parent)
        options = {key.replace(".", "_"): value for key, value in OPTIONS.items()}
        if port is not None:
            options["server_port"] = port
        bootstrap.load_config_options(flag_options=options)
        threading.Thread(target=warm_up, args=(study_path,), name="warm-up", daemon=True).start()
        arguments = [] if study_path is None else [str(study_path)]
        bootstrap.run(str(script), is_hello=False, args=arguments, flag_options=options)
    return 0


def warm_up(study_path: Path | None) -> None:
    """Import what the first visit needs and begin to prepare its study.

    A study that cannot be prepared is the visitor's to read about, on the page.
    """
    # The map component registers itself while a page runs: it is not imported here,
    # but the plugins that it imports are, which take two thirds of its time.
    import folium.plugins  # noqa: F401, PLC0415

    from coverage.ui import loading, scenario_results  # noqa: PLC0415

    logging.getLogger(_CONTEXT_LOG).setLevel(logging.ERROR)
    try:
        arguments = [] if study_path is None else [str(study_path)]
        key = loading.study_key(loading.study_argument(arguments))
        running = loading.preparation(key)
        running.wait(_LONGEST_PREPARATION_S)
        if running.result is not None:
            loading.kept_base(key, "da")
            judged = loading.judged_state(running.result.study)
            loading.kept_designation(key, (), judged)
            loading.kept_annex(key, (), judged, "da")
            loading.kept_areas(key, ())
            loading.kept_picture(key, ())
            scenario_results.baseline(scenario_results.Ground(key, (), judged))
    except LaegedaekningError as problem:
        _LOG.warning("%s", problem)
