"""Floor 5, the front door: every verb of the command line on one screen. Imports what a verb needs only when it is called.

Exit codes (spec: outputs.md, 'The command'): 0 done; 1 done, but a period could not be published, or a line of answers not be taken;
2 the call was wrong; 3 the home or the machine is not fit. Words go to standard output; with --json one JSON object does instead.
Progress goes to standard error.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps

import click

from data import command_words
from data.home import ENGINES, Home, HomeUnfit
from data.language import english, words
from data.outbox import FORMATS
from data.releases import NoSuchRelease

DONE, NOT_ALL, WRONG_CALL, UNFIT = range(4)
command_words.speak()
OPTIONS = words("[选项]", "[OPTIONS]")


def say(text: str) -> None:
    """Progress, for whoever watches."""
    click.echo(text, err=True)


def verb(function: Callable) -> Callable:
    """Options that every verb has, and its end: (exit code, facts for --json, lines for people)."""

    @click.option(
        "--home",
        "folder",
        metavar="DIR",
        help=words("数据目录（默认 LIANGXIN_HOME，否则 ./home）", "the home (default: LIANGXIN_HOME, else ./home)"),
    )
    @click.option("--json", "as_json", is_flag=True, help=words("以一个 JSON 对象输出结果", "print the result as one JSON object"))
    @wraps(function)
    def called(folder: str | None, as_json: bool, **options: object) -> None:
        code, facts, lines = function(Home.from_option(folder), **options)
        click.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines))
        sys.exit(code)

    said = words(*function.__doc__.split(" / ", 1))
    return front_door.command(name=function.__name__.rstrip("_"), help=said, options_metavar=OPTIONS)(called)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar=OPTIONS,
    subcommand_metavar=words("命令 [参数]…", "COMMAND [ARGS]..."),
    help=words("两新：把各部门报来的文件变成站得住的覆盖数据。", "Liangxin: a city's files in, coverage figures that hold."),
)
@click.version_option(package_name="liangxin")
def front_door() -> None:
    pass


@verb
@click.option("--units", type=click.IntRange(300, 3_000_000), default=196_000, show_default=True, help=words("市场主体数", "market units"))
@click.option(
    "--months", type=click.IntRange(1, 36), default=13, show_default=True, help=words("月数，到 2017-12 为止", "months, ending in 2017-12")
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=words("随机种子", "random seed"))
def sample(home: Home, units: int, months: int, seed: int):
    """写出一座虚构城市的报送文件、参考文件和答案 / write a made-up city with an answer key"""
    from pipelines.sample import write_sample

    facts = write_sample(home.path, units=units, months=months, seed=seed, say=say)
    return (
        DONE,
        facts,
        [
            words(
                f"已在 {home.path} 写出示例城市：{units} 个市场主体，{months} 个月。",
                f"A sample city of {units} market units and {months} months is in {home.path}.",
            )
        ],
    )


@verb
@click.option(
    "--period", "periods", multiple=True, metavar="YYYY-MM", help=words("只处理这些月份（可重复）", "only these periods (repeatable)")
)
@click.option(
    "--allow-incomplete", is_flag=True, help=words("被拒收的文件先搁置，照常发布", "set refused files aside, and publish without them")
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=None,
    help=words("本次所用的计算引擎（默认按 settings.toml）", "the engine of this run (default: what settings.toml names)"),
)
def run(home: Home, periods: tuple[str, ...], allow_incomplete: bool, engine: str | None):
    """读入新的或变动的文件，计算、核对、发布 / take in what is new or changed, compute, check, publish"""
    from data.periods import is_period
    from pipelines.running import run as run_pipeline

    _there(home)
    for period in periods:
        if not is_period(period):
            raise click.BadParameter(words(f"{period} 不是月份，应为 YYYY-MM", f"{period} is no month: YYYY-MM"))

    home = home.on_engine(engine) if engine else home
    result = run_pipeline(home, list(periods) or None, allow_incomplete, say)
    return (NOT_ALL if result.unpublished else DONE), result.facts(), result.lines()


@verb
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help=words("端口", "the port"))
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    metavar="IP",
    help=words("监听地址；127.0.0.1 以外须先设置登录", "the address; any other than 127.0.0.1 needs sign-in to be set up"),
)
def dashboard(home: Home, port: int, address: str):
    """打开看板，默认只在本机 127.0.0.1 / serve the dashboards, on 127.0.0.1 unless told otherwise"""
    from data.access import LOOPBACK, people, sign_in, sign_in_file

    how = sign_in(home)
    if how is None and address not in LOOPBACK:
        raise HomeUnfit(
            words(
                f"未设置登录，看板只能在 127.0.0.1 上打开。供他人访问须先写好 {sign_in_file(home)}，写法见 docs/access.md。",
                f"without sign-in the dashboards open on 127.0.0.1 alone. Write {sign_in_file(home)} first; docs/access.md says how.",
            )
        )
    url = how.redirect_uri.removesuffix("/oauth2callback") if how else f"http://{address}:{port}"
    say(words(f"看板地址 {url}（按 Ctrl-C 结束）", f"The dashboards are on {url} (Ctrl-C ends them)"))
    if how is None:
        say(
            words(
                "未设置登录：只有本机能打开，打开的人可查看全部内容。",
                "No sign-in is set up: this machine alone can open them, and whoever does sees everything.",
            )
        )
    elif not people(home).readers:
        say(
            words(
                "access.toml 中还没有人：谁都进不来。写法见 docs/access.md。",
                "access.toml lists nobody yet, so nobody gets in; see docs/access.md.",
            )
        )
    if how and url.startswith("http://") and how.host not in LOOPBACK:
        say(words("登录经未加密的 http 传送，请改用 https。", "Sign-in passes over plain http; use https."))
    served = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dashboards", "serve.py")
    os.environ["LIANGXIN_HOME"] = str(home.path)
    # This process becomes the server, so that whoever ends it ends the server; what the server says is progress, not a result.
    if click.get_current_context().params["as_json"]:
        click.echo(json.dumps({"address": url}))
    sys.stdout.flush()
    os.dup2(2, 1)
    options = [f"--server.address={address}", f"--server.port={port}", f"--secrets.files={sign_in_file(home)}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", served, *options])


@verb
@click.option("--period", required=True, metavar="YYYY-MM", help=words("期别", "the period"))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help=words("只写这种格式（可重复；默认三种都写）", "only this format (repeatable; all three without)"),
)
def briefing(home: Home, period: str, formats: tuple[str, ...]):
    """编写本期简报：月统计，季末加季通报，六月、十二月加半年督查 / write the period's briefings: monthly, quarterly, half-yearly"""
    from pipelines.briefing.writing import write

    _there(home)
    edition = lambda slip: {"edition": f"{slip.kind}-{slip.revision}-{slip.edition}-{slip.lang}"}  # noqa: E731
    log = lambda slip: _log(home, "exported", "briefings", f"{slip.period} {slip.revision}", edition(slip))  # noqa: E731
    written = write(home, period, formats or FORMATS, say, log=log)
    return DONE, written.facts(), written.lines()


@verb
@click.option("--table", required=True, metavar="T", help=words("表名", "the table"))
@click.option("--period", required=True, metavar="YYYY-MM", help=words("期别", "the period"))
@click.option(
    "--to",
    "file",
    required=True,
    type=click.Path(dir_okay=False),
    help=words("输出文件：.xlsx、.csv 或 .parquet", "the file: .xlsx, .csv or .parquet"),
)
def export(home: Home, table: str, period: str, file: str):
    """导出一张表 / write one table as xlsx, csv or parquet"""
    from dashboards.export import ExportRefused, export_table
    from dashboards.seen import at_the_machine

    release = at_the_machine(home, period)
    try:
        form = os.path.splitext(file)[1].lstrip(".").lower()
        log = lambda rows: _log(home, "exported", f"table:{table}", release.name, {"form": form}, rows)  # noqa: E731
        rows = export_table(release, table, file, log)
    except ExportRefused as error:
        raise click.UsageError(str(error)) from None
    facts = {"table": table, "period": release.period, "revision": release.revision, "rows": rows, "file": os.path.abspath(file)}
    return (
        DONE,
        facts,
        [words(f"{table}（{release.name}）共 {rows} 行，已写入 {file}。", f"{rows} rows of {table} ({release.name}) are in {file}.")],
    )


@verb
@click.argument("period")
@click.argument("revisions", nargs=-1, metavar=words("[前版 后版]", "[rA rB]"))
def diff(home: Home, period: str, revisions: tuple[str, ...]):
    """两个版本之间哪些数变了、为什么 / what moved between two revisions, and why"""
    from dashboards.revised import Difference, two_revisions
    from dashboards.seen import at_the_machine
    from data.words import Words

    if len(revisions) not in (0, 2):
        raise click.UsageError(words("请写两个版本，例如 r01 r02；或都不写。", "name two revisions, e.g. r01 r02, or none."))
    opener = lambda *named: at_the_machine(home, *named)  # noqa: E731
    old, new = two_revisions(home, opener, period, *revisions)
    say_in = Words("en" if english() else "zh")
    if old is None:
        only = say_in("revisions.only", period=period, name=new.revision)
        return DONE, {"period": period, "from": None, "to": new.revision}, [only]
    difference = Difference(home, old, new, opener)
    return DONE, difference.facts(), difference.lines(say_in)


@verb
@click.argument("code", metavar="CODE")
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help=words("每一边先列多少行", "how many rows to list of each side")
)
@click.option("--all", "everything", is_flag=True, help=words("全部列出", "list all rows"))
def explain(home: Home, code: str, limit: int, everything: bool):
    """打开一个数：口径、分子分母的各行、文件和行号 / a figure's definition, rows, files and lines"""
    from dashboards.explain import NoSuchFigure
    from dashboards.explain import explain as open_figure
    from dashboards.seen import at_the_machine
    from data.words import Words

    try:
        facts, lines = open_figure(
            home, code, None if everything else limit, Words("en" if english() else "zh"), lambda *named: at_the_machine(home, *named)
        )
    except NoSuchFigure as error:
        raise click.UsageError(str(error)) from None
    _log(home, "explained", "figure", f"{facts['period']} {facts['revision']}", {"code": facts["code"]})
    return DONE, facts, lines


@verb
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
def answers(home: Home, file: str):
    """读入区县填好的核查线索答复表 / take in a district's answered findings"""
    from pathlib import Path

    from data.releases import digest
    from pipelines.answers import take_answers
    from pipelines.reading.answer_forms import NoAnswerForm

    _there(home)
    _log(home, "answered", "answers", asked={"digest": digest(Path(file))})
    try:
        taken = take_answers(home, Path(file))
    except NoAnswerForm as error:
        raise click.UsageError(str(error)) from None
    return (NOT_ALL if taken.wrong else DONE), {"file": os.path.abspath(file), **taken.facts()}, taken.lines()


@verb
def verify(home: Home):
    """核对发布版本、简报与其清单一致，操作日志未被改动 / check releases and briefings against what was written, and the audit log"""
    from data.audit_log import verify as follow
    from data.outbox import verify as find_changed
    from data.releases import current, revisions
    from data.releases import verify as find_problems

    _there(home)
    problems = find_problems(home)
    seen = sum(len(revisions(home, period)) for period in current(home))
    briefings, changed = find_changed(home)
    problems += changed
    log, lang = follow(home), "en" if english() else "zh"
    found = [vars(problem) for problem in problems]
    found += [{"period": one.month, "revision": "audit", "what": one.said(lang)} for one in log.problems]
    facts = {"releases": seen, "briefings": briefings, "problems": found, "entries": log.entries}
    lines = [f"{problem.period} {problem.revision}: {problem.what}" for problem in problems] or [
        words(f"{seen} 个发布版本均与清单一致。", f"All {seen} releases are what their manifests say.")
    ]
    if briefings and not changed:
        lines.append(words(f"{briefings} 份简报均与写出时一致。", f"All {briefings} briefings are what was written."))
    lines += [one.said(lang) for one in log.problems]
    if log.last and not log.problems:
        # To be written down elsewhere: against this line the whole log can be held later on.
        n, last = log.entries, f"{log.last.number} {log.last.hash[:16]}"
        lines.append(words(f"操作日志链条完整，共 {n} 条，末条 {last}。", f"The audit log is whole: {n} entries, the last is {last}."))
    elif not log.problems:
        lines.append(words("没有操作日志。", "There is no audit log."))
    return (UNFIT if found else DONE), facts, lines


@verb
def doctor(home: Home):
    """检查本机和数据目录能否运行 / check that this machine and this home are fit"""
    from pipelines.doctor import examine

    checks = list(examine(home))
    fit = all(check.fit for check in checks)
    lines = [f"{'√' if check.fit else '×'} {check.what}" for check in checks]
    return (DONE if fit else UNFIT), {"fit": fit, "checks": [vars(check) for check in checks]}, lines


def call() -> None:
    """Every end is an exit code and, where it is no good one, one or two plain lines: never a traceback."""
    try:
        front_door(standalone_mode=False)
    except click.ClickException as error:
        say(words(f"命令有误：{error.format_message().rstrip('.。')}。", f"The call was wrong: {error.format_message()}"))
        sys.exit(WRONG_CALL)
    except NoSuchRelease as error:
        say(str(error))
        sys.exit(WRONG_CALL)
    except HomeUnfit as error:
        say(str(error))
        sys.exit(UNFIT)
    except (click.Abort, KeyboardInterrupt):
        say(words("已中断；已发布的内容不受影响，再次运行即可继续。", "Stopped. What is published stays as it is; run again to go on."))
        sys.exit(UNFIT)
    except OSError as error:
        say(
            words(
                f"读写失败：{error.strerror or error}（{error.filename or '?'}）。请检查磁盘和权限后再运行。",
                f"{error.filename or 'a file'}: {error.strerror or error}. See to the disk and its rights, and run again.",
            )
        )
        sys.exit(UNFIT)
    except Exception as error:
        say(_fault(error))
        sys.exit(UNFIT)


def _fault(error: Exception) -> str:
    """A damaged release, or a fault of this program: no traceback ever reaches a user, and no value that may be personal."""
    if type(error).__module__.startswith("polars") and type(error).__name__ == "ComputeError":
        return words(
            "发布版本中有文件已损坏，无法读取。请运行 liangxin verify 查明是哪一个，并从备份恢复。",
            "a file of a release is damaged and cannot be read. `liangxin verify` names it; restore it from a copy.",
        )
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}, {os.path.basename(last.filename)}:{last.lineno}"
    return words(
        f"程序内部错误（{where}）；已发布的内容不受影响。请把这一行告知维护人员。",
        f"A fault of the program ({where}); what is published stays as it is. Please report this line.",
    )


def _log(home: Home, did: str, what: str, release: str = "", asked: dict[str, str] | None = None, rows: int | None = None) -> None:
    """Into the audit log, before anybody has it: whoever works here is who the operating system says."""
    from data.access import ANYBODY_HERE
    from data.audit_log import AuditLog

    AuditLog(home).write(who=ANYBODY_HERE, did=did, what=what, release=release, asked=asked, rows=rows)


def _there(home: Home) -> None:
    """A home that is not there is a mistyped one, and no healthy empty one."""
    if not home.path.is_dir():
        raise HomeUnfit(
            words(
                f"数据目录 {home.path} 不存在。请核对 --home，或先建立目录并放入 landing 文件。",
                f"{home.path}: there is no such home. Check --home, or make the folder and put files into its landing/.",
            )
        )


def main() -> None:
    """Call, and leave at once: taking Dagster and Polars down in good order takes a second, and all that was open is closed by now."""
    try:
        call()
        code = DONE
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else UNFIT
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
