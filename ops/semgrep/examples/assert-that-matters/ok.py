def pay(amount, person):
    assert person is not None
    if amount <= 0:
        raise ValueError("nothing to pay")
