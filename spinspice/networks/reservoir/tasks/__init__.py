"""Tasks of temporal computing: input, target, how the answer is judged, and the linear filter beside it."""

from spinspice.networks.reservoir.tasks.base import Answer, Task, delay_line, normalised, score_features
from spinspice.networks.reservoir.tasks.capacity import capacities, memory_capacity
from spinspice.networks.reservoir.tasks.channels import Channel, channel_task, jaeger_task
from spinspice.networks.reservoir.tasks.parity import parity_task
from spinspice.networks.reservoir.tasks.series import mackey_glass, mackey_glass_task, narma10, narma_task

__all__ = [
    "Answer",
    "Channel",
    "Task",
    "capacities",
    "channel_task",
    "delay_line",
    "jaeger_task",
    "mackey_glass",
    "mackey_glass_task",
    "memory_capacity",
    "narma10",
    "narma_task",
    "normalised",
    "parity_task",
    "score_features",
]
