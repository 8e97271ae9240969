"""The recorded site of a clinic, as far as being there proves that one is the clinic."""

from django.db.models import Q

from clinics.domain.own_site import mail_site, own_site
from clinics.models import Clinic


def token_site(clinic: Clinic) -> str:
    """The site on which a token proves that one is the clinic; "" where none is recorded that is the clinic's alone."""
    return _alone(clinic, own_site(clinic.website.url)) if clinic.website else ""


def mail_domain(clinic: Clinic) -> str:
    """The domain from which mail proves that one is the clinic; "" where there is none."""
    return _alone(clinic, mail_site(clinic.website.url)) if clinic.website else ""


def _alone(clinic: Clinic, site: str) -> str:
    """The site, unless another clinic is recorded with a website there: then it proves neither."""
    if not site:
        return ""
    there = Q(website__host__name__in=[site, f"www.{site}"]) | Q(website__host__name__endswith=f".{site}")
    return "" if Clinic.objects.living().exclude(pk=clinic.pk).filter(there).exists() else site
