"""Celery: a task is one object for all calls."""

import celery

APPS = []
application = celery.Celery("shelf", broker="memory://", set_as_current=False)
application.conf.task_always_eager = True
SEEN = []


class Counting(celery.Task):
    name = "counting"

    def run(self):
        SEEN.append(self)


def served():
    """How many objects two calls of a task run on."""
    task = application.register_task(Counting())
    for _ in range(2):
        task.delay()
    return len({id(each) for each in SEEN})


LIVES = {"celery.Task": "served()"}
KINDS = {"celery.Task": lambda cls: "task" if issubclass(application.Task, cls) else ""}
