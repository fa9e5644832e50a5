"""The walkthrough shows true numbers, and names the lines of the code that made them."""

import contextlib
import math
import os
import pty
import re
import select
import subprocess
import sys

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.nn import ACTIVATIONS, LOSSES
from mlp_cli.nn.network import Network
from mlp_cli.reports.walkthrough import PAGES, descent, neuron, overfitting, slope
from mlp_cli.reports.walkthrough.page import ROOT, place

NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture(scope="module")
def digits():
    return open_dataset("mnist-5k", shipped.DATA)


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__)
def test_each_page_fits_a_terminal_and_names_lines_that_are_there(make, digits):
    page = make(digits)
    assert max(map(len, str(page).splitlines())) <= 100
    assert page.code
    for code in page.code:
        file, line, name = re.fullmatch(r"(.+):(\d+)  (.+)", place(code)).groups()
        # A decorated class begins at its first decorator.
        near = (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1 :][:3]
        assert any(re.search(rf"(def|class) {name.split('.')[-1]}\b", text) for text in near)


def test_the_neuron_is_the_tutorials():
    text = neuron.forward_pass(None).text
    z = 0.6 * 0.5 - 0.4 * 0.3 + 0.2 * 0.8 + 0.1
    assert f"z = Σ x · W + b          = {z:6.3f}" in text
    assert f"{1 / (1 + math.exp(-z)):6.3f}    target 1" in text


def test_every_activation_is_there():
    rows = {line.split()[0]: line for line in neuron.activations(None).text.splitlines() if line}
    assert set(ACTIVATIONS) <= set(rows)
    assert NUMBER.findall(rows["tanh"])[1] == f"{math.tanh(-1):.3f}"
    assert sum(map(float, NUMBER.findall(rows["softmax"]))) == pytest.approx(1, abs=0.002)


def test_every_loss_is_there():
    rows = {line.split()[0]: line for line in neuron.losses(None).text.splitlines() if line}
    assert set(LOSSES) <= set(rows)
    a = 1 / (1 + math.exp(-0.44))
    for name, value in {
        "cross_entropy": -math.log(a),
        "mse": (1 - a) ** 2,
        "mae": 1 - a,
        "hinge": 0.5,
    }.items():
        assert float(NUMBER.findall(rows[name])[0]) == pytest.approx(value, abs=1e-4)


def test_slopes_agree_with_differences_and_change_their_sign():
    *_, left, right, lowest = slope.loss_and_weight(None).text.splitlines()
    rows = [[float(number) for number in line.split()] for line in (left, right, lowest)]
    for _, backward, difference in rows:
        assert backward == pytest.approx(difference, abs=1e-5)
    assert rows[0][1] < 0 < rows[1][1]
    assert rows[2][1] == pytest.approx(0, abs=1e-5)


def test_a_step_is_the_rate_times_the_slope():
    for line in slope.one_step(None).text.splitlines()[5:]:
        _, _, slope_there, old, rate, again, new = map(float, re.findall(r"-?\d+(?:\.\d+)?", line))
        assert slope_there == again
        assert old - rate * slope_there == pytest.approx(new, abs=2e-4)


def test_rates_do_what_is_said_of_them():
    small, good, large = (slope._course(rate) for rate in slope.RATES)
    assert small[0] == good[0] == large[0]
    assert small[0] > small[-1] > 0.3 * small[0]
    assert good[-1] < 1e-6
    assert large[-1] > large[0]


def test_the_cost_is_the_mean_of_the_losses(digits):
    *losses, cost, chance = NUMBER.findall(descent.loss_and_cost(digits).text)
    each = list(map(float, losses[: descent.SHOWN]))
    assert np.mean(each) == pytest.approx(float(cost), abs=1e-4)
    assert float(chance) == pytest.approx(math.log(10), abs=1e-4)


def test_smaller_batches_take_more_steps(digits):
    rows = [line.split() for line in descent.batches(digits).text.splitlines()[5:]]
    assert [(row[0], int(row[1])) for row in rows] == [("1", 1500), ("32", 48), ("all", 3)]


def test_twenty_digits_are_learned_by_heart_and_dropout_helps(digits):
    text = overfitting.twenty_digits(digits).text
    without, with_dropout = (line for line in text.splitlines() if "of its own" in line)
    shares = [list(map(float, NUMBER.findall(line))) for line in (without, with_dropout)]
    assert shares[0][0] == 100
    assert shares[0][1] < 70
    assert shares[1][3] < shares[0][3]  # the loss on others


def test_the_command_prints_all_pages_where_nobody_can_type(mlp):
    done = mlp("walkthrough", "--step")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("── ") == len(PAGES)
    assert place(Network.forward) in done.out


@pytest.mark.parametrize(
    ("key", "code", "all_pages"),
    [(b" ", 0, True), (b"q", 0, False), (b"\x04", 0, False), (b"\x03", 130, False)],
    ids=str,
)
def test_on_a_terminal_a_key_goes_on_and_some_end_it(key, code, all_pages):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mlp_cli", "walkthrough", "--step"]
    walking = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux's way to say that nobody has the terminal any more
        while True:
            if select.select([ours], [], [], 0.2)[0]:
                shown += os.read(ours, 4096)
            elif b"any key goes on" in shown:
                os.write(ours, key)  # what comes before a program listens is dropped
    assert walking.wait() == code
    os.close(ours)
    assert (shown.count("── ".encode()) == len(PAGES)) == all_pages
