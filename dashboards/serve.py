"""What `liangxin dashboard` serves: `streamlit run dashboards/serve.py`. The pages themselves begin in app.py.

What belongs here: the web server's side only; what every page begins with is in index_page.py. Who signs in is sent to the first page;
the browser remembers what the link asked for, and goes on to it.
"""

from importlib.resources import files
from pathlib import Path

import streamlit
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.routing import Route

from dashboards import index_page, warm
from dashboards.access import settle
from dashboards.addresses import PAGES
from dashboards.guard import Guard, signed_in
from dashboards.kept_files import keep_files
from data.home import Home

HERE = Path(__file__).parent
# sessionStorage: of this tab alone, and gone with it.
ASKED = "<script>sessionStorage.setItem('asked',location.pathname+location.search)</script>"
GO_ON = (
    "<script>{const to=sessionStorage.getItem('asked');sessionStorage.removeItem('asked');"
    "if(to&&to!='/'&&location.pathname=='/'&&!location.search)location.replace(to)}</script>"
)


class _Unknown(Convertor[str]):
    """What looks like a page and is none: an old link, or one that was mistyped. Streamlit opens its first page and says so."""

    regex = r"(?!healthz)[a-z][a-z_]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", _Unknown())
HOME = Home.from_option(None)
SIGN_IN = settle(HOME)


def _page(request: Request) -> HTMLResponse:
    more = "" if SIGN_IN is None else GO_ON if signed_in(request) else ASKED
    return HTMLResponse(index_page.document(request.query_params.get("lang"), more), headers={"Cache-Control": "no-cache"})


def _first(request: Request) -> RedirectResponse:
    """The first page has no address of its own but `/`."""
    return RedirectResponse(request.url.replace(path="/"))


def _plotly(request: Request) -> FileResponse:
    """For png.js, which makes pictures that are taken away: Streamlit keeps its own to itself."""
    script = files("plotly") / "package_data" / "plotly.min.js"
    return FileResponse(str(script), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


keep_files()
warm.begin(HOME)
app = streamlit.App(
    HERE / "app.py",
    routes=[
        Route("/", _page),
        Route("/plotly.js", _plotly),
        Route(f"/{PAGES[0]}", _first),
        *(Route(f"/{name}", _page) for name in PAGES[1:]),
        Route("/{name:page}", _page),
    ],
    middleware=[Middleware(Guard, host=SIGN_IN.host if SIGN_IN else None, home=HOME)],
)
