"""The JSON interface: the same parameters, rows and counts as the page."""

import re
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.published.clinics import clinic_in_full, for_cards, listed, survivor_of
from clinics.published.filters import ClinicFilter
from clinics.published.search import counts
from clinics.published.serialisers import ClinicCardSerialiser, ClinicSerialiser, RemovedClinicSerialiser
from clinics.published.statements import shows_facts

PAGE_SIZE = 25
SLUG = re.compile(r"[A-Za-z0-9_-]{1,40}")
WRONG = OpenApiResponse(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "A parameter has a wrong value: its name, and what is wrong. No rows are given.",
)
NOT_THERE = OpenApiResponse(
    {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]},
    "Nothing public is there.",
)
MOVED = OpenApiResponse(description="Merged into the clinic at the address in `Location`.")
COUNTS = {
    "type": "object",
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
}
EITHER = PolymorphicProxySerializer(
    component_name="ClinicOrRemoved",
    serializers=[ClinicSerialiser, RemovedClinicSerialiser],
    resource_type_field_name=None,
)


class Pages(PageNumberPagination):
    """Twenty-five clinics a page; a page that is not there answers 404."""

    page_size = PAGE_SIZE

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The page's number; left empty, as an untouched field sends it, it is the first."""
        number = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "maxLength": 0}]}
        described = "Page of results, from 1."
        return [{"name": "page", "in": "query", "required": False, "description": described, "schema": number}]


class ClinicList(ListAPIView):
    """Listed clinics that answer the parameters. Wrong values answer 400 with a message for each."""

    serializer_class = ClinicCardSerialiser
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    filterset_class = ClinicFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Listed clinics with what a card shows."""
        return for_cards(listed())

    @extend_schema(responses={200: ClinicCardSerialiser(many=True), 400: WRONG, 404: NOT_THERE})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of those that answer; 404 for a page that is not there."""
        filters = ClinicFilter(request.query_params)
        if not filters.is_valid():
            return Response(filters.errors, status=400)
        ids = [int(clinic) for clinic in self.paginate_queryset(filters.answers) or ()]
        found = self.get_queryset().in_bulk(ids)
        in_order = [found[clinic] for clinic in ids if clinic in found]
        return self.get_paginated_response(self.get_serializer(in_order, many=True).data)


class ClinicDetail(APIView):
    """One clinic with all that is published about it."""

    @extend_schema(responses={200: EITHER, 301: MOVED, 404: NOT_THERE})
    def get(self, request: Request, public_id: str) -> Response:
        """Answers 404 for a clinic that is not public; for one that we removed, that we did.

        A clinic that was merged into another answers 301 with that one's address.
        """
        if not SLUG.fullmatch(public_id):
            raise Http404
        clinic = clinic_in_full(public_id, datetime.now(UTC).date())
        if clinic is None and (survivor := survivor_of(public_id)) is not None:
            address = reverse("api:clinic", args=[survivor])
            return Response(status=301, headers={"Location": request.build_absolute_uri(address)})
        if clinic is None:
            raise Http404
        serialiser = ClinicSerialiser if shows_facts(clinic) else RemovedClinicSerialiser
        return Response(serialiser(clinic, context={"request": request}).data)


class Facets(GenericAPIView):
    """For each facet and option: how many clinics would be found if it alone were chosen in its facet."""

    queryset = listed()
    filter_backends = [DjangoFilterBackend]
    filterset_class = ClinicFilter
    pagination_class = None

    @extend_schema(filters=True, responses={200: OpenApiResponse(COUNTS), 400: WRONG})
    def get(self, request: Request) -> Response:
        """Options that would find nothing are left out. Wrong values answer 400 with a message for each."""
        filters = ClinicFilter(request.query_params)
        if not filters.is_valid():
            return Response(filters.errors, status=400)
        return Response(counts(filters.search))
