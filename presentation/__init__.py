"""Words, charts and page parts that console and reports share."""
