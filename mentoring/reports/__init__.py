"""The figures by which the programme is judged: what is counted, and how. See docs/reports.md."""
