"""The rules by group, typed: what code reads, where ``rules`` reads what backs each figure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ChoiceRules:
    """Lægevalg: what counts as a choice, and how near."""

    limit_m: float
    limit_capital_m: float
    capital_kommuner: tuple[str, ...]
    practices_needed: float
    thin_margin_m: float


@dataclass(frozen=True)
class TravelRules:
    """How a road distance is measured."""

    use_ferries: bool
    count_legs: bool
    max_leg_m: float
    min_component_m: float
    cutoff_m: float
    max_shore_m: float
    open_one_way_traps: bool


@dataclass(frozen=True)
class CapacityRules:
    """Lists: when a practice may close, and what one doctor may hold."""

    closing_limit_persons: float
    lowest_closing_limit_persons: float
    max_ydernumre_per_doctor: float
    max_capacities_per_doctor: float


@dataclass(frozen=True)
class WorkforceRules:
    """Doctors' ages, and the share of an age group that stops within a year."""

    older_age_years: float
    old_age_years: float
    horizon_years: float
    exit_under_60_pct: float
    exit_60_to_64_pct: float
    exit_65_to_69_pct: float
    exit_from_70_pct: float


@dataclass(frozen=True)
class AccessRules:
    """Floating catchments: how far a practice serves, and how much less from farther away."""

    zone_1_m: float
    zone_2_m: float
    zone_3_m: float
    weight_1: float
    weight_2: float
    weight_3: float


@dataclass(frozen=True)
class DesignationRules:
    """Criteria of a lægedækningstruet area, their weights, and when they are decided."""

    patients_per_capacity_persons: float
    practices_closed_pct: float
    spare_places_pct: float
    expected_exit_pct: float
    population_growth_pct: float
    choice_pct: float
    weight_patients_per_capacity: float
    weight_practices_closed: float
    weight_spare_places: float
    weight_expected_exit: float
    weight_population_growth: float
    weight_special_circumstances: float
    weight_clinic_need: float
    weight_choice: float
    signal_weight: float
    trend_years: float
    min_months: float
    decision_months: tuple[str, ...]


@dataclass(frozen=True)
class SkalRules:
    """Places that must keep a practice."""

    town_persons: float
    merge_within_m: float
    merge_min_persons: float
    practice_within_m: float
    min_persons_lost: float
    protect_choice: bool


@dataclass(frozen=True)
class PathwayRules:
    """Year by year to the national target: doctors, specialists, recruitment, new tasks."""

    national_doctors: float
    national_population_persons: float
    target_doctors: float
    target_year: float
    demography_doctors: float
    shortage_doctors: float
    new_tasks_low_doctors: float
    new_tasks_high_doctors: float
    training_places: float
    training_filled_pct: float
    capacities_per_doctor: float
    takeover_pct: float
    takeover_threatened_pct: float
    new_doctor_age_years: float
    capacities_per_new_practice: float
    intake_follows_lists: bool
    contacts_per_person: float
    population_spread_pct: float


@dataclass(frozen=True)
class PlacementRules:
    """Where a practice may be placed, and how far one may move."""

    grid_m: float
    merge_m: float
    tie_pct: float


@dataclass(frozen=True)
class PublicationRules:
    """What the outputs that are meant for publication withhold."""

    min_doctors: float


@dataclass(frozen=True)
class ScenarioRules:
    """What a scenario may do: limits, and whether a check warns or forbids."""

    max_move_m: float
    max_satellite_m: float
    low_need_weight: float
    forbid_last_of_skal: bool
    forbid_far_move: bool
    forbid_move_out_of_kommune: bool
    forbid_move_out_of_part: bool
    forbid_many_ydernumre: bool
    forbid_restrictive: bool
    forbid_far_satellite: bool


GROUPS: Mapping[str, type] = {
    "choice": ChoiceRules,
    "travel": TravelRules,
    "capacity": CapacityRules,
    "workforce": WorkforceRules,
    "access": AccessRules,
    "designation": DesignationRules,
    "skal": SkalRules,
    "pathway": PathwayRules,
    "placement": PlacementRules,
    "publication": PublicationRules,
    "scenario": ScenarioRules,
}
