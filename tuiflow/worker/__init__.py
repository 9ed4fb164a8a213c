"""The inside of a worker process: started as `python -m tuiflow.worker`, imported by nobody."""
