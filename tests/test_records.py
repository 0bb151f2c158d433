"""Records are data classes to everybody who looks."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from qs_lint.domain import Holder, HolderKind
from qs_lint.examination import Outcome
from qs_lint.findings import Location, Step
from qs_lint.records import field, record, replace


@record
class Box:
    """Something that changes, with a default of its own for each object."""

    name: str
    parts: list[int] = field(default_factory=list)


@record(frozen=True)
class Label:
    """Something that does not change."""

    text: str = ""

    def __post_init__(self) -> None:
        if self.text == "wrong":
            raise ValueError(self.text)


@record(frozen=True)
class Price(Label):
    """One that inherits."""

    amount: int = 0


def test_arguments_are_those_of_a_function() -> None:
    """By position or by name; missing and unknown ones are errors."""
    assert Location("a.py", 1, 2, end_line=3, end_column=4).end_column == 4
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        Location("a.py", 1, 2, 3)  # type: ignore[call-arg] # pylint: disable=no-value-for-parameter
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        Step("a.py", 1, "x", colour="red")  # type: ignore[call-arg] # pylint: disable=unexpected-keyword-arg
    assert Price("tea", 3) == Price(text="tea", amount=3)


def test_each_object_has_its_own_default() -> None:
    """A default factory is called for each object."""
    one, other = Box("a"), Box("a")
    one.parts.append(1)
    assert other.parts == []
    assert one != other
    assert Box("a") == Box("a", [])


def test_equality_asks_for_the_class() -> None:
    """Equal values in objects of two classes are not equal."""
    assert Label("x") != Price("x")
    assert Label("x") != object()
    assert len({Label("x"), Label("x"), Label("y")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Box("a"))


def test_what_is_frozen_stays() -> None:
    """Attributes of frozen records cannot be set."""
    label = Label("x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        label.text = "y"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del label.text
    with pytest.raises(ValueError, match="wrong"):
        Label("wrong")


def test_slots_leave_no_place_for_more() -> None:
    """A record with slots takes no other attribute."""
    assert not hasattr(Step("a.py", 1, "x"), "__dict__")


@pytest.mark.parametrize(
    "made",
    [Box("a", [1]), Label("x"), Step("a.py", 1, "x"), Outcome(gave_up=((1, "limit"),)), Price("x")],
)
def test_copies_are_equal(made: object) -> None:
    """Copies and pickles say the same."""
    assert pickle.loads(pickle.dumps(made)) == made
    assert copy.deepcopy(made) == made
    assert replace(made) == made  # type: ignore[type-var]


def test_dataclasses_knows_them() -> None:
    """``dataclasses.fields`` and ``replace`` work."""
    assert dataclasses.is_dataclass(Step)
    assert [part.name for part in dataclasses.fields(Price)] == ["text", "amount"]
    assert dataclasses.asdict(Box("a", [1])) == {"name": "a", "parts": [1]}
    assert dataclasses.replace(Price("tea", 3), amount=4) == Price("tea", 4)
    assert replace(Price("tea", 3), amount=4) == Price("tea", 4)


def test_shown_as_it_is_written() -> None:
    """The representation is that of a data class."""
    assert repr(Price("tea", 3)) == "Price(text='tea', amount=3)"
    assert repr(Box("a")) == "Box(name='a', parts=[])"


def test_patterns_match() -> None:
    """Positional patterns match in the order of the attributes."""
    match Holder(HolderKind.MODULE_GLOBAL, "ROWS"):
        case Holder(kind, name):
            assert (kind, name) == (HolderKind.MODULE_GLOBAL, "ROWS")
