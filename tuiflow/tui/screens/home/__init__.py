"""The home page: workflows and their runs, the step tree, and where the panes stand."""
