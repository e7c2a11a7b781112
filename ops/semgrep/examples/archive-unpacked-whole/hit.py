import shutil

archive.extractall(folder)  # hit
shutil.unpack_archive(path, folder)  # hit
