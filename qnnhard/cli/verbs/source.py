"""``qnnhard source PROBLEM``."""

import click

from qnnhard.cli.options import result_file, seed, settings, timeout_of_all
from qnnhard.cli.output import refuse_mixed_output, report_written


@click.command(
    "source",
    epilog="Example: qnnhard source 3-sat --set variables=50 --set clauses=213 --seed 7 -o f.cnf",
)
@click.argument("problem")
@settings
@seed
@timeout_of_all
@result_file
def command(problem: str, values: dict[str, str], seed: int, output: str, as_json: bool) -> None:
    """Generate a source instance of PROBLEM; `qnnhard list` has the parameters.

    PROBLEM may be a Python file with a reduction: the problem that it starts from is taken.
    """
    from instances.files import write_text
    from instances.problems.registry import PROBLEMS
    from instances.progress import stage
    from reductions.registry import get_reduction

    refuse_mixed_output(as_json, output)
    if problem.endswith(".py"):
        problem = get_reduction(problem).source_problem
    chosen = PROBLEMS.get(problem)
    with stage(f"generating {problem}"):
        made = chosen.generate(values, seed)
        content = chosen.write(made)
    write_text(output, content)
    summary = {"problem": chosen.name, "seed": seed, "settings": values}
    report_written(as_json, output, summary, f"{chosen.form.describe(made)}, seed {seed}")
