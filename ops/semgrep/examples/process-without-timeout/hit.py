import subprocess

subprocess.run(["qpdf", "--check", path], check=True)  # hit
subprocess.check_output(["qpdf", "--version"])  # hit
