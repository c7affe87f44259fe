"""Click's own sentences in Chinese: what it says of itself in help and of a wrong call.

What belongs here: those sentences, and handing them to Click. Click asks gettext for them, which reads compiled catalogues from a folder of
the system; here they are a table that can be read, put where Click's modules look for gettext's two functions.
"""

from importlib import import_module

import click

from data.language import english

MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types")
ZH = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "(dynamic)": "（运行时确定）",
    "%(prog)s, version %(version)s": "%(prog)s，版本 %(version)s",
    "Show the version and exit.": "显示版本后退出",
    "Show this message and exit.": "显示本说明后退出",
    "Try '{command} {option}' for help.": "用法见 {command} {option}。",
    "Error: {message}": "{message}",
    "Aborted!": "已中断。",
    "Missing command.": "没有写命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Invalid value: {message}": "值不合要求：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不合要求：{message}",
    "Could not open file {filename!r}: {message}": "文件 {filename} 打不开：{message}",
    "unknown error": "原因不明",
    "Got unexpected extra argument ({args})": "多写了参数：{args}",
    "Got unexpected extra arguments ({args})": "多写了参数：{args}",
    "Option {name!r} does not take a value.": "选项 {name} 不带值。",
    "Option {name!r} requires an argument.": "选项 {name} 要带一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 要带 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要带 {nargs} 个值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not {choice}.": "{value} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value} 不在可选之列：{choices}。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 的范围内。",
    "{value!r} is not a valid {number_type}.": "{value} 不是整数。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value} 不是是否值，可写：{states}",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在。",
    "{name} {filename!r} is a file.": "{name} {filename} 是文件，不是文件夹。",
    "{name} {filename!r} is a directory.": "{name} {filename} 是文件夹，不是文件。",
    "{name} {filename!r} is not readable.": "{name} {filename} 不可读。",
    "{name} {filename!r} is not writable.": "{name} {filename} 不可写。",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
}


def say(message: str) -> str:
    return message if english() else ZH.get(message, message)


def say_number(one: str, several: str, number: int) -> str:
    return say(one if number == 1 else several)


class Formatter(click.HelpFormatter):
    """Headings with the colon of the language; Click has its own built in."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}{':' if english() else '：'}\n")


def speak() -> None:
    """Click speaks as this program does from now on. Asked for at each sentence, so that a change of language is heard."""
    for name in MODULES:
        module = import_module(f"click.{name}")
        module._ = say
        if hasattr(module, "ngettext"):
            module.ngettext = say_number
    click.Context.formatter_class = Formatter
