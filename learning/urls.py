from django.urls import path

from learning import views, views_beside

app_name = "learning"
urlpatterns = [
    path("path/", views.show_path, name="path"),
    path("path/insights/", views.show_insights, name="insights"),
    # /learn/<level>/<gate>/
    path("learn/<int:level>/<int:gate>/", views.gate, name="gate"),
    path("learn/<int:level>/<int:gate>/<int:number>/", views.block, name="block"),
    path("learn/<int:level>/<int:gate>/<int:number>/continue/", views.go_on, name="continue"),
    path("learn/<int:level>/<int:gate>/<int:checkpoint>/check/", views.check, name="check"),
    path("learn/<int:level>/<int:gate>/<int:reflection>/reflect/", views.reflect, name="reflect"),
    path(
        "learn/<int:level>/<int:gate>/<int:number>/charts/<int:which>.json",
        views.block_chart,
        name="block-chart",
    ),
    path("learn/<int:level>/<int:gate>/assessment/", views.assessment, name="assessment"),
    path("learn/<int:level>/<int:gate>/assessment/begin/", views.begin, name="begin"),
    path("figures/<str:digest>.webp", views.figure, name="figure"),
    path("learn/<int:level>/<int:gate>/bookmark/", views_beside.bookmark, name="bookmark"),
    path("learn/<int:level>/<int:gate>/notes/<slug:block>/", views_beside.note, name="note"),
    path("learn/<int:level>/<int:gate>/<int:number>/rating/", views_beside.rate_block, name="rate-block"),
    path("learn/<int:level>/<int:gate>/<int:number>/report/", views_beside.report_block, name="report-block"),
    # /attempts/<id>/
    path("attempts/<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("attempts/<uuid:attempt_id>/save/", views.save_answer, name="save-answer"),
    path("attempts/<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:attempt_id>/result/", views.result, name="result"),
    path("attempts/<uuid:attempt_id>/charts/<str:token>.json", views.attempt_chart, name="attempt-chart"),
    path(
        "attempts/<uuid:attempt_id>/questions/<int:number>/rating/",
        views_beside.rate_question,
        name="rate-question",
    ),
    path(
        "attempts/<uuid:attempt_id>/questions/<int:number>/report/",
        views_beside.report_question,
        name="report-question",
    ),
    path("glossary/", views_beside.show_glossary, name="glossary"),
    path("glossary/<slug:code>/", views_beside.show_term, name="term"),
    path("search/", views_beside.show_search, name="search"),
    path("notes/", views_beside.show_notes, name="notes"),
    path("reports/", views_beside.show_reports, name="reports"),
]
