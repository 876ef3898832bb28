"""What the scenarios do to people, one beside the other, in a sentence."""

from coverage.comparison import Comparison
from coverage.ui.formats import format_persons
from coverage.wording import Language, say


def comparison_answer(comparison: Comparison, language: Language) -> str:
    """Return for each variant how many gain and lose the choice against the reference."""
    against = comparison.pairs[comparison.pairs["from_variant"] == comparison.reference]
    sentences = []
    for row in against.to_dict("records"):
        gain, lose = (
            format_persons(float(row[f"persons_{change}_choice"]), language)
            for change in ("gain", "lose")
        )
        sentences.append(
            say(
                "app.sammenlign.answer", language, name=str(row["to_variant"]), gain=gain, lose=lose
            )
        )
    return " ".join(sentences)
