"""The words and table contracts that every other room speaks."""
