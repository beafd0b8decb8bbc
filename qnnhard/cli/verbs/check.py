"""``qnnhard check INSTANCE PARAMETERS``."""

import click

from qnnhard.cli.options import as_json, memory, timeout_of_all
from qnnhard.cli.output import print_json, say


@click.command("check", epilog="Example: qnnhard check instance.json parameters.json")
@click.argument("instance")
@click.argument("parameters")
@timeout_of_all
@memory
@as_json
def command(instance: str, parameters: str, as_json: bool) -> int:
    """Evaluate PARAMETERS on INSTANCE exactly; exit 0 if the loss is within the bound, else 1."""
    from instances.text.numbers import format_number, show_number
    from instances.training.evaluate import evaluate
    from instances.training.files import read_instance, read_parameters

    loaded = read_instance(instance)
    result = evaluate(loaded, read_parameters(parameters, loaded))
    wrong = [point + 1 for point in result.mismatched.nonzero()[0].tolist()]
    if as_json:
        print_json(
            {
                "accepted": result.accepted,
                "loss": format_number(result.loss),
                "bound": format_number(result.bound),
                "mismatched_points": wrong,
            }
        )
    else:
        relation = "within" if result.accepted else "above"
        word = "accepted" if result.accepted else "rejected"
        say(
            f"{word}: {loaded.loss} loss {show_number(result.loss)} is {relation} "
            f"the bound {show_number(result.bound)}"
        )
        if wrong:
            shown = ", ".join(map(str, wrong[:10])) + (", ..." if len(wrong) > 10 else "")
            say(f"mismatched data points: {shown}")
    return 0 if result.accepted else 1
