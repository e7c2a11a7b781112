for member in archive:
    keep(archive.extractfile(member))
