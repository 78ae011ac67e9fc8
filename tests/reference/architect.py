"""One bilevel step of DARTS: alpha follows the validation loss, then the weights follow the training loss.

Behaviour of the authors' `architect.py` and `train_search.py`: the virtual step of the second order counts momentum and
weight decay in and clips nothing; the Hessian-vector product is a central difference of radius 0.01 / |v| around the
weights of now; running statistics see the training batch three times in a second-order step (the virtual model is a copy).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from darts_reference import SearchNetwork


@dataclass(frozen=True)
class BilevelSettings:
    """Settings of the search, those of the paper by default."""

    learning_rate: float = 0.025
    momentum: float = 0.9
    weight_decay: float = 3e-4
    clip: float = 5.0
    alpha_learning_rate: float = 3e-4
    alpha_betas: tuple[float, float] = (0.5, 0.999)
    alpha_weight_decay: float = 1e-3
    unrolled: bool = False
    radius: float = 1e-2


Batch = tuple[Tensor, Tensor]


class Architect:
    """Holds both optimisers of a search network."""

    def __init__(self, model: SearchNetwork, settings: BilevelSettings):
        self.model = model
        self.settings = settings
        self.weight_optimizer = torch.optim.SGD(
            model.parameters(),
            lr=settings.learning_rate,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
        )
        self.alpha_optimizer = torch.optim.Adam(
            model.arch_parameters(),
            lr=settings.alpha_learning_rate,
            betas=settings.alpha_betas,
            weight_decay=settings.alpha_weight_decay,
        )

    def step(self, train: Batch, valid: Batch) -> dict[str, float]:
        """One step of alpha, then one of the weights; losses are those before each update."""
        alpha_loss = self._step_alpha(train, valid)
        self.weight_optimizer.zero_grad()
        loss = cross_entropy(self.model, train)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip)
        self.weight_optimizer.step()
        return {"alphaLoss": alpha_loss, "loss": loss.item(), "gradientNorm": norm.item()}

    def _step_alpha(self, train: Batch, valid: Batch) -> float:
        if self.settings.unrolled:
            gradients, loss = self._unrolled_gradient(train, valid)
        else:
            value = cross_entropy(self.model, valid)
            gradients, loss = torch.autograd.grad(value, self.model.arch_parameters()), value.item()
        for alphas, gradient in zip(self.model.arch_parameters(), gradients):
            alphas.grad = gradient
        self.alpha_optimizer.step()
        return loss

    def _unrolled_gradient(self, train: Batch, valid: Batch) -> tuple[list[Tensor], float]:
        rate = self.settings.learning_rate
        virtual = self._virtual_model(train)
        loss = cross_entropy(virtual, valid)
        count = len(self.model.arch_parameters())
        gradients = torch.autograd.grad(loss, [*virtual.arch_parameters(), *virtual.parameters()])
        implicit = self._hessian_vector_product(list(gradients[count:]), train)
        return [direct - rate * second for direct, second in zip(gradients[:count], implicit)], loss.item()

    def _virtual_model(self, train: Batch) -> SearchNetwork:
        """A copy of the model one step of its optimiser ahead."""
        parameters = list(self.model.parameters())
        gradients = torch.autograd.grad(cross_entropy(self.model, train), parameters)
        virtual = copy.deepcopy(self.model)
        with torch.no_grad():
            for theta, gradient, target in zip(parameters, gradients, virtual.parameters()):
                buffer = self.weight_optimizer.state[theta].get("momentum_buffer")
                velocity = gradient + self.settings.weight_decay * theta
                if buffer is not None:
                    velocity = velocity + self.settings.momentum * buffer
                target.copy_(theta - self.settings.learning_rate * velocity)
        return virtual

    def _hessian_vector_product(self, vector: list[Tensor], train: Batch) -> list[Tensor]:
        """Mixed second derivative of the training loss times a vector, by a central difference in the weights."""
        radius = self.settings.radius / torch.cat([part.flatten() for part in vector]).norm()
        original = [theta.detach().clone() for theta in self.model.parameters()]
        sides = []
        for sign in (1, -1):
            with torch.no_grad():
                for theta, start, direction in zip(self.model.parameters(), original, vector):
                    theta.copy_(start + sign * radius * direction)
            sides.append(torch.autograd.grad(cross_entropy(self.model, train), self.model.arch_parameters()))
        with torch.no_grad():
            for theta, start in zip(self.model.parameters(), original):
                theta.copy_(start)
        return [(above - below) / (2 * radius) for above, below in zip(*sides)]


def cross_entropy(model: SearchNetwork, batch: Batch) -> Tensor:
    """Mean loss of a batch."""
    images, labels = batch
    return F.cross_entropy(model(images), labels)
