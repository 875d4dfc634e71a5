"""The published standard of a service: what everybody in the hall may know of it (UU 25/2009)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standard:
    """The six fields of the delivery that are to be shown; each text in the branch's languages.

    Without ``requirements`` of its own the papers of the service stand for them.
    """

    requirements: tuple[Names, ...] = ()
    procedure: Names = field(default_factory=dict)
    time: Names = field(default_factory=dict)
    cost: Names = field(default_factory=dict)
    product: Names = field(default_factory=dict)
    complaints: Names = field(default_factory=dict)
