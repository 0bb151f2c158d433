"""The wait list of a tool, as the timer's request works it off."""

import datetime as dt

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from NEMO.models import Account, Project, Tool, ToolWaitList, UsageEvent, User
from two_requests import Answer, Scenario


def waiting() -> None:
    """A tool that Carol is using; Alice and Bob wait for it, in this order."""
    account = Account.objects.create(name="account")
    project = Project.objects.create(name="project", account=account)
    users = {
        name: User.objects.create(
            username=name, first_name=name, last_name=name, email=f"{name}@example.com"
        )
        for name in ("timer", "carol", "alice", "bob")
    }
    users["timer"].user_permissions.add(Permission.objects.get(codename="trigger_timed_services"))
    carol = users["carol"]
    mode = Tool.OperationMode.WAIT_LIST
    tool = Tool.objects.create(name="tool", _primary_owner=carol, _operation_mode=mode)
    start = timezone.now() - dt.timedelta(hours=2)
    UsageEvent.objects.create(user=carol, operator=carol, project=project, tool=tool, start=start)
    for name in ("alice", "bob"):
        ToolWaitList.objects.create(tool=tool, user=users[name])


def ended() -> None:
    """Carol's use of the tool ends."""
    UsageEvent.objects.update(end=timezone.now())


def free() -> None:
    """The tool is free since a moment ago; Alice and Bob wait for it."""
    waiting()
    ended()


def nobody() -> None:
    """Nothing happens; a day passes."""


def ask() -> Answer:
    """Who stands where after the timer's request."""
    client = Client()
    client.force_login(User.objects.get(username="timer"))
    response = client.get("/check_and_update_wait_list/")
    assert response.status_code == 200, response
    return [_standing(entry) for entry in ToolWaitList.objects.order_by("date_entered")]


def _standing(entry: ToolWaitList) -> str:
    if entry.expired:
        return f"{entry.user.username} has lost the spot"
    return f"{entry.user.username} {'may use it' if entry.last_turn_available_at else 'waits'}"


def renew() -> None:
    """The default ``now`` of the function becomes the present moment."""
    from NEMO.views import timed_services

    timed_services.do_check_and_update_wait_list.__defaults__ = (timezone.now(),)


SCENARIOS = {
    "use-ends": Scenario(waiting, ask, ended, renew),
    "spot-expires": Scenario(free, ask, nobody, renew),
}
