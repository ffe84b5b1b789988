"""How the suite's property tests run: the same examples every time, no time limits, nothing kept on disk."""

from hypothesis import HealthCheck, settings


def steady(examples: int = 100) -> settings:
    """Settings of a property test that tries so many examples, the same ones in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.function_scoped_fixture,
            HealthCheck.data_too_large,
        ],
    )
