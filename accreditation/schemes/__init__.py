"""The standard as data: scheme files, their loader and the pure award rule."""
