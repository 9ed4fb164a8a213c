"""Throws darts at a circle, turn after turn, until π is known well enough: about 20 seconds.

Try: start it, watch the four bars, then press `x` and `y`: it stops in the middle of a throw.
"""

from math import sqrt
from random import Random

from pydantic import BaseModel, Field

from tuiflow import Loop, Parallel, RunContext, Step, StepInput, Workflow

DARTS = 500_000  # in each branch and turn


class Search(BaseModel):
    precision: float = Field(0.00025, gt=0, description="the standard error that is good enough")
    seed: int = 1


class Tally(BaseModel):
    thrown: int = 0
    hits: int = 0


class Estimate(BaseModel):
    pi: float
    error: float
    tallies: dict[str, Tally]
    is_good: bool


def throw_darts(step_input: StepInput, run_context: RunContext) -> Tally:
    so_far: Estimate | None = step_input.previous_step_content
    before = so_far.tallies[run_context.step_name] if so_far else Tally()
    random = Random(f"{step_input.input.seed} {run_context.node_path}").random
    percents = (range(DARTS // 100) for _ in run_context.track(range(100)))
    hits = sum(random() ** 2 + random() ** 2 < 1 for percent in percents for _ in percent)
    return Tally(thrown=before.thrown + DARTS, hits=before.hits + hits)


def estimate_pi(step_input: StepInput, run_context: RunContext) -> Estimate:
    tallies: dict[str, Tally] = step_input.previous_step_content
    thrown = sum(tally.thrown for tally in tallies.values())
    share = sum(tally.hits for tally in tallies.values()) / thrown
    error = 4 * sqrt(share * (1 - share) / thrown)
    run_context.log(f"π ≈ {4 * share:.5f} ± {error:.5f} after {thrown:,} darts")
    is_good = error <= step_input.input.precision
    return Estimate(pi=4 * share, error=error, is_good=is_good, tallies=tallies)


throw = Parallel(*(Step(name=name, executor=throw_darts) for name in "abcd"), name="throw")
turns = Loop(
    name="turns",
    steps=[throw, estimate_pi],
    end_condition=lambda outputs: outputs[-1].content.is_good,
    max_iterations=99,
    forward_iteration_output=True,
)
workflow = Workflow(name="monte_carlo", description="Finds π", input_schema=Search, steps=[turns])
