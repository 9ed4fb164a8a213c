"""One module a command, each with `execute(arguments) -> exit code`; imported when chosen."""
