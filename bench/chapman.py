"""The capture-recapture estimate on simulated populations: its bias, and how often its band holds the truth. `python -m bench.chapman`

What belongs here: the figures of docs/methods/capture-recapture.md. Two lists are drawn from a population of known size, independent
of each other or not, and the estimate is laid beside that size.
"""

import numpy as np

from transforms.measures.base_numbers import chapman

DRAWS = 10_000
# population, share on the first list, share on the second among those on the first, and among the others
CASES = (
    (100, 0.4, 0.3, 0.3),
    (1_000, 0.4, 0.3, 0.3),
    (20_000, 0.4, 0.3, 0.3),
    (20_000, 0.1, 0.08, 0.08),
    (1_000, 0.05, 0.05, 0.05),
    (20_000, 0.4, 0.4, 0.25),
    (20_000, 0.4, 0.6, 0.15),
    (20_000, 0.4, 0.2, 0.35),
)


def simulated(population: int, first: float, second_in: float, second_out: float, draws: int = DRAWS) -> tuple[float, float, float]:
    """(bias in per cent of the population, share of bands that hold it, mean width of a band in per cent)."""
    chance = np.random.default_rng(20171231)
    n1 = chance.binomial(population, first, draws)
    m = chance.binomial(n1, second_in)
    n2 = m + chance.binomial(population - n1, second_out)
    found = np.array([chapman(int(a), int(b), int(c)) for a, b, c in zip(n1, n2, m, strict=True)])
    estimate, low, high = found.T
    held = ((low <= population) & (population <= high)).mean()
    return float((estimate.mean() / population - 1) * 100), float(held), float(((high - low) / population).mean() * 100)


def main() -> None:
    print(f"{'population':>10} {'on 1':>6} {'on 2 | 1':>9} {'on 2 | not 1':>13} {'bias %':>8} {'band holds':>11} {'width %':>8}")
    for case in CASES:
        bias, held, width = simulated(*case)
        print(f"{case[0]:>10,} {case[1]:>6} {case[2]:>9} {case[3]:>13} {bias:>8.2f} {held:>11.3f} {width:>8.1f}")


if __name__ == "__main__":
    main()
