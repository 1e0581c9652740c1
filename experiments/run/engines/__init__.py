"""Engines: where jobs run (this process, threads, worker processes, an executor, a cluster), behind one interface."""
