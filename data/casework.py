"""The casework: what people did about findings (核查线索), as events that are only ever added.

What belongs here: where a home's casework lies, and its two verbs, add and read. Pages and answered workbooks add. Nothing that a
machine found is kept here (releases hold that), and no status either: transforms/cases.py derives it from both. The tables lie in
data/casework_tables.py.

The store is `<home>/casework.sqlite`, or a PostgreSQL database where LIANGXIN_CASEWORK or `<home>/secrets/casework.url` names one.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data.acts import DISPOSITIONS, EXPLAINS, KINDS, Act, ActRefused, Event, check, is_fingerprint
from data.home import Home, HomeUnfit
from data.language import words

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["DISPOSITIONS", "EXPLAINS", "KINDS", "Act", "ActRefused", "Casework", "Event", "check", "open_casework"]

VARIABLE = "LIANGXIN_CASEWORK"
FILE = "casework.url"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
Unless = Callable[[Act, Sequence[Event]], bool]  # by an act and the events that its finding has so far
FEW = 500  # so many fingerprints are asked for by name; of more, all events are read and the others left out


def _now() -> datetime:
    return datetime.now(UTC)


def open_casework(home: Home, clock: Callable[[], datetime] = _now) -> "Casework":
    """The home's casework. Nothing is opened or made by this call. HomeUnfit where the URL can't be one."""
    url = os.environ.get(VARIABLE, "").strip() or _written_url(home)
    scheme, _, rest = url.partition("://")
    if not url:
        return Casework(SQLITE, home.path / "casework.sqlite", clock)
    # A second @ is one of the password, after which host and database, which are said to people, would hold the rest of it.
    if scheme.split("+")[0] in (POSTGRESQL, "postgres") and rest.count("@") <= 1:
        return Casework(POSTGRESQL, url, clock)
    if scheme == SQLITE and rest.startswith("//"):
        return Casework(SQLITE, Path(rest[1:]), clock)
    raise _no_url()


def _no_url() -> HomeUnfit:
    """Says nothing of what it holds: that may be a password."""
    return HomeUnfit(
        words(
            f"线索办理记录库的地址（环境变量 {VARIABLE} 或 secrets/{FILE}）应为 postgresql://用户:密码@主机/库名 或 sqlite:////路径，"
            "密码中的特殊字符应写作 %XX。请改正。",
            f"the casework's URL ({VARIABLE}, or secrets/{FILE}) must be postgresql://user:password@host/database or sqlite:////path, "
            "special characters of the password as %XX. Mend it.",
        )
    )


def _written_url(home: Home) -> str:
    """The first line of secrets/casework.url: in no settings file, for manifests name those, and a URL may hold a password."""
    try:
        text = (home.secrets / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise HomeUnfit(
            words(
                f"secrets/{FILE} 无法读取。请检查其权限与编码（UTF-8）。",
                f"secrets/{FILE} cannot be read. Look at its rights and encoding (UTF-8).",
            )
        ) from None
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


@dataclass(frozen=True)
class Casework:
    """One store of events. kind: sqlite or postgresql. place: the file, or the URL."""

    kind: str
    place: Path | str
    clock: Callable[[], datetime] = _now

    def add(self, acts: Sequence[Act], unless: Unless | None = None) -> list[Event]:
        """Stores all of them or none, and gives them back numbered. ActRefused before anything is written; HomeUnfit where it can't be.

        unless: which to leave out, by the events that the act's finding has so far, those of acts before it among them. It is asked while
        nobody else can write, so that what it decides by is still so when the others are stored.
        """
        for act in acts:
            check(act)
        if not acts:
            return []
        with self._store(writes=True, stores=True) as connection:
            stored = self._append(connection, acts, unless)
            if stored:
                connection.commit()
        return stored

    def events(self, fingerprints: Collection[str] | None = None, after: int = 0) -> list[Event]:
        """What was stored, in its order: of these findings, where some are named; what followed on an event, where one is."""
        if self._is_empty or (fingerprints is not None and not fingerprints):
            return []
        with self._store() as connection:
            return [] if self._version(connection) is None else self._read(connection, fingerprints, after)

    @property
    def last(self) -> int:
        """The number of the newest event, 0 where there is none. As long as it is the same, so are all events."""
        if self._is_empty:
            return 0
        with self._store() as connection:
            return 0 if self._version(connection) is None else self._newest(connection)[0]

    def rehearse(self) -> bool:
        """Does all that storing an act does, and takes it back. False where the store is not made yet; HomeUnfit where it can't be used."""
        if self._is_empty:
            return False
        with self._store(writes=True) as connection:
            made = self._version(connection) is not None
            self._append(connection, [Act("rehearsal", "rehearsal", "2000-01", "returned", "rehearsal")])
            connection.rollback()
        return made

    @property
    def name(self) -> str:
        """The store for people to read: the file, or host and database. Never a password."""
        if self.kind == SQLITE:
            return str(self.place)
        from data import casework_tables as tables

        return tables.postgresql_place(str(self.place))

    @property
    def _is_empty(self) -> bool:
        """Known without opening anything: no act was ever stored."""
        return self.kind == SQLITE and not Path(self.place).exists()

    def _read(self, connection: "sa.Connection", fingerprints: Collection[str] | None, after: int = 0) -> list[Event]:
        from data import casework_tables as tables

        # What is no fingerprint is in no event, and a database may refuse to be asked for it (PostgreSQL: NUL).
        wanted = None if fingerprints is None else {name for name in fingerprints if is_fingerprint(name)}
        asked = tables.events.select().where(tables.events.c.id > after).order_by(tables.events.c.id)
        if wanted is not None and len(wanted) <= FEW:
            asked = asked.where(tables.events.c.fingerprint.in_(wanted))
        found = [Event(**row) for row in connection.execute(asked).mappings()]
        return [event for event in found if wanted is None or event.fingerprint in wanted]

    def _append(self, connection: "sa.Connection", acts: Sequence[Act], unless: Unless | None = None) -> list[Event]:
        from data import casework_tables as tables

        tables.take_turn(connection)
        if self._version(connection) is None:
            tables.create(connection)
        number, before = self._newest(connection)
        # A clock that was set back does not put an act before those that it follows.
        at = max(self.clock(), before) if before else self.clock()
        so_far: dict[str, list[Event]] = {}
        for event in self._read(connection, {act.fingerprint for act in acts}) if unless else ():
            so_far.setdefault(event.fingerprint, []).append(event)
        stored = []
        for act in acts:
            events = so_far.setdefault(act.fingerprint, [])
            if unless is None or not unless(act, events):
                events.append(Event(**asdict(act), id=number + len(stored) + 1, at=at))
                stored.append(events[-1])
        if stored:
            connection.execute(tables.events.insert(), [asdict(event) for event in stored])
        return stored

    def _newest(self, connection: "sa.Connection") -> tuple[int, datetime | None]:
        from data import casework_tables as tables

        columns = tables.events.c
        row = connection.execute(
            tables.events.select().with_only_columns(columns.id, columns.at).order_by(columns.id.desc()).limit(1)
        ).first()
        return (row.id, row.at) if row else (0, None)

    def _version(self, connection: "sa.Connection") -> int | None:
        from data import casework_tables as tables

        version = tables.version_of(connection)
        if version is not None and version > tables.VERSION:
            raise HomeUnfit(
                words(
                    f"线索办理记录由更新的程序版本写入（格式 {version}，本程序为 {tables.VERSION}）。请升级程序。",
                    f"the casework was written by a newer program (form {version}; this one knows {tables.VERSION}). Use that.",
                )
            )
        return version

    @contextmanager
    def _store(self, writes: bool = False, stores: bool = False) -> Iterator["sa.Connection"]:
        """A connection in a transaction, which ends without a trace unless it is committed. What goes wrong is said in one line."""
        import sqlalchemy as sa

        try:
            with self._engine(writes).connect().execution_options(writes=writes) as connection:
                yield connection
        except (sa.exc.SQLAlchemyError, OSError) as error:
            raise self._unfit(error, stores) from None

    def _engine(self, writes: bool) -> "sa.Engine":
        import sqlalchemy as sa

        from data import casework_tables as tables

        if self.kind == POSTGRESQL:
            try:
                return tables.postgresql_engine(str(self.place))
            except (sa.exc.ArgumentError, ValueError):
                raise _no_url() from None
        if writes:
            Path(self.place).parent.mkdir(parents=True, exist_ok=True)
        return tables.sqlite_engine(Path(self.place), writes)

    def _unfit(self, error: Exception, stores: bool) -> HomeUnfit:
        why = _reason(error)
        if self.kind == SQLITE:
            lost = words("本次操作未保存。", "Nothing was stored.") if stores else ""
            way = _way_out(why)
        else:
            # A server that goes away in the moment of the commit leaves it open whether the acts are stored.
            lost = words("本次操作可能未保存，请恢复连接后核对。", "Look whether it was stored once it can be reached.") if stores else ""
            way = words("请检查数据库服务、网络和地址", "Look at the server, the network and the URL")
        return HomeUnfit(
            words(
                f"线索办理记录 {self.name} 无法使用（{why}）。{way}。{lost}",
                f"the casework {self.name} cannot be used ({why}). {way}. {lost}",
            ).strip()
        )


def _reason(error: Exception) -> str:
    """The driver's own first line, without a password, should a driver ever say it."""
    said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip().splitlines() or [type(error).__name__]
    return re.sub(r"(?i)(://[^:/@\s]*:)[^@\s]*@|(password=)\S+", r"\1\2***", said[0])


def _way_out(why: str) -> str:
    """By what SQLite says."""
    if "locked" in why:
        return words("另一程序正在写入，请稍后重试", "Another program is writing: try again in a moment")
    if "full" in why:
        return words("磁盘已满，请清理后重试", "The disk is full: make room and try again")
    if "not a database" in why or "malformed" in why:
        return words("文件已损坏，请从备份恢复", "The file is damaged: put it back from your copy")
    return words("请检查该文件及所在目录的权限", "Look at the rights of the file and its folder")
