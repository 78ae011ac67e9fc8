"""Architectures that fixtures and benchmarks use."""

from darts_reference import Genotype

# Holds every operation, at both strides where there are two.
EVERY_OPERATION = Genotype(
    normal=[
        ("sep_conv_3x3", 0),
        ("dil_conv_5x5", 1),
        ("skip_connect", 0),
        ("max_pool_3x3", 1),
        ("sep_conv_5x5", 2),
        ("avg_pool_3x3", 0),
        ("dil_conv_3x3", 3),
        ("skip_connect", 2),
    ],
    normal_concat=[2, 3, 4, 5],
    reduce=[
        ("max_pool_3x3", 0),
        ("skip_connect", 1),
        ("sep_conv_5x5", 0),
        ("avg_pool_3x3", 1),
        ("dil_conv_3x3", 2),
        ("skip_connect", 3),
        ("dil_conv_5x5", 0),
        ("sep_conv_3x3", 1),
    ],
    reduce_concat=[2, 3, 4, 5],
)

# The architecture that the paper calls DARTS V2, as its authors publish it.
DARTS_V2 = Genotype(
    normal=[
        ("sep_conv_3x3", 0),
        ("sep_conv_3x3", 1),
        ("sep_conv_3x3", 0),
        ("sep_conv_3x3", 1),
        ("sep_conv_3x3", 1),
        ("skip_connect", 0),
        ("skip_connect", 0),
        ("dil_conv_3x3", 2),
    ],
    normal_concat=[2, 3, 4, 5],
    reduce=[
        ("max_pool_3x3", 0),
        ("max_pool_3x3", 1),
        ("skip_connect", 2),
        ("max_pool_3x3", 1),
        ("max_pool_3x3", 0),
        ("skip_connect", 2),
        ("skip_connect", 2),
        ("max_pool_3x3", 1),
    ],
    reduce_concat=[2, 3, 4, 5],
)
