"""What must be true of the stored data at any moment, stated one by one and checked by asking."""
