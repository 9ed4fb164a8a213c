"""What two workflows of the scenes ask for: fields of many kinds, lists of values and of models."""

from pydantic import BaseModel, JsonValue

DAILY_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "title": "DailyInput",
    "required": ["day"],
    "properties": {
        "day": {"type": "string", "format": "date", "description": "The day to load."},
        "region": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["eu-west", "us-east"],
        },
        "mode": {"enum": ["full", "delta"], "default": "full"},
        "limit": {"type": "integer", "minimum": 1, "default": 5000},
        "dry_run": {"type": "boolean", "default": False},
    },
}


class Shop(BaseModel):
    name: str
    counters: int = 1
    is_open: bool = True


class PricesInput(BaseModel):
    currencies: list[str] = ["EUR", "GBP"]
    shops: list[Shop] = [Shop(name="Utrecht", counters=3), Shop(name="Gent", is_open=False)]
    rates: list[float] = []


PRICES_SCHEMA: dict[str, JsonValue] = PricesInput.model_json_schema()
