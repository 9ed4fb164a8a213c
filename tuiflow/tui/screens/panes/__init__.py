"""What is shown, copied and opened of the node under the cursor."""
