"""Making a run: variants of every source, made and hashed in worker processes, resumable."""
