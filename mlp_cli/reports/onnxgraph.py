"""The nodes of an ONNX graph, and each activation as standard operators, formula by formula."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike, DTypeLike

from mlp_cli.nn import Activation
from mlp_cli.nn.activations import SQNL, Identity, Softmax
from mlp_cli.nn.rectifiers import ELU, GELU, LeakyReLU, PReLU, Swish
from mlp_cli.nn.types import Floats

OPERATORS = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "arctan": "Atan"}


class Graph:
    """Nodes in the order they run, and the arrays that they read; values go by their names."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.arrays: list[Any] = []

    def array(self, values: ArrayLike, name: str = "", dtype: DTypeLike = np.float32) -> str:
        """Keep an array, or a number, in the graph."""
        name = name or f"constant{len(self.arrays)}"
        self.arrays.append(onnx.numpy_helper.from_array(np.array(values, dtype, order="C"), name))
        return name

    def node(self, operator: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """Add an operator on values; gives the name of what it makes."""
        name = name or f"{operator.lower()}{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def cast(self, value: str, dtype: DTypeLike) -> str:
        """The value in another type of numbers."""
        return self.node("Cast", value, to=onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def whole(self, *values: int) -> str:
        """Keep whole numbers (n,)."""
        return self.array(values, dtype=np.int64)

    def shaped(self, value: str, *shape: int) -> str:
        """The value in another shape."""
        return self.node("Reshape", value, self.whole(*shape))

    def scaled(self, value: str, by: float) -> str:
        """The value times a number."""
        return self.node("Mul", value, self.array(by))

    def plus_one(self, value: str) -> str:
        """The value and 1."""
        return self.node("Add", value, self.array(1))


def activate(graph: Graph, f: Activation, z: str, p: Floats) -> str:
    """Add f(z), given what the activation has learned."""
    match f:
        case Identity():
            return z
        case Softmax():
            return graph.node("Softmax", z, axis=1)
        case LeakyReLU():
            return graph.node("LeakyRelu", z, alpha=f.slope)
        case ELU():
            return graph.node("Elu", z, alpha=f.alpha)
        case PReLU():
            return graph.node("PRelu", z, graph.array(p))
        case Swish():
            return graph.node("Mul", graph.node("Sigmoid", z), z)
        case SQNL():
            c = graph.node("Clip", z, graph.array(-2), graph.array(2))
            return graph.node("Mul", graph.plus_one(graph.scaled(graph.node("Abs", c), -0.25)), c)
        case GELU():
            cube = graph.plus_one(graph.scaled(graph.node("Mul", z, z), f.K))  # 1 + kz²
            t = graph.node("Tanh", graph.scaled(graph.node("Mul", cube, z), f.C))
            return graph.node("Mul", graph.plus_one(t), graph.scaled(z, 0.5))
    return graph.node(OPERATORS[f.name], z)
