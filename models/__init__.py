"""Models that judge a feature row, and what training, scan and API need of them."""
