"""Makes hashwalk's formats known to other programs: one module a program."""
