"""What a slider that moves a rule offers."""

from typing import Protocol

import numpy as np

from coverage.rules import Rule

_DECIMALS = 6


class SliderRange(Protocol):
    """The part of a rule's range that is of use, in the rule's unit."""

    @property
    def low(self) -> float:
        """The lowest value offered."""

    @property
    def high(self) -> float:
        """The highest value offered."""

    @property
    def step(self) -> float:
        """What lies between two values."""


def slider_options(slider: SliderRange, rule: Rule, *kept: float) -> tuple[float, ...]:
    """Return the values to choose from, within the rule's range; ``kept`` ones are among them."""
    low = slider.low if rule.min is None else max(slider.low, rule.min)
    high = slider.high if rule.max is None else min(slider.high, rule.max)
    count = round((high - low) / slider.step)
    steps = np.round(low + slider.step * np.arange(count + 1), _DECIMALS)
    return tuple(sorted({*steps[steps <= high].tolist(), *kept}))
