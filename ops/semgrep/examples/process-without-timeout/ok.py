import subprocess

subprocess.run(["qpdf", "--check", path], check=True, timeout=20)
subprocess.Popen(["press"])
