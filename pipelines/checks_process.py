"""The checking process: the only file that imports Great Expectations. One question a line in, one answer a line out, until the input ends.

What belongs here: reading a file's columns into pandas, running a suite over it, and counting. No value of the data leaves this process,
neither in an answer nor in an error: what it reads holds pseudonyms and codes of units.
Started as a program by checks.py, so it imports nothing of the project: starting it must not wait for anything else.
"""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from typing import Any


class _Later(importlib.abc.MetaPathFinder):
    """Loads these modules when they are first used: half of the start-up goes into them, for expectations that we never ask for."""

    names = {"altair", "scipy.stats"}

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def main() -> None:
    # Answers go out on a private copy of standard output: a library that prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    sys.meta_path.insert(0, _Later())
    # Spark is an extra of ours; where it is installed, importing it here would take ten seconds more.
    sys.modules.setdefault("pyspark", None)  # type: ignore[arg-type]
    gc.disable()
    validate = _prepare()
    gc.freeze()
    gc.enable()
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = validate(question["path"], question["suite"])
        except Exception as error:  # the name only: messages of libraries may quote values
            answer = {"error": type(error).__name__}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _prepare():
    """Import Great Expectations and return the function that runs a suite over a file."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    # In memory, without usage statistics, without Data Docs: those load from the network.
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False), data_docs_sites={},
            analytics_enabled=False, progress_bars=ProgressBarsConfig(globally=False),
        ),
    )  # fmt: skip

    # Great Expectations builds the same configuration a hundred times an expectation, which takes half of a suite's time.
    build, kept = Expectation.configuration.fget, {}

    def configuration(self):
        if kept.get(id(self), (None,))[0] is not self:
            kept[id(self)] = self, build(self)
        return kept[id(self)][1]

    Expectation.configuration = property(configuration)

    def validate(path: str, suite: list[dict[str, Any]]) -> dict[str, Any]:
        frame = _frame(path)
        # Straight to a validator: a Batch takes a fingerprint of the whole frame twice, which takes four times as long as the checks.
        validator = Validator(execution_engine=PandasExecutionEngine(batch_data_dict={"draft": frame}), data_context=context)
        asked = [
            ExpectationConfiguration(type=item["kind"], kwargs=item["kwargs"], severity=item["severity"], meta={"name": item["name"]})
            for item in suite
        ]
        kept.clear()
        results = validator.graph_validate(
            configurations=asked, runtime_configuration={"result_format": {"result_format": "BASIC", "partial_unexpected_count": 0}}
        )
        # A result that raised comes first, whatever its place in the suite: hence by name.
        by_name = {result.expectation_config.meta["name"]: result for result in results}
        return {"rows": len(frame), "outcomes": [_outcome(item, by_name.get(item["name"])) for item in suite]}

    return validate


def _outcome(item: dict[str, Any], result: Any) -> dict[str, Any]:
    passed = result is not None and bool(result.success)
    unexpected = 0 if passed else _count(result)
    return {"name": item["name"], "severity": item["severity"], "passed": passed, "unexpected": unexpected}


def _count(result: Any) -> int | None:
    count = result.result.get("unexpected_count") if result is not None and result.result else None
    return None if count is None else int(count)


def _frame(path: str) -> Any:
    """The file as a pandas frame. Dates stay dates of the machine, not objects; text keeps Arrow's own storage."""
    import pyarrow as pa
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path) if path.endswith(".parquet") else pa.ipc.open_file(pa.memory_map(path)).read_all()
    # Polars writes text as views, which pandas does not know.
    schema = pa.schema(
        [pa.field(field.name, pa.large_string() if pa.types.is_string_view(field.type) else field.type) for field in table.schema]
    )
    return table.cast(schema).to_pandas(date_as_object=False, split_blocks=True, self_destruct=True)


if __name__ == "__main__":
    main()
