"""Times pyfixest on the panels that benches/panels.rs times, and compares the estimates.

Needs pyfixest, pandas and pyarrow. Each file is a Parquet panel with the columns
y, rta, ltar, cu, it, jt, ij; estimation is timed, reading is not.

    python benches/pyfixest_comparison.py g70x20.parquet g150x30.parquet ...
    cargo bench -p acquis-gravity -- g70x20.parquet g150x30.parquet ...
"""

import resource
import sys
import time

import pandas
import pyfixest


def main() -> None:
    for path in sys.argv[1:]:
        panel = pandas.read_parquet(path)
        times, processors = [], []
        for _ in range(3):
            started, before = time.perf_counter(), time.process_time()
            fit = pyfixest.fepois(
                "y ~ rta + ltar + cu | it + jt + ij",
                data=panel,
                vcov={"CRV1": "ij"},
                ssc=pyfixest.ssc(k_adj=False, G_adj=True),
            )
            times.append(time.perf_counter() - started)
            processors.append(time.process_time() - before)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{path}: median {sorted(times)[1]:.3f} s, "
            f"processors {sorted(processors)[1]:.3f} s, {memory:.0f} MB at most"
        )
        for name, estimate, error in zip(fit.coef().index, fit.coef(), fit.se()):
            print(f"    {name:8} {estimate:.10f} ({error:.10f})")


if __name__ == "__main__":
    main()
