"""Tables of points as people have them: what separates the cells, which columns count, what the labels mean."""
