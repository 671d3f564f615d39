"""A whole simulated pilot zone with planted schemes and known truth."""
