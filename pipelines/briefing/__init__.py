"""Briefings: 月统计, 季通报, 半年督查. A release in; PDF, DOCX and XLSX out, into the outbox.

What belongs here: gathering the facts (reading.py), putting words to claims (sentences.py), composing each kind (month.py, quarter.py,
half_year.py), setting it (pdf.py, docx.py, xlsx.py, charts in chart.typ), writing it down (writing.py). What may be said is settled in
transforms/claims/.
"""
