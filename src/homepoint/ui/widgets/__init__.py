"""The reusable widgets, one module each; imported one by one so that the first paint stays cheap."""
