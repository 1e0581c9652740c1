"""A store of runs that loses nothing: shards while it runs, sorted Parquet files and a manifest when it is done."""
