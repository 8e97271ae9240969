"""Addresses of the pages for visitors. Spanish ones stand under /es/."""

from django.urls import path

from clinics.directory import answers, compare, corrections, exports, feeds, insight, questions, understanding, views

app_name = "directory"
urlpatterns = [
    path("", views.search, name="search"),
    path("clinics/<slug:public_id>/", views.clinic, name="clinic"),
    path("clinics/<slug:public_id>/statements/<slug:claim_id>/", views.statement, name="statement"),
    path("clinics/<slug:public_id>/actions/<slug:action_id>/", views.official_action, name="official_action"),
    path("feed/", feeds.of_search, name="feed"),
    path("clinics/<slug:public_id>/feed/", feeds.of_clinic, name="clinic_feed"),
    path("data/clinics.json", exports.clinics_as_json, name="clinics_as_json"),
    path("data/directory.zip", views.dump, name="dump"),
    path("data/<slug:name>.csv", exports.table, name="table"),
    path("report/", corrections.report_what, name="report_what"),
    path("report/harm/", corrections.harm, name="harm"),
    path("report/case/<str:token>/", corrections.case, name="case"),
    path("report/case/<str:token>/proof/<slug:step>/", answers.proof, name="proof"),
    path("report/case/<str:token>/appeal/", corrections.appeal, name="appeal"),
    path("report/<slug:what>/", corrections.report, name="report"),
    path("corrections/", corrections.log, name="corrections"),
    path("clinics/<slug:public_id>/answer/", answers.answer, name="answer"),
    path("clinics/<slug:public_id>/questions/", questions.of_clinic, name="clinic_questions"),
    path("questions/", questions.in_general, name="questions"),
    path("compare/", compare.compare, name="compare"),
    path("understand/", understanding.index, name="understand"),
    path("understand/<slug:slug>/", understanding.page, name="understand_page"),
    path("insight/", insight.page, name="insight"),
    path("insight/<slug:key>.csv", insight.data, name="insight_data"),
    path("about/", views.about, name="about"),
    path("about/our-reader/", views.our_reader, name="our_reader"),
    path("about/data/", views.data, name="data"),
]
