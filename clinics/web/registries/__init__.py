"""Registers that publish an interface for programs, one file each. They propose; people decide."""

from collections.abc import Mapping
from typing import Final

from clinics.web.registries.clinicaltrials import ClinicalTrials
from clinics.web.registries.crossref import Crossref
from clinics.web.registries.leie import Leie
from clinics.web.registries.nppes import Nppes
from clinics.web.registries.pubmed import PubMed
from clinics.web.registries.registry import Registry

REGISTRIES: Final[Mapping[str, Registry]] = {
    each.key: each for each in (Nppes(), ClinicalTrials(), PubMed(), Crossref(), Leie())
}
