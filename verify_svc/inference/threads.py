"""How many threads libraries work with. Imports nothing: it is to be read before any of them."""

ONE_THREAD_EACH = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
"""Variables that are to be 1. The number of processes is what scales: threads that wait for each other burn what
another clip could use."""
