from django.urls import path

from gamification import views

app_name = "gamification"
urlpatterns = [
    path("leaderboards/<str:period>/", views.leaderboard, name="leaderboard"),
    path("achievements/", views.show_achievements, name="achievements"),
]
