"""The example package is installed and tested as a third party would, not collected here."""

collect_ignore = ["hashwalk-example"]
