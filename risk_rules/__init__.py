"""Rules: deterministic and statistical predicates over the feature frame."""
