"""One synthetic clinic after another, built in memory with all that belongs to it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import models

from clinics.domain.block import Block, Surface
from clinics.domain.content import canonical
from clinics.domain.identity import digest, subject_key, text_digest
from clinics.domain.outcome import Outcome
from clinics.domain.sentences import split
from clinics.models import (
    Affiliation,
    Assessment,
    Cause,
    CheckDue,
    Claim,
    ClaimVersion,
    Clinic,
    CredentialCheck,
    Decision,
    Finding,
    Flag,
    Host,
    Location,
    Page,
    PageState,
    PageUse,
    Practitioner,
    QuotePresence,
    Sighting,
    Snapshot,
    Term,
    Treatment,
)
from clinics.models.bulk_copy import next_ids
from clinics.operations import seed_words
from clinics.operations.seed_rows import Batch

PATHS: Final = ("", "treatments/", "team/")


def clinics_of(batch: Batch, numbers: Sequence[int], flags: int) -> None:
    """Rows of the clinics with these numbers, each with so many flags."""
    many = len(numbers)
    keys: dict[type[models.Model], Iterator[int]] = {
        model: iter(next_ids(model, number))
        for model, number in (
            (Host, many),
            (Page, many * len(PATHS)),
            (Clinic, many),
            (Snapshot, many),
            (Practitioner, many),
            (CredentialCheck, many * 2),
            (Claim, many * 3),
            (Flag, many * flags),
        )
    }
    for number in numbers:
        _Seed(batch, number, Random(f"clinic {number}"), keys).write(flags)  # noqa: S311 - no secret


@dataclass(slots=True)
class _Seed:
    """One synthetic clinic."""

    batch: Batch
    number: int
    draw: Random
    keys: dict[type[models.Model], Iterator[int]]

    def write(self, flags: int) -> None:
        now, draw = self.batch.now, self.draw
        host = self.batch.add(Host(pk=self._key(Host), name=f"c{self.number:07}.seed.example", free_at=now))
        pages = [self._page(host, path) for path in PATHS]
        clinic = self.batch.add(
            Clinic(
                pk=self._key(Clinic),
                public_id=seed_words.public_id_of(self.number),
                name=seed_words.name_of(self.number),
                status=Clinic.Status.LISTED,
                status_since=(now - timedelta(days=draw.randrange(900))).date(),
                website=pages[0],
                languages=["en", "es"] if draw.random() < 0.3 else ["en"],
                recorded_by=self.batch.people[0],
                created_at=now - timedelta(days=900),
            )
        )
        for page in pages:
            self.batch.add(PageUse(page=page, clinic=clinic, created_at=now))
        quotes = [seed_words.sentence_of(self.number * 1000 + index) for index in range(draw.randrange(4))]
        snapshot = self._states(pages, quotes)
        self._offer(clinic)
        self._people_and_checks(clinic)
        for index, quote in enumerate(quotes):
            self._claim(clinic, snapshot, quote, index)
        for index in range(flags):
            self._flag(clinic, snapshot, seed_words.sentence_of((self.number + 1) * 1_000_000 + index))

    def _key(self, model: type[models.Model]) -> int:
        return next(self.keys[model])

    def _page(self, host: Host, path: str) -> Page:
        url = f"https://{host.name}/{path}"
        page = Page(pk=self._key(Page), url=url, typed=url, identity=f"{host.name}/{path}".rstrip("/"), host=host)
        page.created_at = self.batch.now - timedelta(days=900)
        self.batch.add(page)
        return page

    def _states(self, pages: Sequence[Page], quotes: Sequence[str]) -> Snapshot:
        """What the pages said when they were last read; the first one's text is kept."""
        read_at = self.batch.now - timedelta(days=self.draw.choice((1, 3, 6, 20, 60, 200)), hours=self.number % 24)
        blocks = [Block(text, Surface.BODY) for text in ("Our team is here for you.", *quotes)]
        snapshot = Snapshot(
            pk=self._key(Snapshot),
            page=pages[0],
            origin=Snapshot.Origin.READ,
            text_digest=text_digest(blocks),
            extractor_version="seed",
            taken_at=read_at,
        )
        self.batch.add(snapshot.keeping(blocks).hashed())
        for page in pages:
            outcome = Outcome.UNCHANGED if self.draw.random() < 0.95 else Outcome.BLOCKED
            first = page is pages[0]
            self.batch.add(
                PageState(
                    page=page,
                    due_at=self.batch.now + timedelta(days=365),
                    last_tried_at=read_at,
                    last_read_at=read_at,
                    outcome=outcome,
                    outcome_since=read_at,
                    snapshot=snapshot if first else None,
                    text_digest=snapshot.text_digest if first else "",
                    masked_digest="",
                    steadiness=0,
                    by_browser=False,
                    marks={},
                )
            )
        return snapshot

    def _offer(self, clinic: Clinic) -> None:
        draw, choices = self.draw, self.batch.choices
        for _ in range(1 + (draw.random() < 0.2)):
            self.batch.add(self._location(clinic))
        for index in range(draw.randrange(1, 4)):
            facets = {f"{kind}_id": choices.term(kind, draw) for kind in ("cell_source", "origin", "route")}
            more = {f"{kind}_id": choices.term(kind, draw) for kind in ("condition", "posture", "evidence")}
            self.batch.add(Treatment(clinic=clinic, name=f"Treatment {index + 1}", **facets, **more))

    def _location(self, clinic: Clinic) -> Location:
        draw = self.draw
        if draw.random() < 0.05:
            country, city, state = draw.choice(seed_words.ABROAD)
            return Location(clinic=clinic, country=country, city=city, state=state)
        code, city, state, latitude, longitude = draw.choice(seed_words.places())
        return Location(
            clinic=clinic,
            street=f"{draw.randrange(1, 999)} Main Street",
            city=city,
            state=state,
            zip=code,
            phone=f"({draw.randrange(201, 989)}) 555-01{draw.randrange(100):02}",
            latitude=latitude,
            longitude=longitude,
        )

    def _people_and_checks(self, clinic: Clinic) -> None:
        draw, choices = self.draw, self.batch.choices
        name = f"Dr. {draw.choice(seed_words.GIVEN)} {draw.choice(seed_words.FAMILY)}"
        person = Practitioner(pk=self._key(Practitioner), name=name, provider_id=choices.term("provider", draw))
        self.batch.add(person)
        self.batch.add(Affiliation(clinic=clinic, practitioner=person))
        for index in range(draw.randrange(3)):
            self._check(clinic, person, index)

    def _check(self, clinic: Clinic, person: Practitioner, index: int) -> None:
        draw, now = self.draw, self.batch.now
        on = (now - timedelta(days=draw.randrange(400))).date()
        kind = draw.choice(self.batch.choices.terms[Term.Kind.CREDENTIAL_KIND])
        check = CredentialCheck(
            pk=self._key(CredentialCheck),
            public_id=seed_words.public_id_of(self.number * 2 + index),
            clinic=clinic,
            practitioner=person,
            kind_id=kind,
            subject=person.name,
            register="A register",
            outcome=draw.choice(seed_words.OUTCOMES),
            register_word="Active",
            search_terms=person.name,
            register_date=on,
            matched_by="name and place",
            checked_on=on,
            state=CredentialCheck.State.PUBLISHED,
            checked_by=self.batch.people[0],
            published_by=self.batch.people[1],
            published_at=now,
        )
        self.batch.add(check.hashed())
        due = on + timedelta(days=120)
        self.batch.add(CheckDue(credential_check=check, due_on=due, weight=draw.randrange(1, 7)))

    def _claim(self, clinic: Clinic, snapshot: Snapshot, quote: str, index: int) -> None:
        draw, now = self.draw, self.batch.now
        published_at = now - timedelta(days=draw.randrange(1, 700))
        claim = Claim(
            pk=self._key(Claim),
            public_id=seed_words.public_id_of(self.number * 4 + index),
            clinic=clinic,
            page=snapshot.page,
            snapshot=snapshot,
            category=draw.choice(seed_words.CATEGORIES),
            severity=draw.randrange(1, 6),
            quote=quote,
            context=quote,
            first_seen_on=published_at.date(),
            state=Claim.State.PUBLISHED,
            drafted_by=self.batch.people[0],
            drafted_at=published_at,
            comment_waived_because="Synthetic.",
            first_signed_by=self.batch.people[0],
            second_signed_by=self.batch.people[1],
            published_at=published_at,
        )
        self.batch.add(claim)
        key = draw.choice(Assessment.Key.values)
        facts = {"source_name": "A source", "source_date": published_at.date(), "detail": "What it says."}
        self.batch.add(Assessment(claim=claim, key=key, assessed_on=published_at.date(), **facts))
        content = {"clinic": clinic.public_id, "statement": claim.public_id, "quote": quote, "context": quote}
        version = ClaimVersion(
            claim=claim,
            number=1,
            content=content,
            digest=hashlib.sha256(canonical(content)).hexdigest(),
            published_at=published_at,
            first_signed_by=self.batch.people[0],
            second_signed_by=self.batch.people[1],
        )
        self.batch.add(version.hashed())
        self.batch.add(QuotePresence(claim=claim, since=snapshot.taken_at, last_exact_at=snapshot.taken_at))

    def _flag(self, clinic: Clinic, snapshot: Snapshot, sentence: str) -> None:
        draw, now = self.draw, self.batch.now
        rule = draw.choice(self.batch.choices.rules)
        raised_at = now - timedelta(days=draw.randrange(1, 400), seconds=draw.randrange(86_400))
        state, more = self._decided(raised_at)
        flag = Flag(
            pk=self._key(Flag),
            clinic=clinic,
            subject=subject_key(sentence),
            sentence=sentence,
            category=rule.category,
            severity=rule.severity,
            rule=rule,
            share=round(draw.random(), 3),
            cause=draw.choice(Cause.values),
            raised_at=raised_at,
            presence_since=raised_at,
            state=state,
            **more,
        )
        self.batch.add(flag)
        self.batch.add(
            Finding(
                flag=flag,
                rule=rule,
                rule_version=rule.version,
                stance="claimed",
                severity=rule.severity,
                words=sentence.split(",")[0],
                reason="Said of the clinic itself.",
                found_at=raised_at,
            )
        )
        self.batch.add(
            Sighting(
                flag=flag,
                page=snapshot.page,
                snapshot=snapshot,
                surface=Surface.BODY,
                digest=digest(split([Block(sentence, Surface.BODY)])[0]),
                sentence=sentence,
                block=sentence,
                cause=flag.cause,
                first_seen_at=raised_at,
                last_seen_at=now,
                presence_since=raised_at,
            )
        )
        if flag.decided_at is not None:
            self._decision(flag, flag.decided_at)

    def _decided(self, raised_at: datetime) -> tuple[str, dict[str, Any]]:
        """Two of three wait; of the others most are confirmed or dismissed."""
        state = self.draw.choices(("open", "confirmed", "dismissed", "deferred"), (66, 14, 16, 4))[0]
        if state == "open":
            return state, {}
        made = {"decided_by": self.batch.people[0], "decided_at": raised_at + timedelta(hours=30)}
        if state == "dismissed":
            return state, {**made, "dismissed_as": self.draw.choice(Flag.Dismissal.values)}
        return state, {**made, "deferred_until": self.batch.now + timedelta(days=30)} if state == "deferred" else made

    def _decision(self, flag: Flag, at: datetime) -> None:
        decision = Decision(
            flag=flag,
            state=flag.state,
            dismissed_as=flag.dismissed_as,
            deferred_until=flag.deferred_until,
            reason="Synthetic.",
            sentence=flag.sentence,
            before=Flag.State.OPEN,
            by=self.batch.people[0],
            at=at,
        )
        self.batch.add(decision.hashed())
