"""One module a step, named by its order. A step that was shipped never changes."""
