"""Sorts a customer's mail with one agent and lets another answer it, offline, on a made-up model.

A real model: `MODEL = "anthropic:claude-sonnet-4-5"`, with its key in ANTHROPIC_API_KEY.
Try: start it; then `tuiflow run support_triage "my parcel is late"`.
"""

from typing import Literal

import anyio
from pydantic import BaseModel

from tuiflow import Router, Step, StepInput, Workflow

try:
    from pydantic_ai import Agent
    from pydantic_ai.models.function import DeltaToolCall, FunctionModel
except ImportError:
    need = "support_triage needs pydantic-ai: python -m pip install 'tuiflow[agents]'"
    raise ImportError(need) from None

MAIL = "You charged my card twice for order 1042. Please send one of the two back today!"
WORDS = {"billing": ("charge", "card", "invoice"), "delivery": ("parcel", "late", "address")}


class Ticket(BaseModel):
    team: Literal["billing", "delivery", "support"]
    urgent: bool
    mail: str


async def pretend(messages, info):
    mail = str(messages[-1].parts[-1].content)
    if info.output_tools:
        team = next((t for t, ws in WORDS.items() if any(w in mail.lower() for w in ws)), "support")
        ticket = Ticket(team=team, urgent="today" in mail or "!" in mail, mail=mail)
        yield {0: DeltaToolCall(name=info.output_tools[0].name, json_args=ticket.model_dump_json())}
        return
    ticket = Ticket.model_validate_json(mail)
    for word in f"Our {ticket.team} team answers {'now' if ticket.urgent else 'soon'}.".split():
        await anyio.sleep(0.1)
        yield f"{word} "


MODEL = FunctionModel(stream_function=pretend)
sorter = Agent(MODEL, output_type=Ticket, instructions="Sort this mail: its team, and its haste.")
billing = Agent(MODEL, name="billing", instructions="Answer about money. Never promise an amount.")
delivery = Agent(MODEL, name="delivery", instructions="Answer about parcels. Name the next step.")
support = Agent(MODEL, name="support", instructions="Answer, or ask for what is missing.")


def take_mail(step_input: StepInput) -> str:
    return step_input.get_input_as_string() or MAIL


teams = [Step(agent=billing), Step(agent=delivery), Step(agent=support)]
answer = Router(
    name="answer", choices=teams, selector=lambda given: given.previous_step_content.team
)
sort = Step(name="sort", agent=sorter)
workflow = Workflow(name="support_triage", steps=[take_mail, sort, answer])
