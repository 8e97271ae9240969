"""Categories of risky wording, and the neutral slugs under which the public sees them.

Source: the project's VOCABULARY and the taxonomy of its research notes (FDA letters, FTC cases, Sipp et al. 2017).
"""

PUBLIC_SLUGS: dict[str, str] = {
    "fda_approval": "approval_statement",
    "fda_registered": "registration_statement",
    "cure_reversal": "cure_statement",
    "guarantee": "outcome_promise",
    "avoid_surgery": "surgery_alternative",
    "no_risk": "safety_statement",
    "autologous_exempt": "own_cells_statement",
    "minimal_manip_361": "tissue_rule_statement",
    "pressure_offer": "limited_time_offer",
    "testimonial": "patient_story",
    "success_rate": "success_figure",
    "disease_serious": "serious_condition",
    "fake_trial": "trial_listing",
    "celebrity": "endorsement",
    "clinically_proven": "proof_statement",
    "anti_ageing": "ageing_statement",
    "exosome": "exosome_product",
    "immune_privileged": "rejection_statement",
    "tourism": "treatment_abroad",
    "superiority": "comparison",
    "legitimacy_tokens": "membership_or_award",
    "state_law_as_approval": "state_law_statement",
    "potency_quantity": "cell_count",
    "efficacy_disease": "effect_statement",
    "missing_notice": "notice_not_found",
    "durability": "durability_statement",
    "candidacy": "candidacy_statement",
    "recovery": "recovery_statement",
}

NAMES: dict[str, str] = {
    "fda_approval": "approval by the FDA",
    "fda_registered": "registration with the FDA",
    "cure_reversal": "cure or reversal",
    "guarantee": "guarantee",
    "avoid_surgery": "instead of surgery",
    "no_risk": "no risk",
    "autologous_exempt": "own cells, so exempt",
    "minimal_manip_361": "minimally manipulated, so exempt",
    "pressure_offer": "pressing offer",
    "testimonial": "patient's story",
    "success_rate": "success rate",
    "disease_serious": "serious disease",
    "fake_trial": "trial that sells",
    "celebrity": "celebrity",
    "clinically_proven": "clinically proven",
    "anti_ageing": "against ageing",
    "exosome": "exosomes",
    "immune_privileged": "no rejection",
    "tourism": "treatment abroad",
    "superiority": "better than others",
    "legitimacy_tokens": "memberships and awards",
    "state_law_as_approval": "state law as approval",
    "potency_quantity": "number and strength of cells",
    "efficacy_disease": "effect on a condition",
    "missing_notice": "required notice not found",
    "durability": "lasts",
    "candidacy": "everybody qualifies",
    "recovery": "fast recovery",
}
"""What staff call the categories: the wording that each of them stands for."""

CLAIMED_BY_NEGATION: frozenset[str] = frozenset(
    {
        *("no_risk", "immune_privileged", "avoid_surgery", "autologous_exempt", "minimal_manip_361", "guarantee"),
        *(
            "tourism",
            "recovery",
            "candidacy",
            "durability",
            "pressure_offer",
            "testimonial",
            "superiority",
            "potency_quantity",
        ),
    }
)
"""Categories whose claims are themselves made by denying something: a risk, a rejection, an operation, a delay."""

GRAVER_BY_ROUTE: frozenset[str] = frozenset(
    {
        *("efficacy_disease", "disease_serious", "cure_reversal", "no_risk", "exosome", "autologous_exempt"),
        *("minimal_manip_361", "immune_privileged", "anti_ageing", "potency_quantity"),
    }
)
"""Categories that are rated one step graver where the route is into a vein, the lungs, the eye or the nervous system.

Source: FDA, Regulatory Considerations for HCT/Ps (2020), which puts products given by such routes first.
"""

MAY_BE_TRUE: frozenset[str] = frozenset(
    {"fda_approval", "cure_reversal", "efficacy_disease", "disease_serious", "clinically_proven", "no_risk"}
)
"""Categories whose words are also those of a true statement about an approved product."""
