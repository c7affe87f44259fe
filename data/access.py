"""Who may read what: `<home>/access.toml`, and the reader that comes of it; and how people sign in: `<home>/secrets/sign_in.toml`.

What belongs here: roles, areas, and the files that give them to people. It says who somebody is; what of a release such a reader is
given is settled in transforms/reach.py, and applied where releases are opened. The file is read anew whenever it has changed, so that
whoever is taken out of it is out at the next click.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.home import Home, HomeUnfit
from data.language import words

FILE = "access.toml"
SIGN_IN = "sign_in.toml"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ROLES = ("leader", "analyst", "auditor", "administrator")
# Whoever sits at the machine itself, without signing in: the home lies open to them anyway.
LOCAL = "local"
Role = Literal["leader", "analyst", "auditor", "administrator", "local"]
KINDS = ("city", "district", "park")


@dataclass(frozen=True, order=True)
class Area:
    """The city, a district or a park. `code` is empty for the city."""

    kind: str
    code: str = ""

    def __str__(self) -> str:
        """As access.toml and the pages' addresses write it: `city`, `district-980102`, `park-P01`."""
        return f"{self.kind}-{self.code}" if self.code else self.kind


CITY = Area("city")


@dataclass(frozen=True)
class Reader:
    """Somebody who reads, and may do so as a role and within areas. `sign_in` is what the provider knows them by."""

    sign_in: str
    name: str
    role: Role
    areas: tuple[Area, ...] = (CITY,)

    @property
    def whole(self) -> bool:
        """Whether they read the whole city."""
        return any(area.kind == "city" for area in self.areas)

    @property
    def sees_units(self) -> bool:
        """Whether they read names and lists of units; everybody else is given figures."""
        return self.role in ("analyst", "auditor", LOCAL)

    @property
    def acts(self) -> bool:
        """Whether what they say of a finding is recorded in the casework."""
        return self.role in ("auditor", LOCAL)

    @property
    def watches(self) -> bool:
        """Whether they read the audit log: administrators, and auditors of the whole city."""
        return self.role in ("administrator", LOCAL) or (self.role == "auditor" and self.whole)


ANYBODY_HERE = Reader("", "", LOCAL)


class _Person(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    sign_in: str = Field(min_length=1)
    name: str = ""
    role: Literal["leader", "analyst", "auditor", "administrator"]
    areas: tuple[str, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    claim: str = "email"
    person: tuple[_Person, ...] = ()


@dataclass(frozen=True)
class People:
    """The people of a home. `claim`: by which of the provider's claims they are told apart (email, sub, …)."""

    claim: str
    readers: dict[str, Reader]

    def reader(self, sign_in: str) -> Reader | None:
        return self.readers.get(_folded(sign_in, self.claim))


def people(home: Home) -> People:
    """access.toml, read. Raises HomeUnfit with the entry and the way out; a home without the file lets nobody in who has to sign in."""
    path = home.path / FILE
    try:
        stat = path.stat()
    except FileNotFoundError:
        return People("email", {})
    except OSError as error:
        raise _unfit(f"无法读取（{error.strerror}）", f"can't be read ({error.strerror})") from None
    stamp = (str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino)
    if stamp not in _READ:
        _READ.clear()
        _READ[stamp] = _read(path)
    return _READ[stamp]


# What was read last: asked at every click, and changed a few times a year.
_READ: dict[tuple, People] = {}


def _read(path: Path) -> People:
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise _unfit(f"无法读取（{error.strerror}）", f"can't be read ({error.strerror})") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unfit(f"不是 UTF-8 编码的 TOML（{error}）", f"is no TOML in UTF-8 ({error})") from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise _unfit(f"{_where(first['loc'])}：{first['msg']}", f"{_where(first['loc'], english=True)}: {first['msg']}") from None
    readers: dict[str, Reader] = {}
    for number, person in enumerate(found.person, start=1):
        key = _folded(person.sign_in, found.claim)
        if key in readers:
            raise _unfit(f"第 {number} 个 [[person]] 的 sign_in 与前面的重复", f"[[person]] {number}: its sign_in stands there before")
        readers[key] = Reader(person.sign_in, person.name or person.sign_in, person.role, _areas(person.areas, number))
    return People(found.claim, readers)


def _areas(written: tuple[str, ...], number: int) -> tuple[Area, ...]:
    areas = []
    for text in written:
        kind, _, code = text.partition("-")
        if kind not in KINDS or bool(code) == (kind == "city"):
            raise _unfit(
                f"第 {number} 个 [[person]] 的 areas 应为 city、district-<区划代码> 或 park-<园区代码>",
                f"[[person]] {number}: areas are city, district-<code> or park-<code>",
            )
        areas.append(Area(kind, code))
    return (CITY,) if CITY in areas else tuple(sorted(set(areas)))


def _folded(sign_in: str, claim: str) -> str:
    """Mail addresses are told apart without regard to case, as mail servers and people do; a provider's own identifiers are not."""
    return sign_in.strip().casefold() if claim == "email" else sign_in.strip()


def _where(place: tuple, english: bool = False) -> str:
    if len(place) > 1 and isinstance(place[1], int):
        entry = f"[[person]] {place[1] + 1}" if english else f"第 {place[1] + 1} 个 [[person]]"
        return f"{entry} {'.'.join(str(part) for part in place[2:])}".rstrip()
    return ".".join(str(part) for part in place)


def _unfit(zh: str, en: str) -> HomeUnfit:
    return HomeUnfit(words(f"{FILE}：{zh}。请改正后重新打开页面。", f"{FILE}: {en}. Mend it and open the page again."))


class SignIn(BaseModel):
    """Section [auth] of sign_in.toml, as Streamlit's `st.login` takes it; further keys are its own."""

    model_config = ConfigDict(frozen=True, extra="allow")
    redirect_uri: str = Field(pattern=r"^https?://[^/]+(/.*)?/oauth2callback$")
    cookie_secret: str = Field(min_length=32)
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1)
    server_metadata_url: str = Field(pattern=r"^https?://")

    @property
    def host(self) -> str:
        """The name under which people reach the pages."""
        return urlsplit(self.redirect_uri).hostname or ""


def sign_in_file(home: Home) -> Path:
    return home.secrets / SIGN_IN


def sign_in(home: Home) -> SignIn | None:
    """How people sign in; None where they do not. Raises HomeUnfit with the key at fault; no value is quoted, for they are secret."""
    path = sign_in_file(home)
    if not path.exists():
        return None
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _bad_sign_in(f"无法读取（{error.strerror}）", f"can't be read ({error.strerror})") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise _bad_sign_in("不是 UTF-8 编码的 TOML", "is no TOML in UTF-8") from None
    try:
        return SignIn.model_validate(found.get("auth", {}))
    except ValidationError as error:
        key = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise _bad_sign_in(f"[auth] 缺少 {key} 或其值不合要求", f"[auth] {key} is missing or can't be used") from None


def _bad_sign_in(zh: str, en: str) -> HomeUnfit:
    return HomeUnfit(
        words(f"secrets/{SIGN_IN}：{zh}。写法见 docs/access.md。", f"secrets/{SIGN_IN}: {en}. docs/access.md says how it is written.")
    )
