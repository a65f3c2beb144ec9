"""Papers: what each contains, as values; how they become tagged PDF or pictures of pages."""
