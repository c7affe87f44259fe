"""The pages, one question a file. Each has `render(view)`; `app.py` lists them.

Not named `pages`: Streamlit takes a folder of that name beside the entry script for its older kind of multi-page app and, at
the first link to a page, runs that file alone without the frame.
"""
