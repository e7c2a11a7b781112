import subprocess

subprocess.run(["pg_dump", name], timeout=5)
subprocess.Popen(["ls"])
