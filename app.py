"""Start the app: ``streamlit run app.py`` or ``streamlit run app.py -- path/to/study.toml``."""

from pathlib import Path

from coverage.ui.main import main

main(Path(__file__).resolve().parent)
