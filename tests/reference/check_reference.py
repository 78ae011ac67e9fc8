"""Checks the networks and the bilevel step of this folder against facts known from outside. Run: python check_reference.py

* numbers of parameters that the authors' code prints, and names that their checkpoints hold;
* the second-order gradient of alpha against exact differentiation through the virtual step.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch.func import functional_call

from architect import Architect, BilevelSettings
from darts_reference import EvaluationNetwork, SearchNetwork
from genotypes import DARTS_V2

SEARCH_PARAMETERS = 1_930_618  # 16 channels, 8 cells, CIFAR-10: "param size = 1.930618MB"
DARTS_V2_PARAMETERS = 3_349_342  # 36 channels, 20 cells, CIFAR-10, without auxiliary head: the paper's 3.3M
IMAGENET_PARAMETERS = 4_718_752  # 48 channels, 14 cells, ImageNet, without auxiliary head: the paper's 4.7M
IMAGENET_MULTIPLY_ADDS = 529_911_552  # of convolutions and classifier on 224x224; the paper counts more (574M)

NAMES = {
    "stem.0.weight": (48, 3, 3, 3),
    "stem.1.running_mean": (48,),
    "cells.0.preprocess0.op.1.weight": (16, 48, 1, 1),
    "cells.0.preprocess1.op.1.weight": (16, 48, 1, 1),
    "cells.3.preprocess0.conv_1.weight": (16, 64, 1, 1),
    "cells.3.preprocess0.bn.running_var": (32,),
    "cells.0._ops.3._ops.1.1.running_mean": (16,),
    "cells.0._ops.3._ops.4.op.1.weight": (16, 1, 3, 3),
    "cells.0._ops.3._ops.4.op.3.running_mean": (16,),
    "cells.0._ops.3._ops.4.op.3.num_batches_tracked": (),
    "cells.2._ops.0._ops.3.conv_2.weight": (16, 32, 1, 1),
    "classifier.weight": (10, 256),
}


IMAGENET_NAMES = {
    "stem0.0.weight": (24, 3, 3, 3),
    "stem0.1.running_mean": (24,),
    "stem0.3.weight": (48, 24, 3, 3),
    "stem0.4.bias": (48,),
    "stem1.1.weight": (48, 48, 3, 3),
    "stem1.2.running_var": (48,),
    "cells.0.preprocess0.conv_1.weight": (24, 48, 1, 1),
    "cells.0.preprocess1.op.1.weight": (48, 48, 1, 1),
    "cells.1.preprocess0.op.1.weight": (48, 48, 1, 1),
    "auxiliary_head.features.5.weight": (768, 128, 2, 2),
    "auxiliary_head.classifier.weight": (1000, 768),
}


def check_parameters() -> None:
    """Counts, names and shapes."""
    network = SearchNetwork(16, 10, 8)
    state = network.state_dict()
    expect("parameters of the search network", count(network), SEARCH_PARAMETERS)
    for name, shape in NAMES.items():
        expect(f"shape of {name}", tuple(state[name].shape), shape)
    expect("alphas in the state dict", [name for name in state if "alpha" in name], [])
    expect("affine normalisations of cells", [n for n, _ in network.cells.named_parameters() if n.endswith("bias")], [])
    final = EvaluationNetwork(36, 10, 20, True, DARTS_V2)
    expect("parameters of DARTS V2", count(final) - count(final.auxiliary_head), DARTS_V2_PARAMETERS)


def check_imagenet() -> None:
    """Counts, names and shapes of the ImageNet network."""
    network = EvaluationNetwork(48, 1000, 14, True, DARTS_V2, image_size=224, stem="imagenet").eval()
    expect("parameters of DARTS V2 on ImageNet", count(network) - count(network.auxiliary_head), IMAGENET_PARAMETERS)
    state = network.state_dict()
    for name, shape in IMAGENET_NAMES.items():
        expect(f"shape of {name}", tuple(state[name].shape), shape)
    expect("second normalisation of the auxiliary head", [n for n in state if ".features.6" in n], [])
    multiply_adds = 0

    def add(module: torch.nn.Module, _: object, output: torch.Tensor) -> None:
        nonlocal multiply_adds
        multiply_adds += output.numel() * module.weight[0].numel()

    for module in network.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            module.register_forward_hook(add)
    with torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    expect("multiply-adds of DARTS V2 on ImageNet", multiply_adds, IMAGENET_MULTIPLY_ADDS)


def check_second_order() -> None:
    """The finite difference of the architect against automatic differentiation of the same expression."""
    torch.manual_seed(0)
    settings = BilevelSettings(unrolled=True, learning_rate=0.1, radius=1e-4)
    network = SearchNetwork(2, 4, 3, steps=2).double()
    for name in ("alphas_normal", "alphas_reduce"):
        setattr(network, name, getattr(network, name).detach().double().requires_grad_())
    # A difference sees kinks, differentiation does not: no ReLU here, and a radius that maxima survive.
    for module in network.modules():
        for name, child in module.named_children():
            if isinstance(child, torch.nn.ReLU):
                setattr(module, name, torch.nn.Softplus())
    architect = Architect(network, settings)
    batches = [(torch.randn(6, 3, 8, 8).double(), torch.randint(4, (6,))) for _ in range(4)]
    architect.step(batches[0], batches[1])  # so that there is a momentum
    train, valid = batches[2:]

    parameters = dict(network.named_parameters())
    gradients = torch.autograd.grad(
        F.cross_entropy(network(train[0]), train[1]), list(parameters.values()), create_graph=True
    )
    virtual = {}
    for (name, theta), gradient in zip(parameters.items(), gradients):
        momentum = settings.momentum * architect.weight_optimizer.state[theta]["momentum_buffer"]
        virtual[name] = theta - settings.learning_rate * (momentum + gradient + settings.weight_decay * theta)
    loss = F.cross_entropy(functional_call(network, virtual, (valid[0],)), valid[1])
    exact = torch.cat(torch.autograd.grad(loss, network.arch_parameters()))
    found, _ = architect._unrolled_gradient(train, valid)
    error = ((torch.cat(found) - exact).norm() / exact.norm()).item()
    first_order = torch.cat(torch.autograd.grad(F.cross_entropy(network(valid[0]), valid[1]), network.arch_parameters()))
    distance = ((first_order - exact).norm() / exact.norm()).item()
    print(f"second-order gradient: relative error {error:.1e} (the first order is {distance:.1e} away)")
    if not error < 1e-6 < distance:
        raise SystemExit("Check failed: the second-order gradient differs from exact differentiation")


def count(module: torch.nn.Module) -> int:
    """Number of trainable scalars."""
    return sum(parameter.numel() for parameter in module.parameters())


def expect(what: str, found: object, expected: object) -> None:
    """Stops with one line unless both are equal."""
    if found != expected:
        raise SystemExit(f"Check failed: {what} is {found}, expected {expected}")
    print(f"{what}: {found}")


if __name__ == "__main__":
    check_parameters()
    check_imagenet()
    check_second_order()
