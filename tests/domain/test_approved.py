"""True statements about approved products stay quiet; the same words with anything else in them do not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.approved import ApprovedProduct, ProductFault, check_product, shipped_products, true_statement
from clinics.domain.block import Sentence, Surface
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet

PRODUCTS = shipped_products()
BY_KEY = {product.key: product for product in PRODUCTS}
TRUE = [(product.key, text) for product in PRODUCTS for text in product.must]

PAIRS = [  # a true statement beside one that resembles it
    ("Ryoncil is FDA approved for children with SR-aGVHD.", "Our Ryoncil-type cells are FDA approved."),
    ("Ryoncil is FDA approved.", "Ryoncil is FDA approved, so our MSC drips are too."),
    ("Ryoncil was approved in 2024.", "Ryoncil was approved in 2024, which shows that our infusions are safe."),
    ("FDA approved Ryoncil for children with SR-aGVHD.", "FDA approved Ryoncil for knees."),
    ("FDA-approved Ryoncil is used for GVHD.", "FDA-approved Ryoncil is used for GVHD and arthritis."),
    ("Ryoncil (remestemcel-L) is FDA approved for GVHD.", "Ryoncil-like (remestemcel-L) is FDA approved for GVHD."),
    ("Cord blood is approved for rebuilding blood after chemotherapy.", "Cord blood is FDA approved for autism."),
    ("Cord blood transplants treat leukemia.", "Cord blood transplants treat leukemia and autism."),
    ("Hemacord and Ducord are licensed for hematopoietic reconstitution.", "Hemacord and our cells are licensed."),
    ("Kymriah is approved for acute lymphoblastic leukemia.", "Kymriah is approved for GVHD."),
    ("The kit is 510(k)-cleared for preparing platelet-rich plasma.", "The kit is 510(k)-cleared."),
    ("Our kit is FDA cleared to prepare PRP.", "Our FDA-cleared kit means the knee treatment is approved."),
    ("Our kit is FDA cleared to prepare PRP.", "Our kit is FDA approved to prepare PRP."),
    ("Ryoncil está aprobado por la FDA para niños con EICH aguda.", "Nuestras células tipo Ryoncil están aprobadas."),
    ("Ryoncil está aprobado por la FDA.", "Ryoncil está aprobado por la FDA y nuestros sueros también."),
    ("La FDA aprobó Ryoncil en 2024.", "La FDA aprobó Ryoncil para las rodillas."),
    ("La sangre de cordón está aprobada para ciertos linfomas.", "La sangre de cordón está aprobada para el autismo."),
    ("El kit está autorizado por la FDA para preparar PRP.", "El kit está autorizado por la FDA para la artrosis."),
]
CLAIMED_TOO = [
    "our",
    "we",
    "knees",
    "autism",
    "arthritis",
    "exosomes",
    "also our drips",
    "safely",
    "nuestras",
    "rodillas",
]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.key)
def test_a_shipped_product_holds_its_own_examples(product: ApprovedProduct) -> None:
    check_product(product)
    assert product.must
    assert product.must_not
    assert product.source.url.startswith("http")


def test_the_products_that_staff_will_look_for_are_there() -> None:
    wanted = "hemacord ducord allocord clevecord regenecyte ryoncil omisirge lantidra maci gintuit laviv stratagraft"
    wanted += " rethymic provenge amtagvi tecelra encelto symvess casgevy lyfgenia zynteglo skysona lenmeldy kebilidi"
    wanted += " zevaskyn waskyra kymriah yescarta tecartus breyanzi abecma carvykti aucatzyl cord_blood prp_kit"
    assert set(wanted.split()) <= BY_KEY.keys()


@pytest.mark.parametrize(("true", "other"), PAIRS)
def test_a_true_statement_is_told_from_its_look_alike(true: str, other: str) -> None:
    assert true_statement(true, PRODUCTS)
    assert true_statement(other, PRODUCTS) == ""


def test_the_reason_names_product_use_source_and_date() -> None:
    reason = true_statement("Ryoncil is FDA approved for children with SR-aGVHD", PRODUCTS)
    assert reason.startswith(
        "Ryoncil (remestemcel-L) is licensed for steroid-refractory acute GVHD in children; source"
    )
    assert reason.endswith("2026-11-22.")


@pytest.mark.parametrize(
    "text", ["", "?", "Is Ryoncil FDA approved for GVHD?", "«n» is approved", "Our cells are FDA approved."]
)
def test_what_is_no_statement_about_a_product_is_not_true_of_one(text: str) -> None:
    assert true_statement(text, PRODUCTS) == ""


@given(st.sampled_from(TRUE), st.data())
def test_one_more_word_of_the_clinics_own_makes_it_an_ordinary_sentence(
    case: tuple[str, str], data: st.DataObject
) -> None:
    words = case[1].split()
    place = data.draw(st.integers(0, len(words)))
    claimed = data.draw(st.sampled_from(CLAIMED_TOO))
    said = " ".join([*words[:place], claimed, *words[place:]])
    own = BY_KEY[case[0]]
    if claimed == "our" and own.verb == "cleared":
        return  # a clinic's own kit is still a cleared kit
    if claimed in ("arthritis", "knees") and own.key in ("corticosteroid_injections", "maci"):
        return  # their approved uses
    assert true_statement(said, PRODUCTS) == ""


@given(st.sampled_from(TRUE), st.sampled_from(CLAIMED_TOO[:5]))
def test_a_second_clause_about_the_clinics_own_makes_it_an_ordinary_sentence(case: tuple[str, str], own: str) -> None:
    assert true_statement(f"{case[1].rstrip('.')}, and so are {own} cells.", PRODUCTS) == ""


@given(st.text(max_size=80))
def test_no_text_is_true_by_accident(text: str) -> None:
    assert true_statement(f"Our cells {text}", PRODUCTS) == ""


@given(st.text(alphabet="«»nup ()-,.®", max_size=40))
def test_marks_of_our_own_in_a_text_do_no_harm(text: str) -> None:
    true_statement(f"Ryoncil {text} is FDA approved", PRODUCTS)


def found(text: str, rules: RuleSet) -> dict[str, tuple[bool, str]]:
    sentence = Sentence(text, 0, len(text), 0, Surface.BODY)
    return {match.rule.key: (match.flagged, match.reason) for match in rules.find(sentence)}


def test_a_rule_tells_why_a_true_statement_is_not_flagged() -> None:
    rule = replace(
        next(each for each in shipped_rules() if each.category == "disease_serious"),
        patterns=(r"\btreats? \w+",),
        exemptions=(),
    )
    text = "Casgevy treats sickle cell disease."
    [(flagged, _)] = found(text, RuleSet([rule])).values()
    [(quiet, why)] = found(text, RuleSet([rule], PRODUCTS)).values()
    assert (flagged, quiet) == (True, False)
    assert why.startswith("True as it stands: Casgevy")


@pytest.mark.parametrize("category", ["guarantee", "success_rate", "testimonial"])
def test_a_promise_is_no_true_statement_whatever_it_promises(category: str) -> None:
    rule = replace(shipped_rules()[0], category=category, patterns=(r"\btreats?\b",), exemptions=(), ideas=())
    [(flagged, _)] = found("Casgevy treats sickle cell disease.", RuleSet([rule], PRODUCTS)).values()
    assert flagged


def test_the_version_of_the_rules_covers_the_products() -> None:
    rules, ryoncil = shipped_rules()[:1], BY_KEY["ryoncil"]
    version = RuleSet(rules, [ryoncil]).version
    assert version != RuleSet(rules).version
    assert version == RuleSet(rules, [replace(ryoncil, indication="Said better.")]).version
    assert version != RuleSet(rules, [replace(ryoncil, uses=("knees",))]).version


@pytest.mark.parametrize(
    "changes",
    [
        {"names": ()},
        {"uses": ()},
        {"names": ("(unclosed",)},
        {"names": ("{nothing}",)},
        {"uses": (".*",)},
        {"people": (r"\w*",)},
        {"must": ("Our cells are FDA approved.",)},
        {"must_not": ("Ryoncil is FDA approved.",)},
    ],
)
def test_a_product_that_cannot_be_used_is_refused(changes: dict) -> None:
    with pytest.raises(ProductFault):
        check_product(replace(BY_KEY["ryoncil"], **changes))


SHIPPED = RuleSet(shipped_rules(), PRODUCTS)


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Ryoncil is FDA approved for children with SR-aGVHD.", False),
        ("Ryoncil is FDA approved for autism.", True),
        ("FDA approved Ryoncil for knees.", True),
        ("Our Ryoncil-type cells are FDA approved.", True),
        ("Ryoncil is FDA approved, so our MSC drips are too.", True),
        ("Cord blood is approved for rebuilding blood after chemotherapy.", False),
        ("The kit is 510(k)-cleared for preparing platelet-rich plasma.", False),
        ("Our kit is FDA cleared to prepare PRP.", False),
        ("Our FDA-cleared kit means the knee treatment is approved.", True),
    ],
)
def test_the_shipped_rules_flag_the_look_alikes_and_leave_true_statements(text: str, flagged: bool) -> None:
    assert any(was_flagged for was_flagged, _ in found(text, SHIPPED).values()) is flagged
