from django.urls import path

from learning import views

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
    # /attempts/<id>/
    path("attempts/<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("attempts/<uuid:attempt_id>/save/", views.save_answer, name="save-answer"),
    path("attempts/<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:attempt_id>/result/", views.result, name="result"),
    path("attempts/<uuid:attempt_id>/charts/<str:token>.json", views.attempt_chart, name="attempt-chart"),
]
