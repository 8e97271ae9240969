"""The count beside an option is the number of results if it alone were chosen in its facet."""

import random
from collections.abc import Iterator

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.published.counts import facet_counts
from clinics.published.filters import FACETS, ClinicFilter
from clinics.published.vocabulary import SEEN_WITHIN_DAYS, Vocabulary, load_vocabulary
from tests.published import brute_force, rows
from tests.published.brute_force import CATEGORY_OF_SLUG

CONDITIONS = ("knee_arthritis", "hip_arthritis", "back_pain")
ROUTES = ("intra_articular", "intravenous")
SOURCES = ("prp", "exosomes")
PLACES = (
    ("Miami", "FL", "33130", 25.77, -80.2),
    ("Tampa", "FL", "33602", 27.95, -82.46),
    ("Phoenix", "AZ", "85004", 33.45, -112.1),
)
OPTIONS = {
    "state": ("FL", "AZ", "TX"),
    "city": ("Miami", "Tampa"),
    "country": ("US", "MX"),
    "condition": CONDITIONS,
    "route": ROUTES,
    "cell_source": SOURCES,
    "provider": ("md", "np"),
    "claim_category": ("effect_statement", "approval_statement"),
    "assessment": ("not_assessed", "no_entry"),
    "credential": ("npi", "clia"),
    "credential_outcome": ("verified", "not_found"),
    "official_action": ("any", "board_action", "warning_letter"),
    "language": ("en", "es"),
    "seen_within": ("7", "30", "45"),
    "q": ("knee", "palm", "miami"),
}


def a_directory(seed: int) -> None:
    """Thirty clinics with chance rows, and some that are not public."""
    chance = random.Random(seed)  # noqa: S311 - repeatable rows, no secret
    for number in range(30):
        status = "listed" if number % 6 else chance.choice(["draft", "held", "closed"])
        website = rows.a_page(read_days_ago=chance.choice([None, 2, 20, 40, 100]))
        tongues = chance.choice([[], ["en"], ["en", "es"], ["es"]])
        clinic = rows.a_clinic(
            f"{chance.choice(['Palm', 'Mesa'])} {number}", status, website=website, languages=tongues
        )
        for city, state, code, north, west in chance.sample(PLACES, chance.randint(0, 2)):
            rows.a_location(clinic, city=city, state=state, zip=code, latitude=north, longitude=west)
        for _ in range(chance.randint(0, 3)):
            given = {"condition": CONDITIONS, "route": ROUTES, "cell_source": SOURCES}
            rows.a_treatment(clinic, **{kind: chance.choice(of) for kind, of in given.items() if chance.random() < 0.8})
        for _ in range(chance.randint(0, 2)):
            category = CATEGORY_OF_SLUG[chance.choice(OPTIONS["claim_category"])]
            state = chance.choice(["published", "published", "draft", "held"])
            assessed = chance.sample(OPTIONS["assessment"], chance.randint(1, 2))
            rows.a_claim(clinic, "We help knees.", category, state, assessed_as=assessed)
        for _ in range(chance.randint(0, 2)):
            kind, outcome = chance.choice(OPTIONS["credential"]), chance.choice(OPTIONS["credential_outcome"])
            rows.a_check(clinic, kind, outcome, published=chance.random() < 0.8)
        for _ in range(chance.randint(0, 2)):
            kind, state = chance.choice(OPTIONS["official_action"][1:]), chance.choice(["published", "draft", "held"])
            rows.an_action(clinic, kind, state)
        for _ in range(chance.randint(0, 2)):
            rows.a_practitioner(clinic, "Dr. Vale", provider=chance.choice(OPTIONS["provider"]))


@st.composite
def questions(draw: st.DrawFn) -> QueryDict:
    """Parameters of up to four facets, with a distance now and then."""
    params = QueryDict(mutable=True)
    for facet in draw(st.lists(st.sampled_from(sorted(OPTIONS)), max_size=4, unique=True)):
        most = 1 if facet == "q" else 2
        params.setlist(facet, draw(st.lists(st.sampled_from(OPTIONS[facet]), min_size=1, max_size=most, unique=True)))
    if draw(st.booleans()):
        params.setlist("zip", ["33130"])
        params.setlist("within", [draw(st.sampled_from(["10", "250"]))])
    return params


def how_many(params: QueryDict) -> int:
    """The number of results by plain queries over the rows, which the documents find too."""
    filters = ClinicFilter(params)
    assert filters.is_valid(), filters.errors
    plainly = set(brute_force.found(filters.search).values_list("pk", flat=True))
    assert set(filters.answers.tolist()) == plainly, params.urlencode()
    return len(plainly)


def options(facet: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Every option that a facet could have here."""
    known = {value for value, _label in vocabulary.options(facet)} | set(OPTIONS.get(facet, ()))
    yield from SEEN_WITHIN_DAYS if facet == "seen_within" else sorted(known & set(OPTIONS.get(facet, known)))


@pytest.fixture
def directory(vocabulary: None) -> None:
    a_directory(7)


@pytest.mark.usefixtures("directory")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(params=questions())
def test_every_count_is_what_the_search_finds(params: QueryDict) -> None:
    counts = facet_counts(params)
    vocabulary = load_vocabulary()
    for facet in params.keys() & set(FACETS) | {"state", "condition", "seen_within"}:
        for option in options(facet, vocabulary):
            alone = params.copy()
            alone.setlist(facet, [option])
            assert counts[facet].get(option, 0) == how_many(alone), (facet, option, params.urlencode())


@pytest.mark.usefixtures("directory")
def test_counts_of_everything_are_what_the_search_finds() -> None:
    for facet, found in facet_counts(QueryDict()).items():
        for option, n in found.items():
            assert n == how_many(QueryDict(f"{facet}={option}")), (facet, option)


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    "question", ["city=Miami&within=250&state=TX", "city=Miami&within=250", "city=Miami&within=250&state=FL&q=palm"]
)
def test_a_state_is_counted_from_its_own_city_of_the_name(question: str) -> None:
    counted = facet_counts(QueryDict(question)).get("state", {})
    for state in OPTIONS["state"]:
        alone = QueryDict(question, mutable=True)
        alone.setlist("state", [state])
        assert counted.get(state, 0) == how_many(alone), state
    assert counted["FL"]


@pytest.mark.usefixtures("vocabulary")
def test_wrong_parameters_count_nothing() -> None:
    assert facet_counts(QueryDict("state=ZZ")) == {}
