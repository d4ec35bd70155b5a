"""What a setting is made of: its type, default, bounds and meaning. No setting is named here.

A class of annotated fields is the table; `Table` reads text for them, in their order, and tells
every mistake at once, in plain words and without its value. Nothing is taken from the environment.
The names are those of pydantic, which held 20 MB for this in every process.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

YES_NO = {
    **dict.fromkeys(("yes", "true", "on", "1", "y", "t"), True),
    **dict.fromkeys(("no", "false", "off", "0", "n", "f"), False),
}


class SecretStr:
    """Text that no log and no error shows: only `get_secret_value` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "SecretStr('**********')" if self._text else "SecretStr('')"

    def __str__(self) -> str:
        return "**********" if self._text else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretStr) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """One field, as its line in the table declares it; bounds are those of its own unit."""

    default: Any
    description: str
    json_schema_extra: Mapping[str, str] | None = None
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    pattern: str | None = None
    validate_default: bool = False
    annotation: Any = None

    def checked(self, value: Any) -> Any:
        """The value, within its bounds; ValueError tells which it is not."""
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("is not a number")
        for bound, words, holds in (
            (self.ge, "must be at least", operator.ge),
            (self.gt, "must be more than", operator.gt),
            (self.le, "must be at most", operator.le),
        ):
            if bound is not None and value is not None and not holds(value, bound):
                raise ValueError(f"{words} {bound}")
        if self.pattern is not None and not re.search(self.pattern, value):
            hint = f", such as {self.default}" if self.default else ""
            raise ValueError(f"is not as it must be{hint}; see config.example.env")
        return value


def Field(default: Any, **more: Any) -> Any:  # noqa: N802  stands in the table like a type
    """One field's line; any type, so that the annotation before it is what a checker believes."""
    return FieldInfo(default=default, **more)


def field_validator(*fields: str) -> Callable[[Any], Any]:
    """Has a class method look at those fields once they are read, and return what they become."""

    def marked(method: Any) -> Any:
        method.__func__.looks_at = fields
        return method

    return marked


class Mistakes(ValueError):
    """What is wrong, in plain words without values, by field."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in found.items()))
        self.found = dict(found)


class Table:
    """Base of a table; reading one gives an object that cannot be changed, only copied."""

    model_fields: ClassVar[dict[str, FieldInfo]]
    _looks: ClassVar[dict[str, list[str]]]

    def __init_subclass__(cls) -> None:
        cls.model_fields, cls._looks = {}, {}
        for name, annotation in cls.__annotations__.items():
            line = vars(cls)[name]
            told = {key: getattr(line, key) for key in FieldInfo.__slots__ if key != "annotation"}
            cls.model_fields[name] = FieldInfo(**told, annotation=annotation)
        for name, method in vars(cls).items():
            for field in getattr(getattr(method, "__func__", None), "looks_at", ()):
                cls._looks.setdefault(field, []).append(name)

    def __init__(self, **values: Any) -> None:
        """Mistakes where any value will not do; TypeError for what is no field."""
        if unknown := values.keys() - self.model_fields.keys():
            raise TypeError(f"no fields: {', '.join(sorted(unknown))}")
        read: dict[str, Any] = {}
        mistakes: dict[str, str] = {}
        for name, field in self.model_fields.items():
            try:
                read[name] = self._read(name, field, values)
            except ValueError as error:
                mistakes[name] = str(error)
        if mistakes:
            raise Mistakes(mistakes)
        self.__dict__.update(read)

    def _read(self, name: str, field: FieldInfo, values: Mapping[str, Any]) -> Any:
        if name not in values and not field.validate_default:
            return field.default
        value = field.checked(read(field.annotation, values.get(name, field.default)))
        for method in self._looks.get(name, ()):
            value = getattr(self, method)(value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set: make a copy")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """A copy with these values, which are taken as they are."""
        copy = object.__new__(type(self))
        copy.__dict__.update({**vars(self), **update})
        return copy


def read(annotation: Any, value: Any) -> Any:
    """The text as that type has it, else ValueError; what is no text stays as it is."""
    if get_origin(annotation) is Annotated:
        inner, *readers = get_args(annotation)
        for reader in readers:
            value = reader(value)
        return read(inner, value)
    if not isinstance(value, str):
        return value
    if get_origin(annotation) in (Union, UnionType):
        return read(get_args(annotation)[0], value)
    if get_origin(annotation) is Literal:
        return _one_of(get_args(annotation), value)
    return READERS[annotation](value)


def _one_of(choices: tuple[str, ...], text: str) -> str:
    if text not in choices:
        last = f"'{choices[-1]}'"
        raise ValueError(f"must be one of {', '.join(map(repr, choices[:-1]))} or {last}")
    return text


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("is not a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("is not a number") from None


def _yes_no(text: str) -> bool:
    found = YES_NO.get(text.strip().lower())
    if found is None:
        raise ValueError("is neither yes nor no")
    return found


READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    Path: Path,
    SecretStr: SecretStr,
    int: _whole,
    float: _number,
    bool: _yes_no,
}
