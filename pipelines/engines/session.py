"""The Spark session: started, or found where spark-submit has started it; and why there can be none on this machine.

Who decides: SPARK_MASTER, else spark-submit or spark-defaults.conf, else it is all cores of this machine. What is set here is what any
cluster must agree with (UTC, ANSI, no user interface), and, for this machine alone, memory and temporary folders inside the home.
"""

import os
import re
import shutil
import subprocess
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from data.home import Home, HomeUnfit
from data.language import words

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = 17
# Of the home: all that Spark reads, writes and spills.
FOLDER, TEMPORARY = "spark", "tmp"
LOGGING = Path(__file__).with_name("log4j2.properties")


def obstacle() -> str | None:
    """Why Spark can't run here, in one line with the way out; None where it can."""
    if find_spec("pyspark") is None:
        return words(
            "未安装 Spark：请运行 .venv/bin/pip install '.[spark]'，或将 engine 设为 polars 或 duckdb。",
            "Spark is not installed: run .venv/bin/pip install '.[spark]', or set engine to polars or duckdb.",
        )
    found = _java()
    if found is None:
        return words(
            f"Spark 需要 Java {JAVA} 或更高版本，本机没有找到：请安装，或设置 JAVA_HOME。",
            f"Spark needs Java {JAVA} or later, and none is found: install it, or set JAVA_HOME.",
        )
    if found < JAVA:
        return words(
            f"Spark 需要 Java {JAVA} 或更高版本，本机为 Java {found}：请升级，或将 JAVA_HOME 指向新版本。",
            f"Spark needs Java {JAVA} or later, this is Java {found}: install a newer one, or point JAVA_HOME to it.",
        )
    return None


def _java() -> int | None:
    """The major version of the Java that Spark will take."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")
    if program is None:
        return None
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(version[1]) if version else None


def open_session(home: Home, memory: int) -> "tuple[SparkSession, bool]":
    """(the session, whether it was started here)."""
    from pyspark.sql import SparkSession

    # What it is afraid of is its own imitation of pandas, which nothing here uses.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    found = SparkSession.getActiveSession()
    if found is not None:
        return found, False
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
    }
    master = os.environ.get("SPARK_MASTER") or (None if _decided_elsewhere() else "local[*]")
    if master is not None:
        settings["spark.master"] = master
        if master.startswith("local["):
            settings |= _this_machine(home.path / FOLDER, memory)
    builder = SparkSession.builder.appName("liangxin")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # a master that does not answer, a port that is taken, memory that is not there
        raise HomeUnfit(
            words(
                f"Spark 无法启动（{_plain(error)}）。请检查 SPARK_MASTER、内存和 spark-defaults.conf。",
                f"Spark cannot be started ({_plain(error)}). Look at SPARK_MASTER, the memory and spark-defaults.conf.",
            )
        ) from None
    session.sparkContext.setLogLevel("ERROR")
    return session, True


def _decided_elsewhere() -> bool:
    """Whether spark-submit started this program, or a spark-defaults.conf names a master."""
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return True
    folders = [os.environ.get("SPARK_CONF_DIR"), os.path.join(os.environ["SPARK_HOME"], "conf") if "SPARK_HOME" in os.environ else None]
    files = [Path(folder) / "spark-defaults.conf" for folder in folders if folder]
    return any(re.search(r"^\s*spark\.master[\s=]", file.read_text(encoding="utf-8"), re.MULTILINE) for file in files if file.is_file())


def _this_machine(folder: Path, memory: int) -> dict[str, str]:
    """Local mode: one process, which listens to nobody else, and leaves nothing outside the home."""
    temporary = folder / TEMPORARY
    # What lies there was left by a run that was killed.
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    options = f'"-Djava.io.tmpdir={temporary}" -XX:-UsePerfData "-Dlog4j2.configurationFile={LOGGING.as_uri()}"'
    return {
        "spark.driver.memory": f"{memory >> 20}m",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": options,
        "spark.local.dir": str(temporary),
        "spark.sql.warehouse.dir": f"file://{folder.as_posix()}/warehouse",
    }


def _plain(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]
