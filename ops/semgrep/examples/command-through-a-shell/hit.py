import os
import subprocess

subprocess.run(f"pg_dump {name}", shell=True, timeout=5)  # hit
subprocess.Popen("ls", shell=True)  # hit
os.system("rm " + name)  # hit
os.popen(command)  # hit
