"""What `liangxin dashboard` serves: `streamlit run dashboards/serve.py`. The pages themselves begin in app.py.

What belongs here: the web server's side only. Streamlit's script in the browser looks for its server below every page's address first
(`/districts/_stcore/health`) and logs an error for each miss; a page that is told where its server is does not look.
"""

from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from dashboards.addresses import PAGES

HERE = Path(__file__).parent
TELL = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+'/'}</script>"


def _page(request: Request) -> HTMLResponse:
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return HTMLResponse(index.replace("<head>", f"<head>{TELL}", 1), headers={"Cache-Control": "no-cache"})


def _first(request: Request) -> RedirectResponse:
    """The first page has no address of its own but `/`."""
    return RedirectResponse(request.url.replace(path="/"))


app = streamlit.App(HERE / "app.py", routes=[Route(f"/{PAGES[0]}", _first), *(Route(f"/{name}", _page) for name in PAGES[1:])])
