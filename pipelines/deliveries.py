"""Which delivery counts for which period (definitions.md, 'Effective delivery'), and when one must be read again.

A delivery's fingerprint is of everything that its reading depends on: its files, what computes of the source's card, the office's own
headings, the type names, the site key, and for tax the registers that old taxpayer numbers are matched with.
"""

import hashlib
from functools import cached_property

import polars as pl

from data.contracts import SourceCard, definitions_of, registration_types, sources
from data.home import Home
from data.periods import add_months
from pipelines.reading.delivery import Delivery, read_delivery
from pipelines.reading.header import NO_HEADINGS
from pipelines.reading.landing import Landing
from pipelines.reading.pseudonyms import key_digest, pseudonym_maker
from pipelines.warehouse import Stored, Warehouse
from transforms.inputs import REGISTERS
from transforms.parse import Lists
from transforms.uscc import organisation_code


class Deliveries:
    """The deliveries of a landing folder, seen together with what the warehouse has already read of them."""

    def __init__(self, home: Home, landing: Landing, stored: dict[tuple[str, str], Stored]):
        self.home = home
        self.landing = landing
        self.stored = stored

    def window(self, card: SourceCard, period: str) -> list[str]:
        """The periods whose delivery of this source could count for this one, newest first."""
        oldest = self.home.settings.carry_over(card)
        return [month for back in range(oldest + 1) if (card.name, month := add_months(period, -back)) in self.landing.deliveries]

    def effective(self, card: SourceCard, period: str) -> str | None:
        """The period whose delivery counts: the newest of which a file can be read. One not read yet is taken to be readable."""
        return next((month for month in self.window(card, period) if self._readable(card, month)), None)

    def in_effect(self, period: str) -> dict[str, str]:
        """source -> the period whose delivery counts; a source without one is not there."""
        return {card.name: month for card in sources().values() if (month := self.effective(card, period)) is not None}

    def _readable(self, card: SourceCard, month: str) -> bool:
        stored = self.stored.get((card.name, month))
        return stored is None or stored.readable or stored.fingerprint != self.fingerprint(card, month)

    def fingerprint(self, card: SourceCard, month: str) -> str:
        digest = hashlib.sha256(f"{definitions_of()[f'sources/{card.name}']}\0{self._reference(card)}".encode())
        for file in self.landing.deliveries.get((card.name, month), ()):
            digest.update(f"\0{file.path}\0{file.sha256}".encode())
        if any(field.form == "taxpayer" for field in card.fields):
            for register in REGISTERS:
                known = self.effective(sources()[register], month)
                digest.update(f"\0{known and self.fingerprint(sources()[register], known)}".encode())
        return digest.hexdigest()

    def _reference(self, card: SourceCard) -> str:
        own = self.home.headings.get(card.name, NO_HEADINGS)
        parts = [str(sorted(own.headings.items())), str(sorted(own.defaults.items()))]
        if any(field.form == "type" for field in card.fields):
            parts.append(str(sorted(self.home.type_names.items())))
        if any(field.form == "person" for field in card.fields):
            parts.append(self._key_digest)
        return "\0".join(parts)

    @cached_property
    def _key_digest(self) -> str:
        return key_digest(self.home)

    @cached_property
    def _pseudonym(self):
        return pseudonym_maker(self.home)

    def stale(self, card: SourceCard, month: str) -> bool:
        stored = self.stored.get((card.name, month))
        return stored is None or stored.fingerprint != self.fingerprint(card, month)

    def read(self, warehouse: Warehouse, card: SourceCard, month: str) -> Delivery:
        """Read a delivery and put it into the warehouse; for tax, the registers of its period must be there."""
        own = self.home.headings.get(card.name, NO_HEADINGS)
        codes = self._organisation_codes(warehouse, month) if any(field.form == "taxpayer" for field in card.fields) else {}
        lists = Lists(frozenset(code for code, _, _ in registration_types()), self.home.type_names, codes, self._pseudonym)
        delivery = read_delivery(self.home.landing, card, self.landing.deliveries[card.name, month], lists, own)
        warehouse.replace(card, month, delivery, self.fingerprint(card, month))
        self.stored = warehouse.stored()
        return delivery

    def _organisation_codes(self, warehouse: Warehouse, month_of_tax: str) -> dict[str, str]:
        """Characters 9 to 17 -> the one USCC of the registers in effect that has them; a code in both registers counts once."""
        parts = [
            warehouse.rows(sources()[name], month, "uscc") for name in REGISTERS if (month := self.effective(sources()[name], month_of_tax))
        ]
        if not parts:
            return {}
        codes = pl.concat(parts).unique().select("uscc", code=organisation_code(pl.col("uscc")))
        single = codes.filter(pl.len().over("code") == 1)
        return dict(zip(single["code"], single["uscc"], strict=True))
