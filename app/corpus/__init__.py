"""Papers as their sources give them: reading, cleaning, recognising duplicates."""
