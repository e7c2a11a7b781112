"""`python -m accreditation` is the console command."""

from accreditation.cli import main

main()
