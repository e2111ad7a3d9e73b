import pytest

from zhiyin.act.candidates import candidates, of_the_day
from zhiyin.act.goals import ACTIONS, GOALS, goal_named, policy_of
from zhiyin.act.worth import worths
from zhiyin.core.errors import SettingsError


def test_a_goal_picks_its_questions() -> None:
    assert goal_named("retention").questions == ("churn", "spend_halves")
    assert goal_named("repurchase").questions == ("purchase", "category_raise", "campaign_answer")


def test_an_unknown_goal_lists_those_that_exist() -> None:
    with pytest.raises(
        SettingsError, match=r"There is no such goal\. Got profit\. Fix: Use one of conversion, repurchase, retention, service"
    ):
        goal_named("profit")


def test_the_policy_names_the_goal() -> None:
    assert policy_of("service") == "service-1"


def test_every_action_of_a_goal_can_be_built(shop, at) -> None:
    known = shop()
    worth = worths(known, at=at, horizon_days=28, currency="CNY")
    for goal in GOALS.values():
        found = candidates(known, worth, goal=goal, asked=of_the_day(known.predictions, at), at=at)
        assert set(found["action"]) <= set(goal.actions)
    assert {action for goal in GOALS.values() for action in goal.actions} == set(ACTIONS)
